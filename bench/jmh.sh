#!/bin/sh
# Measures the policy alone with JMH: bench/jmh.sh [ARGUMENTS OF JMH], as in
#   bench/jmh.sh Decision -p shape=EGRESS -p rules=100000
#   bench/jmh.sh Compile -rff results.csv
# The benchmarks are classes of the package dev.exeat.bench.micro. JMH generates what runs them, which the build leaves
# out, because generated code does not keep the rules of this one.
set -eu
here=$(dirname -- "$(readlink -f -- "$0")")
. "$here/../launcher/find-jdk.sh"
exeat_find_jdk || exit 3
layout=$here/target/exeat-bench/lib
if [ -z "${EXEAT_NO_BUILD:-}" ]; then
  "$here/../mvnw" -B -q -DskipTests -Dspotless.check.skip=true -pl bench -am -f "$here/../pom.xml" package >&2
fi
rm -rf "$here/target/jmh"
mkdir -p "$here/target/jmh"
"$JAVA_HOME/bin/javac" -nowarn -proc:full -processor org.openjdk.jmh.generators.BenchmarkProcessor -parameters \
  -d "$here/target/jmh" -cp "$layout/*" "$here"/src/main/java/dev/exeat/bench/micro/*.java
exec "$JAVA_HOME/bin/java" -cp "$here/target/jmh:$layout/*" org.openjdk.jmh.Main "$@"
