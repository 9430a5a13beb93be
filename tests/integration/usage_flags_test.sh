#!/bin/bash
# usage_flags_test.sh BUILD_DIR SOURCE_DIR - UsageFlagsAreAccurate: of a real Debian tree in which a program is started, the index says of those components
# alone that an entrypoint reaches them which the view "usage" lists, and of the right one in the first place. STELLA_TEST_DATA is not needed.
set -u
build=$1 source=$2
stella=$build/bin/stella
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset SOURCE_DATE_EPOCH
export LC_ALL=C.UTF-8 XDG_CACHE_HOME=$work/cache
failures=0
fail() {
    echo "FAILED: $*"
    sed 's/^/    /' err 2>/dev/null | head -20
    failures=$((failures + 1))
}
cp -r "$source/tests/data/dpkg/bookworm" tree
mkdir -p tree/usr/bin
ln -s usr/bin tree/bin
for program in dash mawk; do cp /bin/true tree/usr/bin/$program; done # whatever is a program

# reached LAUNCHER EXPECTED UNEXPECTED ARGUMENT...: what the index says of a scan with these arguments
reached() {
    local launcher=$1 expected=$2 unexpected=$3
    shift 3
    "$stella" scan dir:tree --managed -q -o bom-index=index.bin "$@" >/dev/null 2>err || fail "stella scan $*"
    "$stella" scan dir:tree --managed -q --view usage -o purls "$@" >usage.purls 2>err || fail "stella scan --view usage $*"
    "$stella" index show --json index.bin >index.json 2>err || fail "stella index show"
    python3 - "$launcher" "$expected" "$unexpected" <<'PY' 2>err || fail "$*"
import json, sys
launcher, expected, unexpected = sys.argv[1:]
index = json.load(open("index.json"))
assert index["entrypoints"] == [launcher], index["entrypoints"]
used = [c["identity"] for c in index["components"] if c["entrypoints"]]
assert all(c["entrypoints"] in ([], [0]) for c in index["components"])
assert any(f"/{expected}@" in purl for purl in used), used
assert not any(f"/{name}@" in purl for purl in used for name in unexpected.split()), used
assert sorted(p for p in used if p.startswith("pkg:")) == open("usage.purls").read().split(), used
PY
}

echo "-- the program that is started"
reached /usr/bin/dash dash "mawk hostname base-files mount" --entrypoint /bin/dash --entrypoint -c --entrypoint 'exit 0'
reached /usr/bin/mawk mawk "dash hostname base-files mount" --entrypoint mawk --cmd BEGIN --env PATH=/usr/bin
grep -q 'pkg:deb/debian/dash' index.json || fail "the inventory lacks what is not used"

echo "-- the other way round"
"$stella" index show index.bin --entrypoint /usr/bin/mawk >out 2>err || fail "stella index show --entrypoint"
grep -q "pkg:deb/debian/mawk@" out || fail "what the entrypoint reaches is not shown"
grep -q "pkg:deb/debian/dash@" out && fail "what it does not reach is shown"

echo "-- the packages that own the libraries which it loads"
loader=$(readlink -f /lib64/ld-linux-x86-64.so.2 2>/dev/null)
if [ -n "$loader" ]; then # the lists of the tree are those of amd64
    multiarch=usr/lib/x86_64-linux-gnu
    mkdir -p tree/$multiarch tree/usr/lib64
    ln -s usr/lib tree/lib && ln -s usr/lib64 tree/lib64
    cp "$loader" tree/$multiarch/ld-linux-x86-64.so.2 && ln -s ../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 tree/usr/lib64/ld-linux-x86-64.so.2
    for library in libc.so.6 libpcre2-8.so.0 libselinux.so.1 libcrypt.so.1; do cp -L /lib/x86_64-linux-gnu/$library tree/$multiarch/$library; done
    cp /bin/ls tree/usr/bin/dash # needs libselinux, which needs libpcre2
    reached /usr/bin/dash libc6 "mawk libcrypt1 libgcc-s1" --entrypoint /usr/bin/dash
    for name in libselinux1 libpcre2-8-0; do grep -q "pkg:deb/debian/$name@" usage.purls || fail "$name is needed and not in the view"; done
    reached /usr/bin/dash libcrypt1 "mawk libgcc-s1" --entrypoint /usr/bin/dash --env LD_PRELOAD=libcrypt.so.1
fi

echo "-- without an entrypoint, and with one that is not there"
"$stella" scan dir:tree -q -o bom-index=none.bin >/dev/null 2>err || fail "stella scan"
"$stella" index verify none.bin 2>err | grep -q "16 components in 1 layers, 0 entrypoints" || fail "usage without an entrypoint"
"$stella" scan dir:tree -q -o bom-index=missing.bin --entrypoint /bin/nobody >/dev/null 2>err || fail "stella scan --entrypoint /bin/nobody"
"$stella" index verify missing.bin 2>err | grep -q "16 components in 1 layers, 0 entrypoints" || fail "usage of an entrypoint that is not there"

[ $failures -eq 0 ] || exit 1
