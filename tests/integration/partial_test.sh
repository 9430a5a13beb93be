#!/bin/bash
# partial_test.sh BUILD_DIR SOURCE_DIR - stella scan --partial: eStargz (tests/tools/make_estargz.py, a writer of the documented format)
# in a real registry: what the whole image gives, for a part of the bytes; tables of contents that lie.
set -u
stella=$1/bin/stella source=$2
for tool in docker-registry skopeo openssl python3 jq; do
    command -v $tool >/dev/null || { echo "FAILED: $tool is missing: scripts/setup test"; exit 1; }
done
work=$(mktemp -d) || exit 1
cd "$work" || exit 1
export HOME=$work/home XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache TMPDIR=$work/tmp
unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY DOCKER_CONFIG REGISTRY_AUTH_FILE XDG_RUNTIME_DIR
mkdir -p home tmp
failures=0
server=

finish() {
    exec 8>&-
    wait "$server"
    rm -rf "$work"
}
trap finish EXIT

fail() {
    echo "FAILED: $*"
    head -c 2000 err | sed 's/^/    /' | head -8
    failures=$((failures + 1))
}
expect() { # STATUS ARGUMENT...
    local status=$1 got
    shift
    timeout 120 "$stella" scan "$@" >out 2>err
    got=$?
    [ $got -eq "$status" ] || fail "stella scan $*: exit status $got, expected $status"
    [ -z "$(ls -A tmp)" ] || fail "stella scan $*: left in TMPDIR: $(ls -A tmp)"
}
says() { grep -qF -- "$1" err || fail "standard error does not say: $1"; }
fetched() { sed -n 's/.*read in part: \([0-9]*\) bytes fetched of [0-9]*$/\1/p' err; }
of_bytes() { sed -n 's/.*bytes fetched of \([0-9]*\)$/\1/p' err; }

mkfifo real.in
TMPDIR=/tmp "$source/tests/tools/real_registry.py" <real.in >real.out &
server=$!
exec 8>real.in
for _ in $(seq 600); do
    [ -s real.out ] && break
    sleep 0.1
done
read -r port _ <real.out || { echo "FAILED: the registry does not start"; exit 1; }
push() { # LAYOUT REPOSITORY OPTION...
    local layout=$1 repository=$2
    shift 2
    skopeo --insecure-policy copy -q --dest-tls-verify=false "$@" "oci:$layout:test:1" "docker://127.0.0.1:$port/$repository:1" ||
        fail "push of $repository"
}

# A system of two layers: a package database of several chunks with a second name, a great deal of what no analyzer asks for; then a
# removal, a marker, an upgrade.
mkdir -p base/etc base/var/lib/dpkg base/usr/share top/etc top/var/lib/dpkg
printf 'ID=debian\nVERSION_ID="12"\n' >base/etc/os-release
for i in $(seq 200); do
    printf 'Package: p%d\nStatus: install ok installed\nVersion: %d.0-1\nArchitecture: amd64\n\n' "$i" "$i"
done >base/var/lib/dpkg/status
sed '/^Package: p7$/,/^$/d' base/var/lib/dpkg/status >top/var/lib/dpkg/status
for i in $(seq 20); do
    head -c 100000 /dev/urandom >base/usr/share/noise$i
done
ln base/usr/share/noise1 base/usr/share/noise1-again
ln -s noise2 base/usr/share/noise-link
: >top/etc/.wh.motd
make() { "$source/tests/tools/make_estargz.py" "$@" || fail "make_estargz.py $*"; }
make honest honest base top
push honest test/honest --preserve-digests

echo "-- a part gives the packages of the whole, for a part of the bytes"
image=registry:127.0.0.1:$port/test/honest:1
expect 0 "oci-layout:honest" --no-cache -o purls=whole.purls -o json=whole.json
expect 0 "$image" --no-cache --partial -o purls=part.purls -o json=part.json
cp err part.err
cmp -s whole.purls part.purls || fail "other packages: $(diff whole.purls part.purls | head -3)"
[ "$(wc -l <part.purls)" = 199 ] || fail "$(wc -l <part.purls) packages instead of 199"
says "2 of 2 layers were read in part"
[ "$(fetched)" -lt 200000 ] || fail "$(fetched) bytes were fetched"
[ "$(of_bytes)" -gt 2000000 ] || fail "of $(of_bytes) bytes"
entries() { jq -r '.counters[] | select(.name == "entries").value' "$1"; }
[ $(($(entries whole.json) - $(entries part.json))) = 2 ] || # the tables themselves are entries of the archives
    fail "$(entries whole.json) entries in the whole, $(entries part.json) in the part"
jq -e '[.errors[] | select(.code == "partial")] | length == 2' part.json >/dev/null || fail "the result does not say that it is a part"
jq -e '.partial == true' part.json >/dev/null || fail "partial is not true"
jq -e 'has("partial") | not' whole.json >/dev/null || fail "the whole is said to be a part"

echo "-- what is learnt of a part is no knowledge of the whole"
expect 0 "$image" --partial -o json=cold.json
expect 0 "$image" --partial -o json=warm.json
[ "$(fetched)" = 0 ] || fail "$(fetched) bytes were fetched once more"
cmp -s cold.json warm.json && cmp -s cold.json part.json || fail "another result when it is remembered"
expect 0 "$image" -o json=after.json -v
says "layers read: 2, extended: 0, known: 0"
jq -e 'has("partial") | not' after.json >/dev/null || fail "a whole scan found what a part left"
expect 0 "$image" --partial -o json=known.json # of the whole, more is known
jq -e 'has("partial") | not' known.json >/dev/null || fail "the layers that are known are not used"
rm -rf cache

echo "-- zstd:chunked as skopeo writes it"
"$source/tests/tools/make_image.py" oci-layout plain plain:base plain:top || fail "make_image.py"
push plain test/chunked --dest-compress-format zstd:chunked
expect 0 "registry:127.0.0.1:$port/test/chunked:1" --partial --no-cache -o purls=part.purls -o json=part.json
cmp -s whole.purls part.purls || fail "zstd:chunked: other packages"
says "2 of 2 layers were read in part"
[ "$(fetched)" -lt 200000 ] || fail "zstd:chunked: $(fetched) bytes were fetched"
expect 0 "oci-layout:plain" --no-cache -o json=plain.json
[ "$(entries plain.json)" = "$(entries part.json)" ] ||
    fail "zstd:chunked: $(entries plain.json) entries in the whole, $(entries part.json) in the part"

echo "-- a server that sends no parts"
name() { jq -r "$1" "$2" | cut -d: -f2; }
manifest=$(name '.manifests[0].digest' honest/index.json)
mkdir -p www/v2/test/manifests www/v2/test/blobs
cp "honest/blobs/sha256/$manifest" www/v2/test/manifests/1
for blob in honest/blobs/sha256/*; do
    cp "$blob" "www/v2/test/blobs/sha256:${blob##*/}"
done
python3 -u -m http.server --bind 127.0.0.1 --directory www 0 >whole.out 2>whole.err &
whole=$!
for _ in $(seq 100); do
    [ -s whole.out ] && break
    sleep 0.1
done
expect 0 "registry:127.0.0.1:$(sed 's/.* port \([0-9]*\) .*/\1/;q' whole.out)/test:1" --partial --no-cache -v -o purls
cmp -s whole.purls out || fail "a server that sends no parts: other packages"
says "0 of 2 layers were read in part"
kill $whole

echo "-- layers like any other, targets that are no image in a registry"
expect 0 "registry:127.0.0.1:$port/test/image:1" --partial --no-cache -v -o json
says "0 of 3 layers were read in part"
says "layer 0: not read in part"
expect 2 "oci-layout:honest" --partial
expect 2 "$image" --partial --verify full

echo "-- tables of contents that lie"
lie() { # LIE STATUS MESSAGE
    make "$1" "$1" base top
    push "$1" "test/$1" --preserve-digests
    expect "$2" "registry:127.0.0.1:$port/test/$1:1" --partial --no-cache -o purls
    [ -z "${3-}" ] || says "$3"
}
lie toc-digest 3 "wrong digest of the table of contents"
lie chunk-digest 3 "wrong digest of a part of the layer"
lie outside 3 "outside the data"
lie size 3 "its chunks"
lie longer 3 "etc/os-release"
lie no-chunk 3 "no compressed data begins"
lie footer 3 "do not say where it is"
lie kind 3 "no known type"
lie dotdot 0
cmp -s whole.purls out || fail "dotdot: other packages"
lie hard-links 0
cmp -s whole.purls out || fail "hard links in a circle: other packages"
lie twice 0
cmp -s whole.purls out || fail "entries that are there twice: other packages"

[ $failures -eq 0 ] || { echo "$failures failed"; exit 1; }
