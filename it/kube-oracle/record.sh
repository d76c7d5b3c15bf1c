#!/usr/bin/env bash
# Records what a real API server answers to the commands of KubectlGoldenIT, and the schemas of its own kinds, which are
# part of the program; runs the tests of a Java client against that server, and prints what changed. Builds
# kube-apiserver, etcd and the newest kubectl from Go modules once (some minutes, a gigabyte of modules), starts them on
# loopback, installs the bundled CustomResourceDefinitions, and stops them at the end. Needs Go 1.24, openssl and curl.
# Beside the kubectl that it builds it records with those of the machine, or those that EXEAT_KUBECTLS lists, set apart
# by colons.
set -euo pipefail
for tool in go openssl curl; do
  command -v "$tool" >/dev/null || { echo "kube-golden: needs $tool" >&2; exit 1; }
done
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$root/target/kube-oracle
port=${PORT:-17443}
version=$(cd "$here" && go list -m -f '{{.Version}}' k8s.io/kubernetes)
minor=${version#v1.}
minor=${minor%%.*}
mkdir -p "$out/bin"

build() {
  local program=$1 package=$2 flags='-s -w'
  [ -x "$out/bin/$program" ] && return
  flags+=" -X k8s.io/component-base/version.gitVersion=$version"
  flags+=" -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=$minor"
  echo "building $program" >&2
  (cd "$here" && go build -trimpath -ldflags "$flags" -o "$out/bin/$program" "$package")
}
build kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver
build etcd go.etcd.io/etcd/server/v3
build "kubectl.1.$minor" k8s.io/kubernetes/cmd/kubectl
kubectl=$out/bin/kubectl.1.$minor

run=$(mktemp -d)
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$run"
}
trap stop EXIT

etcd=http://127.0.0.1:$((port + 1))
peer=http://127.0.0.1:$((port + 2))
"$out/bin/etcd" --data-dir "$run/etcd" --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
  --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer" \
  --unsafe-no-fsync >"$run/etcd.log" 2>&1 &
pids+=($!)
openssl genrsa -out "$run/sa.key" 2048 2>/dev/null
token=$(openssl rand -hex 16)
echo "$token,admin,admin,system:masters" >"$run/tokens.csv"
"$out/bin/kube-apiserver" --etcd-servers "$etcd" --bind-address 127.0.0.1 --secure-port "$port" \
  --cert-dir "$run/certs" --token-auth-file "$run/tokens.csv" --authorization-mode RBAC \
  --service-account-key-file "$run/sa.key" --service-account-signing-key-file "$run/sa.key" \
  --service-account-issuer https://oracle.test --service-cluster-ip-range 10.96.0.0/16 \
  --disable-admission-plugins ServiceAccount >"$run/apiserver.log" 2>&1 &
pids+=($!)
cat >"$run/kubeconfig" <<K
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:$port", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: "$token"}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
K
ready=
for _ in $(seq 600); do
  if ! kill -0 "${pids[1]}" 2>/dev/null; then break; fi
  ready=$(curl -sk -H "Authorization: Bearer $token" "https://127.0.0.1:$port/readyz" || true)
  [ "$ready" = ok ] && break
  sleep 0.2
done
if [ "$ready" != ok ]; then
  echo "kube-golden: the API server is not ready (PORT=N takes another port than $port)" >&2
  tail -5 "$run/apiserver.log" >&2
  exit 1
fi
kinds=$root/control/src/main/resources/dev/exeat/control/kinds
for path in api/v1 apis/{apps,authentication.k8s.io,authorization.k8s.io,autoscaling,certificates.k8s.io}/v1 \
  apis/{coordination.k8s.io,events.k8s.io,rbac.authorization.k8s.io}/v1; do
  "$kubectl" --kubeconfig "$run/kubeconfig" get --raw "/openapi/v3/$path" >"$run/${path//\//_}.json"
done
(cd "$here" && go run ./schemas "$run"/api*.json) >"$run/kubernetes.jsonl"
cp "$run/kubernetes.jsonl" "$kinds/kubernetes.jsonl"

"$kubectl" --kubeconfig "$run/kubeconfig" apply -f "$kinds/"
"$kubectl" --kubeconfig "$run/kubeconfig" wait --for=condition=Established crd --all --timeout=60s

answers=$root/it/src/test/resources/dev/exeat/it/golden/answers.txt
cp "$answers" "$run/before.txt"
cd "$root"
PATH="$out/bin:$PATH" ./mvnw -B -q -pl it -am verify -Dit.test=KubectlGoldenIT,JavaClientIT -Dtest=NoSuch \
  -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true "-Dexeat.real.kubeconfig=$run/kubeconfig"
if diff "$run/before.txt" "$answers"; then echo "the answers are as they were"; fi
