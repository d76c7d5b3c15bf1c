# Sourced by ./exeat and ./mvnw: sets JAVA_HOME to a JDK that can build and run Exeat,
# whatever `java` comes first on the PATH, or says what to install.
EXEAT_JDK=25

exeat_jdk_version() {
  # The release file answers without starting a JVM; a JDK without one is asked itself.
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p'
  fi
}

exeat_jdk_fits() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  _version=$(exeat_jdk_version "$1")
  [ -n "$_version" ] && [ "$_version" -ge "$EXEAT_JDK" ] 2>/dev/null
}

exeat_find_jdk() {
  _on_path=$(command -v java 2>/dev/null) &&
    _on_path=$(dirname "$(dirname "$(readlink -f "$_on_path")")")
  for _home in "${JAVA_HOME:-}" "$_on_path" /usr/lib/jvm/*"$EXEAT_JDK"* /usr/lib/jvm/* \
    /opt/java/* /opt/jdk* "${HOME:-}"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$_home" ] && exeat_jdk_fits "$_home"; then
      JAVA_HOME=$_home
      export JAVA_HOME
      return 0
    fi
  done
  echo "exeat: no JDK $EXEAT_JDK or newer found in JAVA_HOME, on the PATH or under /usr/lib/jvm." >&2
  echo "       Install one (for example the package temurin-$EXEAT_JDK-jdk or openjdk-$EXEAT_JDK-jdk), or set JAVA_HOME to it." >&2
  return 1
}
