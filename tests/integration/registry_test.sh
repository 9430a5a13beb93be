#!/bin/bash
# registry_test.sh BUILD_DIR SOURCE_DIR - images in registries through `stella scan`: a real one (tests/tools/real_registry.py), whose
# image gives the result that its layout gives, and one that misbehaves (tests/tools/bad_registry.py), named with its reason.
set -u
stella=$1/bin/stella source=$2
for tool in docker-registry skopeo openssl python3 jq; do
    command -v $tool >/dev/null || { echo "FAILED: $tool is missing: scripts/setup test"; exit 1; }
done
work=$(mktemp -d) || exit 1
cd "$work" || exit 1
export HOME=$work/home XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache TMPDIR=$work/tmp
unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY DOCKER_CONFIG REGISTRY_AUTH_FILE XDG_RUNTIME_DIR
mkdir -p home/.docker tmp
failures=0
servers=()

# They end with their standard input, which is a pipe that this script holds open.
finish() {
    exec 8>&- 9>&-
    wait "${servers[@]}"
    rm -rf "$work"
}
trap finish EXIT

fail() {
    echo "FAILED: $*"
    head -c 2000 err | sed 's/^/    /' | head -8
    failures=$((failures + 1))
}
# expect STATUS ARGUMENT...: result in out, messages in err; nothing may stay in TMPDIR, nor be known from before
expect() {
    local status=$1 got
    shift
    rm -rf cache
    timeout 120 "$stella" scan "$@" >out 2>err
    got=$?
    [ $got -eq "$status" ] || fail "stella scan $*: exit status $got, expected $status"
    [ -z "$(ls -A tmp)" ] || fail "stella scan $*: left in TMPDIR: $(ls -A tmp)"
    [ "$status" = 0 ] || [ ! -s out ] || fail "stella scan $*: a refused target has a result"
}
says() { grep -qF -- "$1" err || fail "standard error does not say: $1"; }
# The result without the name by which the image was asked for.
same_as() {
    diff <(jq 'del(.subject.name)' "$1") <(jq 'del(.subject.name)' out) >err || fail "$2: another result"
}

mkfifo real.in bad.in
TMPDIR=/tmp "$source/tests/tools/real_registry.py" <real.in >real.out &
servers+=($!)
exec 8>real.in
TMPDIR=/tmp "$source/tests/tools/bad_registry.py" <bad.in >bad.out &
servers+=($!)
exec 9>bad.in
for _ in $(seq 600); do
    [ -s real.out ] && [ -s bad.out ] && break
    sleep 0.1
done
read -r port tls ca layout <real.out || { echo "FAILED: the registry does not start"; exit 1; }
read -r bad _ <bad.out || { echo "FAILED: the bad registry does not start"; exit 1; }

echo "-- the same result from a registry as from a layout"
expect 0 "oci-layout:$layout" -o json
cp out layout.json
jq -e '[.. | strings] | index("pkg:deb/debian/alpha@1.0-1?arch=amd64&distro=debian-12")' layout.json >/dev/null ||
    fail "the layout's package is not found"
expect 0 "registry:127.0.0.1:$port/test/image:1" -o json
same_as layout.json "a registry"
expect 0 "localhost:$port/test/image@$(jq -r .subject.digest layout.json)" -o json
same_as layout.json "a bare reference with a digest"
expect 0 "registry:127.0.0.1:$port/test/many:1" --platform linux/amd64 -o json
same_as layout.json "an index"
expect 0 "registry:127.0.0.1:$port/test/docker:1" -o table
grep -q '^alpha ' out || fail "Docker's manifest: no package"

echo "-- TLS, an authority of one's own, a login"
expect 3 "registry:127.0.0.1:$tls/test/image:1"
says "certificate"
expect 3 "registry:127.0.0.1:$tls/test/image:1" --registry-ca "$ca"
says "docker login 127.0.0.1:$tls"
printf '{"auths":{"127.0.0.1:%s":{"auth":"%s"}}}' "$tls" "$(printf reader:secret | base64)" >home/.docker/config.json
expect 0 "registry:127.0.0.1:$tls/test/image:1" --registry-ca "$ca" -o json
same_as layout.json "TLS and a login"
expect 0 "registry:127.0.0.1:$tls/test/image:1" --insecure-registry 127.0.0.1 -o json
same_as layout.json "a registry named insecure"

echo "-- what a registry does wrong is named"
refused() { # STATUS REPOSITORY MESSAGE
    expect "$1" "registry:127.0.0.1:$bad/$2"
    says "$3"
}
refused 2 "x:y:z" "no repository name"
refused 3 wrong-digest "wrong digest"
refused 3 html "a web page"
refused 3 loop "redirected more than 5 times"
refused 3 no-platform "linux/arm/v7, windows/arm64"
refused 3 schema-1 "schema 1"
refused 3 endless "goes on behind"
refused 3 status-401 "docker login"
refused 3 status-403 "HTTP 403"
refused 3 status-404 "HTTP 404"
refused 5 status-429-long "try again in 3600 seconds"
refused 3 short-blob "10 bytes early"
refused 3 endless-blob "goes on behind"
expect 3 "registry:127.0.0.1:$port/test/many:1" --platform windows/amd64
says "linux/arm64, linux/amd64"

echo "-- a proxy"
export https_proxy=http://127.0.0.1:$bad
expect 3 registry:registry.invalid/x
says "CONNECT tunnel failed" # it is none
expect 0 "registry:127.0.0.1:$port/test/image:1"
no_proxy=.invalid expect 3 registry:registry.invalid/x
says "resolve host"

[ $failures -eq 0 ] || { echo "$failures failed"; exit 1; }
