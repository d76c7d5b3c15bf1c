#!/bin/sh
# Fuzzes the parsers by hand, a million inputs each unless told otherwise: see CONTRIBUTING.md. Run by `make fuzz`.
# Words: target=NAME[,NAME] inputs=N seed=N input=FILE answers=1; those without a value are left out.
set -eu
EXEAT_HOME=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
. "$EXEAT_HOME/launcher/find-jdk.sh"
exeat_find_jdk || exit 3

modules="hello policy identity proxy control"
work=$EXEAT_HOME/testkit/target/fuzz
mkdir -p "$work"
echo "fuzz: building" >&2
list=$(echo "$modules" | tr ' ' ',')
"$EXEAT_HOME/mvnw" -B -q -DskipTests -Dspotless.check.skip=true -pl "$list" -am test-compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -DincludeScope=test -Dmdep.outputFile=target/fuzz-classpath >&2 || exit 3

path=
for module in model flow net testkit $modules; do
  path=$path:$EXEAT_HOME/$module/target/classes
done
for module in $modules; do
  path=$EXEAT_HOME/$module/target/test-classes:$path:$(cat "$EXEAT_HOME/$module/target/fuzz-classpath")
done
terminal=
[ ! -t 1 ] || terminal=yes
exec "$JAVA_HOME/bin/java" -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=deny -cp "$path" dev.exeat.testkit.fuzz.Main "findings=$work" "terminal=$terminal" "$@"
