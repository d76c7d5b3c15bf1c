#!/bin/sh
# Makes cli/target/dist/exeat-VERSION-linux-ARCH.tar.gz: the program, a Java runtime of just the modules it needs, and
# caches of the classes its roles load, so that it starts without Maven or a JDK, and fast. Run by `make dist`.
# A cache is made by a training run: the role is started and used for a moment, then ended; the JVM writes at its end
# what it loaded (JEP 514). Needs curl and openssl for that.
set -eu
EXEAT_HOME=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
. "$EXEAT_HOME/launcher/find-jdk.sh"
exeat_find_jdk || exit 3
. "$EXEAT_HOME/launcher/build.sh"
exeat_build_if_needed || exit 3

say() { echo "dist: $*" >&2; }

# What jdeps finds, without java.desktop, which jackson-databind asks for only where it is there.
modules=java.base,java.naming,java.net.http,java.sql,jdk.httpserver,jdk.management,jdk.net,jdk.unsupported

version=$(sed -n 's/^.*<version>\(.*\)<\/version>.*$/\1/p' "$EXEAT_HOME/pom.xml" | head -n 1)
arch=$(uname -m)
dist=$EXEAT_HOME/cli/target/dist
name=exeat-$version-linux-$arch
home=$dist/$name
rm -rf "$dist"
mkdir -p "$home/bin" "$home/cache"

say "linking a runtime"
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --no-header-files --no-man-pages --output "$home/runtime" ||
  { say "jlink of $JAVA_HOME failed; a JDK with jlink and its modules is needed, for example temurin-25-jdk"; exit 3; }

cp -pR "$EXEAT_HOME/cli/target/exeat/lib" "$home/lib"
# Of the native libraries only this machine's, as a file, so that no start has to unpack it.
case "$arch" in aarch64) natives=linux-aarch_64 ;; *) natives=linux-$arch ;; esac
mkdir "$home/lib/tcnative"
for jar in "$home"/lib/netty-tcnative-boringssl-static-*-"$natives.jar"; do
  (cd "$home/lib/tcnative" && "$JAVA_HOME/bin/jar" -xf "$jar")
done
rm "$home"/lib/netty-tcnative-boringssl-static-*.jar
say "making the libraries cacheable"
"$JAVA_HOME/bin/java" "$EXEAT_HOME/launcher/Cacheable.java" "$home"/lib/bc*.jar "$home"/lib/picocli-*.jar
cp -p "$EXEAT_HOME/README.md" "$EXEAT_HOME/LICENSE" "$EXEAT_HOME/NOTICE" "$EXEAT_HOME/CHANGELOG.md" "$home"
cp -pR "$EXEAT_HOME/docs" "$EXEAT_HOME/samples" "$home"
cp -p "$EXEAT_HOME/launcher/exeat-dist" "$home/bin/exeat"
# The order of a class path is part of what a cache was made for. Exeat's own jars come first: what they hold is found
# without opening the others, of which the largest costs milliseconds.
(cd "$home/lib" && LC_ALL=C ls -- exeat-*.jar && LC_ALL=C ls -- *.jar | grep -v '^exeat-') >"$home/lib/class-path"

say "training"
"$EXEAT_HOME/launcher/train.sh" "$home"

say "packing"
tar -C "$dist" -czf "$dist/$name.tar.gz" "$name"
say "made $(du -h "$dist/$name.tar.gz" | cut -f1) $dist/$name.tar.gz"
