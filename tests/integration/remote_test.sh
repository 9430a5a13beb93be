#!/bin/bash
# remote_test.sh BUILD_DIR SOURCE_DIR - images that are not files: in a registry, in a daemon, on standard input.
set -u
build=$1 source=$2
stella=$build/bin/stella
work=$(mktemp -d) || exit 1
servers=()
clean_up() {
    kill "${servers[@]}" 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
cd "$work" || exit 1
export XDG_CACHE_HOME=$work/cache HOME=$work/home DOCKER_CONFIG=$work/docker
unset REGISTRY_AUTH_FILE XDG_RUNTIME_DIR XDG_CONFIG_HOME DOCKER_HOST CONTAINER_HOST
mkdir -p "$HOME" "$DOCKER_CONFIG"
failures=0

for tool in python3 docker-registry skopeo openssl; do
    command -v $tool >/dev/null || { echo "FAILED: $tool is needed (scripts/setup test)"; exit 1; }
done

fail() {
    echo "FAILED: $*"
    sed 's/^/    /' err 2>/dev/null | head -20
    failures=$((failures + 1))
}

# expect STATUS ARGUMENT...: runs stella scan; standard output in out, standard error in err
expect() {
    local status=$1
    shift
    timeout 60 "$stella" scan "$@" >out 2>err
    local got=$?
    [ $got -eq "$status" ] || fail "stella scan $*: exit status $got, expected $status"
}
says() { grep -qF -- "$1" err || fail "standard error does not say: $1"; }
says_not() { grep -qF -- "$1" err && fail "standard error says: $1"; }
finds() { grep -qF -- "$1" out || fail "the result lacks: $1"; }

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
await() { # COMMAND...: until it succeeds
    for _ in $(seq 100); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    fail "not ready: $*"
}

# Two layers: a Debian system with one package, and something large.
mkdir -p base/etc base/var/lib/dpkg more/srv
echo 'ID=debian' >base/etc/os-release
printf 'Package: curl\nStatus: install ok installed\nVersion: 7.88\nArchitecture: amd64\nMaintainer: A <a@example.org>\n\n' \
    >base/var/lib/dpkg/status
head -c 3000000 /dev/urandom >more/srv/noise
python3 "$source/tests/tools/make_image.py" docker-blobs image.tar gzip:base gzip:more || fail "make_image"
"$stella" scan image.tar --no-cache -q -o purls >plain.purls || fail "the archive itself"

echo "-- a registry"
port=$(free_port)
cat >registry.yml <<EOF
version: 0.1
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: "127.0.0.1:$port"}
EOF
docker-registry serve registry.yml >registry.log 2>&1 &
servers+=($!)
await python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/v2/')"
skopeo copy -q --dest-tls-verify=false docker-archive:image.tar "docker://localhost:$port/team/app:1" || fail "skopeo"
expect 0 "registry:localhost:$port/team/app:1" -o purls -v
cmp -s out plain.purls || fail "another result than the archive's"
says "layers read: 2"
expect 0 "localhost:$port/team/app:1" -o purls -v
says "no such file, so an image in a registry"
says "bytes read: 0"
says "known already"
cmp -s out plain.purls || fail "another result when it is known"
expect 3 "registry:localhost:$port/team/none:1"
says "not in the registry"
expect 3 "registry:localhost:$port/team/app:2"
expect 2 "registry:localhost:$port/team/app:1" -o no-such-format --no-cache
says "unknown format"
expect 3 ./no-such-file.tar
says "No such file"
says_not "registry"
expect 3 docker-archive:nothing.tar
says_not "registry"
expect 2 registry:
says "names no image"

echo "-- a registry whose blob is another"
blob=$(find registry -path '*blobs*' -name data -size +100k | head -1)
cp "$blob" kept && printf 'X' | dd of="$blob" bs=1 seek=1000 conv=notrunc 2>/dev/null
expect 3 "registry:localhost:$port/team/app:1" --no-cache
says "wrong digest: claimed sha256:"
says "layer 1"
cp kept "$blob"

echo "-- credentials"
printf '{"auths":{"localhost:%s":{"auth":"%s"}}}' "$port" "$(printf 'ann:secret-word' | base64)" >"$DOCKER_CONFIG/config.json"
expect 0 "registry:localhost:$port/team/app:1" --no-cache -v -o purls
says_not "secret-word"
echo '{"credHelpers":{"localhost:'"$port"'":"no-such-helper"}}' >"$DOCKER_CONFIG/config.json"
expect 3 "registry:localhost:$port/team/app:1" --no-cache
says "docker-credential-no-such-helper"
mkdir -p bin
printf '#!/bin/sh\nread server\necho "$server" >%s/asked\necho "{\\"Username\\":\\"bob\\",\\"Secret\\":\\"secret-word\\"}"\n' "$work" \
    >bin/docker-credential-test
chmod +x bin/docker-credential-test
echo '{"credHelpers":{"localhost:'"$port"'":"test"}}' >"$DOCKER_CONFIG/config.json"
PATH=$work/bin:$PATH expect 0 "registry:localhost:$port/team/app:1" --no-cache -v -o purls
grep -qx "localhost:$port" asked || fail "the helper was not asked for the registry"
says_not "secret-word"
echo '{"credsStore":"../../evil"}' >"$DOCKER_CONFIG/config.json"
expect 3 "registry:localhost:$port/team/app:1" --no-cache
says "no name of a credential helper"
rm "$DOCKER_CONFIG/config.json"

echo "-- TLS with an authority of one's own"
tls=$(free_port)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out ca.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
sed "s/127.0.0.1:$port\"/127.0.0.1:$tls\", tls: {certificate: ca.pem, key: key.pem}/" registry.yml >tls.yml
docker-registry serve tls.yml >tls.log 2>&1 &
servers+=($!)
await openssl s_client -connect "127.0.0.1:$tls" </dev/null
expect 3 "registry:localhost:$tls/team/app:1" --no-cache
expect 0 "registry:localhost:$tls/team/app:1" --no-cache --registry-ca ca.pem -o purls
cmp -s out plain.purls || fail "another result over TLS"
expect 0 "registry:localhost:$tls/team/app:1" --no-cache --insecure-registry "localhost:$tls" -o purls
expect 2 "registry:localhost:$tls/team/app:1" --no-cache --registry-ca key.missing
expect 2 "registry:localhost:$tls/team/app:1" --no-cache --registry-ca base/etc/os-release
says "holds no certificate"

echo "-- a daemon"
daemon() { # MODE
    rm -f daemon.sock daemon.out # the one before said ready too
    python3 "$source/tests/tools/fake_daemon.py" "$work/daemon.sock" image.tar "$1" >daemon.out 2>daemon.err &
    servers+=($!)
    await grep -q ready daemon.out
}
export DOCKER_HOST=unix://$work/daemon.sock CONTAINER_HOST=unix://$work/daemon.sock
expect 3 docker:app:1
says "no docker daemon can be reached at $work/daemon.sock"
daemon good
expect 0 docker:app:1 -o purls
cmp -s out plain.purls || fail "another result from docker"
expect 0 podman:app:1 -o purls
cmp -s out plain.purls || fail "another result from podman"
expect 3 docker:nothing:1
says "docker holds no such image"
daemon html
expect 3 docker:app:1
says "no API of docker"
daemon half
expect 3 docker:app:1 --no-cache
says "broke off after"
daemon broken
expect 3 docker:app:1
says "disk on fire"
daemon garbage
expect 3 docker:app:1
says "does not speak HTTP"
daemon silent
expect 5 docker:app:1 --timeout 2
daemon stalls
expect 5 docker:app:1 --timeout 2 --no-cache
DOCKER_HOST=tcp://127.0.0.1:1 expect 3 docker:app:1
says "only sockets of this machine"

echo "-- standard input"
for how in - docker-archive:-; do
    timeout 60 "$stella" scan "$how" -q -o purls <image.tar >out 2>err || fail "scan $how < file"
    cmp -s out plain.purls || fail "another result from a file on standard input"
    timeout 60 "$stella" scan "$how" -q -o purls < <(cat image.tar) >out 2>err || fail "scan $how < pipe"
    cmp -s out plain.purls || fail "another result from a pipe"
done
timeout 60 "$stella" scan - </dev/null >out 2>err && fail "an empty standard input is scanned"

[ $failures -eq 0 ] && echo "all passed"
exit $((failures > 0))
