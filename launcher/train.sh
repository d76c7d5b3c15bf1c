#!/bin/sh
# Uses the roles of the distribution in $1 for a moment, and has their JVMs write the caches of what they loaded.
# Everything runs on loopback, on free ports, in a directory that is removed at the end.
set -eu
home=$1
work=$(mktemp -d)
upstream= up= gateway= proxy=
# Without the profiles of JEP 515: they serve the second compiler, which is off, and have a start compile what it does not
# need yet. That costs 100 ms of CPU time and 3 MB.
train="-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining"
end() {
  for pid in $proxy $gateway $up $upstream; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM

fail() {
  echo "dist: training failed: $1" >&2
  tail -n 20 "$work"/*.err >&2 || true
  exit 1
}

# Waits for a condition, at most 30 s.
await() {
  what=$1
  shift
  tries=300
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail "waited in vain for $what"
    sleep 0.1
  done
}

address() { sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p" "$1"; }

mkdir "$work/manifests"
cp "$home"/samples/wikipedia/*.yaml "$home"/samples/sleep/*.yaml "$home"/samples/sleep/telemetry/*.yaml \
  "$home"/samples/sleep/policy/sni-serviceaccount.yaml "$work/manifests/"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=en.wikipedia.org \
  -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
openssl s_server -accept 127.0.0.1:0 -key "$work/key.pem" -cert "$work/cert.pem" -www >"$work/upstream.out" 2>&1 &
upstream=$!
await "the upstream" grep -q '^ACCEPT' "$work/upstream.out"
port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$work/upstream.out")

# Starts a role in the background, its JVM to write cache/ROLE.aot at its end.
start() {
  role=$1
  shift
  EXEAT_JAVA_OPTS="$train -XX:AOTCacheOutput=$home/cache/$role.aot" "$home/bin/exeat" "$role" "$@" --admin 127.0.0.1:0 \
    --ready-file "$work/$role.json" >"$work/$role.out" 2>"$work/$role.err" &
}

# Ends the role $1 with the process $2, and looks for its cache.
finish() {
  kill "$2"
  wait "$2" || fail "$1 did not end well"
  [ -s "$home/cache/$1.aot" ] || fail "the JVM of $1 wrote no cache"
}

# What every gateway is given.
set -- --manifests "$work/manifests" --compat mixer --tunnel 127.0.0.1:0 --plain 127.0.0.1:0 \
  --record-log "$work/records.jsonl" --connect-to "*.wikipedia.org:443:127.0.0.1:$port" \
  --allow-address "*.wikipedia.org=127.0.0.1/32"

start up --data-dir "$work/up" --api 127.0.0.1:0 "$@"
up=$!
await "up" test -s "$work/up.json"
server=https://$(address "$work/up.json" api)
bundle=$work/up/bundle.pem
"$home/bin/exeat" token create sleep -n default --data-dir "$work/up" >"$work/sleep.token"
"$home/bin/exeat" token create exeat-gateway -n exeat-system --data-dir "$work/up" >"$work/gateway.token"
"$home/bin/exeat" svid fetch --server "$server" --ca-file "$bundle" --token-file "$work/gateway.token" \
  --out "$work/svid" 2>"$work/svid.err" || fail "no SVID"
start gateway --svid-dir "$work/svid" --data-dir "$work/gateway" "$@"
gateway=$!
await "the gateway" test -s "$work/gateway.json"
start proxy --server "$server" --ca-file "$bundle" --token-file "$work/sleep.token" \
  --gateway "$(address "$work/gateway.json" tunnel)" --listen 127.0.0.1:0
proxy=$!
await "the workload proxy" test -s "$work/proxy.json"
listen=$(address "$work/proxy.json" listen)

page() { curl -fsSk "$@" >"$work/page" 2>"$work/curl.err" || fail "no page with curl $*"; }
page --proxy "http://$listen" https://en.wikipedia.org/
page --proxy "socks5h://$listen" https://de.wikipedia.org/
page --connect-to "::$(address "$work/up.json" plain)" https://fr.wikipedia.org/
curl -sk --proxy "http://$listen" https://unknown.example/ >"$work/page" 2>&1 && fail "an unknown host was reached"
for role in up gateway proxy; do
  page "http://$(address "$work/$role.json" admin)/metrics"
done
finish proxy $proxy
finish gateway $gateway
finish up $up
proxy= gateway= up=

EXEAT_JAVA_OPTS="$train -XX:AOTCacheOutput=$home/cache/cli.aot" "$home/bin/exeat" validate -f "$work/manifests" \
  >"$work/validate.out" 2>"$work/validate.err" || fail "the samples are not valid"
