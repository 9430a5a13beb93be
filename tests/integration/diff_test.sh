#!/bin/bash
# diff_test.sh BUILD_DIR SOURCE_DIR - two images made here are compared: as images, as results of scans, as SBOMs; what differs, below which layer, and
# the exit status. Broken results and SBOMs are refused.
set -u
build=$1 source=$2
stella=$build/bin/stella make=$source/tests/tools/make_image.py
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export SOURCE_DATE_EPOCH=1700000000 LC_ALL=C.UTF-8 XDG_CACHE_HOME=$work/cache
failures=0
fail() {
    echo "FAILED: $*"
    sed 's/^/    /' err out 2>/dev/null | head -30
    failures=$((failures + 1))
}
# expect STATUS ARGUMENT...: of stella diff; the result in "out"
expect() {
    local wanted=$1 got
    shift
    "$stella" diff "$@" -q >out 2>err
    got=$?
    [ $got -eq "$wanted" ] || fail "stella diff $*: exit status $got, expected $wanted"
}
says() { grep -qF -- "$1" "${2:-out}" || fail "does not say \"$1\""; }
# holds PYTHON: an assertion on the comparison "d" in "out"
holds() { python3 -c "import json; d = json.load(open('out')); assert $1, d" 2>err || fail "$1"; }

package() { printf 'Package: %s\nStatus: install ok installed\nVersion: %s\nArchitecture: amd64\nMaintainer: A <a@example.org>\nDescription: x\n\n' "$1" "$2"; }
module() {
    mkdir -p "$1"
    printf '{"name":"%s","version":"%s","license":"%s"}\n' "$(basename "$1")" "$2" "$3" >"$1/package.json"
}
system() { printf 'ID=debian\nVERSION_ID="%s"\nPRETTY_NAME="Debian %s"\n' "$1" "$1" >"$2/etc/os-release"; }

mkdir -p base/{etc,var/lib/dpkg} other/{etc,var/lib/dpkg} packages/var/lib/dpkg modules/usr/lib/node_modules
system 12 base
system 13 other
{ package alpha 1.0 && package beta 2.0; } >base/var/lib/dpkg/status
{ package alpha 1.0 && package beta 2.5; } >other/var/lib/dpkg/status
{ package alpha 1.1 && package beta 2.0 && package gamma 3; } >packages/var/lib/dpkg/status
module base/usr/lib/node_modules/left 1.0.0 MIT
module base/usr/lib/node_modules/gone 1.0.0 MIT
module modules/usr/lib/node_modules/left 1.0.0 ISC
touch modules/usr/lib/node_modules/.wh.gone
"$make" oci-layout old gzip:base && "$make" oci-layout new gzip:base gzip:packages plain:modules &&
    "$make" oci-layout moved gzip:other && "$make" oci-layout less gzip:base plain:modules || exit 1

# ---- images -----------------------------------------------------------------------------------------------------------

expect 1 oci-layout:old oci-layout:new -o json
cp out images.json
python3 -c 'import jsonschema' 2>/dev/null && { python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open("out")), json.load(open(sys.argv[1])))' "$source/docs/api/diff-0.schema.json" 2>err || fail "docs/api/diff-0.schema.json"; }
holds '[len(l["changes"]) for l in d["layers"]] == [1, 2, 1]'
holds '[(c["kind"], c["name"]) for l in d["layers"] for c in l["changes"]] == [("removed", "gone"), ("added", "gamma"), ("versionChanged", "alpha"), ("metadataChanged", "left")]'
holds 'd["summary"] == {"added": 1, "removed": 1, "versionChanged": 1, "metadataChanged": 1, "unchanged": 2}'
holds 'd["base"] == {"changed": False, "sharedLayers": 1} and d["generatedAt"] == "2023-11-14T22:13:20Z"'
holds 'd["oldImageDigest"].startswith("sha256:") and d["newImageDigest"].startswith("sha256:") and d["view"] == "inventory"'
holds '[c["removedLayerLast"]["index"] for l in d["layers"] for c in l["changes"] if c["name"] == "gone"] == [2]'
holds '[c["fields"] for l in d["layers"] for c in l["changes"] if c["name"] == "left"] == [[{"name": "licenses", "old": "MIT", "new": "ISC"}]]'
holds 'd["layers"][2]["index"] == 2 and d["layers"][2]["createdBy"] == "COPY layer 2"'
expect 1 oci-layout:old oci-layout:new -o json --no-cache
cmp -s out images.json || fail "the same images give other bytes"

expect 1 oci-layout:old oci-layout:less -o json
holds '[c["removedLayer"]["index"] for l in d["layers"] for c in l["changes"] if c["name"] == "gone"] == [1]'
expect 1 oci-layout:new oci-layout:old -o json
holds 'd["summary"] == {"added": 1, "removed": 1, "versionChanged": 1, "metadataChanged": 1, "unchanged": 2}'
expect 0 oci-layout:new oci-layout:new -o json
holds 'd["layers"] == [] and d["summary"]["unchanged"] == 5'

expect 1 oci-layout:old oci-layout:moved -o table
says 'base changed: Debian 12 -> Debian 13; 0 layers shared from the base on, of 1 old and 1 new'
says 'its layer is not in the new image'
expect 1 oci-layout:old oci-layout:new -o table=table.txt -o markdown=page.md --by-layer
says 'Layer 1 of the new image' table.txt
says '## Layer 1 of the new image' page.md
says '| added | gamma | deb | - | 3 | 1 |' page.md

"$stella" scan oci-layout:new -q --by-layer -o table >out 2>err || fail "stella scan --by-layer"
awk '/^Layer 1 .*: COPY layer 1$/ {at = 1} /^Layer 2/ {at = 0} at && /^gamma  / {found = 1} END {exit !found}' out || fail "gamma does not stand below its layer"

"$stella" explain oci-layout:new gamma -q >out 2>err || fail "stella explain"
says 'introduced by layer 1 (sha256:'
says 'proven by var/lib/dpkg/status'
says 'pulled in by test:1 -> '
"$stella" explain oci-layout:new absent -q >out 2>err
[ $? -eq 2 ] && says 'no component "absent"' err || fail "stella explain of what is not there"

# ---- results of scans, and SBOMs -----------------------------------------------------------------------------------------

for image in old new; do
    "$stella" scan oci-layout:$image -q -o json=$image.json -o cyclonedx-json=$image.cdx.json -o spdx-json=$image.spdx.json 2>err || fail "scan of $image"
done
expect 1 old.json new.json -o json
cmp -s out images.json || fail "results of scans are compared like the images"
expect 1 result:old.json oci-layout:new -o json
cmp -s out images.json || fail "a result and an image are compared like two images"
expect 1 old.cdx.json sbom:new.spdx.json -o json
holds '[c["name"] for l in d["layers"] for c in l["changes"] if c["kind"] in ("added", "removed", "versionChanged")] == ["gamma", "gone", "alpha"]'
holds 'd["base"]["sharedLayers"] == 0 and len(d["layers"]) == 1 and "index" not in d["layers"][0]'
expect 0 new.cdx.json new.cdx.json

# ---- what the image runs ----------------------------------------------------------------------------------------------------

tool() { # DIR VERSION...: a package that owns /bin/true, which the image runs
    mkdir -p "$1/bin" "$1/var/lib/dpkg/info"
    cp "$(type -P true)" "$1/bin/true"
    printf '/bin\n/bin/true\n' >"$1/var/lib/dpkg/info/tools.list"
    { package tools "$2" && package unused "$2"; } >"$1/var/lib/dpkg/status"
}
tool runs1 1.0
tool runs2 2.0
"$make" oci-layout runs1.image gzip:runs1 && "$make" oci-layout runs2.image gzip:runs2 || exit 1
expect 1 oci-layout:runs1.image oci-layout:runs2.image -o json
holds 'sorted((c["name"], len(c["views"])) for l in d["layers"] for c in l["changes"]) == [("tools", 2), ("unused", 1)]'
expect 1 oci-layout:runs1.image oci-layout:runs2.image --view usage -o json
holds 'd["view"] == "usage" and [c["name"] for l in d["layers"] for c in l["changes"]] == ["tools"]'

# ---- refusals -------------------------------------------------------------------------------------------------------------

head -c 3000 new.json >cut.json
expect 3 old.json cut.json
says 'the new result' err
printf '{"schema":"https://stella-ops.org/schema/result/0","components":[{"ref":7}]}' >wrong.json
expect 3 wrong.json new.json
says 'the old result: line 1' err
printf '{"bomFormat":"CycloneDX","components":[{"name":' >broken.cdx.json
expect 3 old.json broken.cdx.json
expect 3 old.json result:absent.json
expect 2 old.json new.json -o cyclonedx-json
says 'table, json, markdown' err
expect 2 - -
expect 2 old.json new.json --layer 0
expect 2 old.json
expect 2 old.cdx.json new.cdx.json --view usage
says 'the view usage has no answer' err
expect 5 old.json new.json -o json=absent/folder/file

[ $failures -eq 0 ] && echo "diff_test: all as expected"
exit $((failures > 0))
