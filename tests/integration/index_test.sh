#!/bin/bash
# index_test.sh BUILD_DIR SOURCE_DIR - stella index: what a scan writes is shown and verified, against SBOMs of the same scan too; what is none is
# refused, each time with its own words. STELLA_TEST_DATA is not needed.
set -u
build=$1 source=$2
stella=$build/bin/stella
fixtures=$source/docs/artifacts/bom-index/fixtures
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset SOURCE_DATE_EPOCH
export LC_ALL=C.UTF-8 XDG_CACHE_HOME=$work/cache
failures=0
fail() {
    echo "FAILED: $*"
    sed 's/^/    /' out err 2>/dev/null | head -20
    failures=$((failures + 1))
}
# expect STATUS WORDS ARGUMENT...: both streams are searched
expect() {
    local wanted=$1 words=$2
    shift 2
    "$stella" index "$@" >out 2>err
    local got=$?
    [ $got -eq "$wanted" ] || fail "stella index $*: exit status $got, expected $wanted"
    cat out err | grep -qF -- "$words" || fail "stella index $*: does not say \"$words\""
}

echo "-- the worked vector"
expect 0 "valid, 3 components in 2 layers, 2 entrypoints" verify "$fixtures/worked-vector.bin"
expect 0 "0-1       0-1          pkg:npm/b" show "$fixtures/worked-vector.bin"
expect 0 "pkg:npm/a" show "$fixtures/worked-vector.bin" --entrypoint /app/start.sh
grep -q pkg:npm/c out && fail "pkg:npm/c is shown, which /app/start.sh does not reach"
expect 0 "pkg:npm/c" show "$fixtures/worked-vector.bin" --component pkg:npm/c
grep -q pkg:npm/a out && fail "pkg:npm/a is shown, which nobody asked for"
expect 1 "" show "$fixtures/worked-vector.bin" --component pkg:npm/
expect 1 "no entrypoint /bin/sh" show "$fixtures/worked-vector.bin" --entrypoint /bin/sh
expect 1 "it has no usage" show "$fixtures/without-usage.bin" --entrypoint /bin/sh
"$stella" index show --json - <"$fixtures/worked-vector.bin" >out 2>err || fail "stella index show --json -"
python3 - <<'PY' 2>err || fail "stella index show --json"
import json
told = json.load(open("out"))
assert told["imageDigest"] == "sha256:image" and told["generatedAt"] == "2023-11-14T22:13:20Z", told
assert told["entrypoints"] == ["/app/init.sh", "/app/start.sh"], told
assert [(c["identity"], c["layers"], c["entrypoints"]) for c in told["components"]] == [
    ("pkg:npm/a", [0], [1]), ("pkg:npm/b", [0, 1], [0, 1]), ("pkg:npm/c", [1], [])], told
PY

echo "-- what is refused"
expect 1 "not a BOM-Index" verify "$fixtures/bad-magic.bin"
expect 1 "newer than this program" verify "$fixtures/bad-newer-version.bin"
expect 1 "it claims 2 layers, 65536 components" verify "$fixtures/bad-count.bin"
expect 1 "componentLayers/0: the file ends in it" verify "$fixtures/bad-truncated.bin"
expect 1 "components/2: out of order" verify "$fixtures/bad-order.bin"
expect 1 "the value 2, where there are 2" verify "$fixtures/bad-set.bin"
expect 1 "components/1: not UTF-8" verify "$fixtures/bad-utf8.bin"
expect 3 "not a BOM-Index" show "$fixtures/bad-magic.bin"
expect 3 "No such file" verify missing.bin
expect 3 "Is a directory" show .
expect 2 "not both" verify - --sbom -
printf 'BOMIDX1\1\0\0\0\4\0\33[2J' >escape.bin
head -c 20 /dev/zero >>escape.bin
expect 0 'x1b[2J' show escape.bin
grep -q $'\33' out && fail "an escape sequence goes to the terminal"

echo "-- a scan and its own SBOMs agree, and those of another do not"
tree=$source/tests/data/dpkg/bookworm
"$stella" scan "dir:$tree" -q -o bom-index=a.bin -o cyclonedx-json=a.cdx.json -o cyclonedx-xml=a.cdx.xml -o spdx-json=a.spdx.json -o spdx3-json=a.spdx3.json \
    >out 2>err || fail "stella scan"
for sbom in a.cdx.json a.cdx.xml a.spdx.json a.spdx3.json; do
    expect 0 "valid, 16 components" verify a.bin --sbom $sbom
done
expect 1 "not in the SBOM: pkg:npm/a" verify "$fixtures/worked-vector.bin" --sbom a.cdx.json
expect 1 "not in the index: pkg:deb/debian/dash" verify "$fixtures/worked-vector.bin" --sbom a.cdx.json
expect 3 "not an SBOM" verify a.bin --sbom a.bin
expect 0 "valid" verify a.bin --sbom - <a.cdx.json

echo "-- the same bytes again"
"$stella" scan "dir:$tree" --no-cache -q -o bom-index@1=b.bin >out 2>err || fail "stella scan"
cmp a.bin b.bin || fail "two scans of one tree differ"

[ $failures -eq 0 ] || exit 1
