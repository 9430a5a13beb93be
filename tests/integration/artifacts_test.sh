#!/bin/bash
# artifacts_test.sh BUILD_DIR SOURCE_DIR - stella scan --artifacts: the manifest names what is there, with right digests, sizes and media types, and nothing
# of an earlier run stays behind. STELLA_TEST_DATA is not needed.
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
cp /bin/true tree/usr/bin/dash

# holds DIR NAME...: these artifacts and no others, each as the manifest says
holds() {
    python3 - "$source/docs/api/artifacts-0.schema.json" "$@" <<'PY' 2>err || fail "$*"
import hashlib, json, os, sys, jsonschema
schema, folder, *names = sys.argv[1:]
manifest = json.load(open(f"{folder}/manifest.json"))
jsonschema.validate(manifest, json.load(open(schema)))
assert sorted(os.listdir(folder)) == sorted(names + ["manifest.json"]), os.listdir(folder)
assert [a["name"] for a in manifest["artifacts"]] == names, manifest
for artifact in manifest["artifacts"]:
    content = open(f"{folder}/{artifact['name']}", "rb").read()
    assert hashlib.sha256(content).hexdigest() == artifact["bytesSha256"], artifact
    assert len(content) == artifact["sizeBytes"], artifact
    view = artifact["name"].split(".")[0]
    if artifact["type"] == "image-sbom":
        assert artifact["view"] == view and artifact["mediaType"].endswith(f"; version=1.7; view={view}"), artifact
        if artifact["format"] == "cdx-json":
            assert json.loads(content)["specVersion"] == "1.7"
    else:
        assert content[:7] == b"BOMIDX1" and "view" not in artifact, artifact
PY
}
everything="inventory.cdx.json inventory.cdx.pb usage.cdx.json usage.cdx.pb bom-index.bin"

echo "-- with an entrypoint"
"$stella" scan dir:tree -q --artifacts a --entrypoint /bin/dash >out 2>err || fail "stella scan --artifacts"
[ -s out ] && fail "something goes to standard output that nobody asked for"
# shellcheck disable=SC2086 # these are words
holds a $everything
python3 - <<'PY' 2>err || fail "inventory and usage"
import json
lists = {view: {c.get("purl") for c in json.load(open(f"a/{view}.cdx.json"))["components"]} for view in ("inventory", "usage")}
assert lists["usage"] < lists["inventory"] and any("/dash@" in (purl or "") for purl in lists["usage"]), lists
PY
"$stella" index verify a/bom-index.bin --sbom a/inventory.cdx.json >out 2>err || fail "the index is not the inventory's"

echo "-- the same again, beside another output and whatever the view of that is"
"$stella" scan dir:tree -q --no-cache --artifacts b --view usage -o purls --entrypoint /bin/dash >out 2>err || fail "stella scan --artifacts -o"
diff -r a b >err || fail "two runs differ"
grep -q "pkg:deb/debian/dash@" out || fail "-o purls"
grep -q "pkg:deb/debian/mawk@" out && fail "--view usage does not hold for -o"

echo "-- without one nothing of usage is there, nor stays"
"$stella" scan dir:tree -q --artifacts a >out 2>err || fail "stella scan --artifacts"
holds a inventory.cdx.json inventory.cdx.pb bom-index.bin
"$stella" sbom convert b/inventory.cdx.json -q --artifacts c >out 2>err || fail "stella sbom convert --artifacts"
holds c inventory.cdx.json inventory.cdx.pb bom-index.bin

echo "-- of an image"
{ umoci init --layout images && umoci new --image images:app && umoci insert --image images:app tree / &&
    mkdir opt && echo more >opt/more && umoci insert --image images:app opt /opt &&
    umoci config --image images:app --config.entrypoint /bin/dash; } >out 2>err || fail "umoci"
"$stella" scan oci-layout:images:app -q --artifacts image >out 2>err || fail "stella scan oci-layout:"
# shellcheck disable=SC2086 # these are words
holds image $everything
"$stella" index show image/bom-index.bin --json >index.json 2>err || fail "stella index show"
python3 - <<'PY' 2>err || fail "what the index says of the image"
import json
blob = lambda digest: json.load(open("images/blobs/" + digest.replace(":", "/")))
digest = json.load(open("images/index.json"))["manifests"][0]["digest"]
index, manifest = json.load(open("index.json")), json.load(open("image/manifest.json"))
assert manifest["imageDigest"] == index["imageDigest"] == digest, (manifest, index, digest)
assert index["layers"] == [layer["digest"] for layer in blob(digest)["layers"]] and len(index["layers"]) == 2, index["layers"]
assert index["entrypoints"] == ["/usr/bin/dash"], index["entrypoints"]
dash = [c for c in index["components"] if "/dash@" in c["identity"]]
assert len(dash) == 1 and dash[0]["entrypoints"] == [0] and dash[0]["layers"] == [0], dash
PY

echo "-- what cannot be"
"$stella" scan dir:tree -q --artifacts tree/etc/os-release >out 2>err && fail "a file is taken for a directory"
"$stella" scan dir:tree -q --artifacts a -o json=a/bom-index.bin >out 2>err
[ $? -eq 2 ] || fail "two outputs in one file"
grep -q "name one file" err || fail "two outputs in one file: not said"

[ $failures -eq 0 ] || exit 1
