# Sourced by ./exeat: builds the program into cli/target/exeat/lib where it is missing or out of
# date. Progress goes to standard error, so that the output of a command stays clean.
EXEAT_LAYOUT="$EXEAT_HOME/cli/target/exeat"
EXEAT_STAMP="$EXEAT_LAYOUT/built"
EXEAT_BUILD_LOG="$EXEAT_HOME/cli/target/build.log"

# Whether one of the files and directories $2... or what is in them is newer than the file $1.
# Directories count too: removing a file changes them.
exeat_is_older() {
  _reference=$1
  shift
  [ -n "$(find "$@" -newer "$_reference" -print 2>/dev/null | head -n 1)" ]
}

exeat_is_built() {
  for _jar in "$EXEAT_LAYOUT"/lib/exeat-cli-*.jar; do
    [ -e "$_jar" ] || return 1
    # A program directory that cannot be written is taken as it is; so is one whose user says so.
    [ -n "${EXEAT_NO_BUILD:-}" ] && return 0
    [ -w "$EXEAT_HOME/cli/target" ] || return 0
    if [ -e "$EXEAT_STAMP" ]; then
      # Other dependencies leave old jars behind, unless this launcher builds.
      exeat_is_older "$EXEAT_STAMP" "$EXEAT_HOME"/pom.xml "$EXEAT_HOME"/*/pom.xml && return 1
      exeat_is_older "$EXEAT_STAMP" "$EXEAT_HOME"/*/src/main || return 0
    fi
    # Built by ./mvnw?
    exeat_is_older "$_jar" "$EXEAT_HOME"/pom.xml "$EXEAT_HOME"/*/pom.xml "$EXEAT_HOME"/*/src/main && return 1
    return 0
  done
}

exeat_build_if_needed() {
  exeat_is_built && return 0
  if [ -n "${EXEAT_NO_BUILD:-}" ]; then
    echo "exeat: not built, and EXEAT_NO_BUILD forbids to build; run $EXEAT_HOME/exeat version without it." >&2
    return 1
  fi
  if ! mkdir -p "$EXEAT_LAYOUT" 2>/dev/null || [ ! -w "$EXEAT_LAYOUT" ]; then
    echo "exeat: not built yet, and $EXEAT_HOME cannot be written; run ./exeat version there as its owner." >&2
    return 1
  fi
  # One build at a time; whoever waited finds the work done.
  (
    if command -v flock >/dev/null 2>&1; then
      flock -n 9 || {
        echo "exeat: waiting for another build to end" >&2
        flock 9
      }
    fi
    exeat_is_built || exeat_build
  ) 9>"$EXEAT_LAYOUT/lock"
}

# Lays the jars out beside the old ones and swaps them, so that a failed build breaks nothing.
exeat_build() {
  _began=$(date +%s)
  _fresh="$EXEAT_LAYOUT/fresh"
  rm -rf "$_fresh"
  mkdir "$_fresh"
  # The stamp is taken before the build: what is edited meanwhile is newer.
  : >"$_fresh/built"
  echo "exeat: building (log: $EXEAT_BUILD_LOG)" >&2
  _commit=$(git -C "$EXEAT_HOME" rev-parse --short=12 HEAD 2>/dev/null) || _commit=
  {
    "$EXEAT_HOME/mvnw" -B -DskipTests -Dspotless.check.skip=true "-Dexeat.commit=$_commit" \
      "-Dexeat.layout=$_fresh/lib" -pl cli -am package 9>&- && : >"$_fresh/complete"
  } 2>&1 | tee "$EXEAT_BUILD_LOG" | exeat_show_progress
  if [ ! -e "$_fresh/complete" ]; then
    rm -rf "$_fresh"
    grep -e '^\[ERROR\]' -e '^mvnw:' "$EXEAT_BUILD_LOG" | head -n 5 >&2
    echo "exeat: the build failed; all of its output is in $EXEAT_BUILD_LOG" >&2
    return 1
  fi
  rm -rf "$EXEAT_LAYOUT/lib"
  mv "$_fresh/lib" "$EXEAT_LAYOUT/lib"
  mv "$_fresh/built" "$EXEAT_STAMP"
  rm -rf "$_fresh"
  echo "exeat: built in $(($(date +%s) - _began)) s" >&2
}

# Turns Maven's output into a line for each module: on a terminal one line that is overwritten.
exeat_show_progress() {
  if [ -t 2 ]; then
    _form='\r\033[Kexeat: building %s %s'
  else
    _form='exeat: building %s %s\n'
  fi
  while IFS= read -r _line; do
    case "$_line" in
      '[INFO] Building '*'['*/*']')
        _module=${_line#'[INFO] Building '}
        # shellcheck disable=SC2059
        printf "$_form" "${_module##* }" "${_module%% *}" >&2
        ;;
      '[INFO] Downloading from '* | 'Downloading from '*)
        [ ! -t 2 ] || printf '\r\033[Kexeat: downloading %s' "${_line##*/}" >&2
        ;;
    esac
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
}
