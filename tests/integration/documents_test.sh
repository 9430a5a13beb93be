#!/bin/bash
# documents_test.sh BUILD_DIR SOURCE_DIR - SBOMs in place of images: a scan and the scan of its own SBOM agree; what needs layers is refused; what is
# no SBOM is said to be none. STELLA_TEST_DATA is not needed.
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
scan() { "$stella" scan "$@" -q >out 2>err || fail "stella scan $*: exit status $?"; }
# expect STATUS WORDS ARGUMENT...
expect() {
    local wanted=$1 words=$2
    shift 2
    "$stella" scan "$@" -q >out 2>err
    local got=$?
    [ $got -eq "$wanted" ] || fail "stella scan $*: exit status $got, expected $wanted"
    grep -qF -- "$words" err || fail "stella scan $*: does not say \"$words\""
}
# agree FIRST SECOND LEFT_OUT...: the same subject, system, components and relations, but for layers and evidence
agree() {
    python3 - "$@" >err 2>&1 <<'PY' || fail "$1 and $2 do not agree"
import json, sys
first, second = (json.load(open(path)) for path in sys.argv[1:3])
left_out = set(sys.argv[3:])
def told(result):
    components = {}
    for component in result["components"]:
        for member in ("evidence", "layers", "introducedLayer", "files"):
            component.pop(member, None)
        components[component["ref"]] = component
    relations = sorted(json.dumps({k: v for k, v in r.items() if k not in left_out}, sort_keys=True) for r in result["relations"])
    subject = {k: v for k, v in result["subject"].items() if k not in left_out}
    return {"components": components, "relations": relations, "subject": subject, "distro": result.get("distro")}
a, b = told(first), told(second)
for ref in sorted(set(a["components"]) | set(b["components"])):
    x, y = a["components"].get(ref), b["components"].get(ref)
    assert x == y, (ref, x, y)
for key in a:
    assert a[key] == b[key], (key, a[key], b[key])
assert len(a["components"]) > 10 and len(a["relations"]) > 10
assert second["layers"] == [] and not second["errors"], second["errors"]
assert all(e["method"] == "document" and "layer" not in e for c in json.load(open(sys.argv[2]))["components"] for e in c["evidence"])
PY
}

echo "-- a directory, an image, and their own SBOMs"
python3 "$source/tests/tools/make_image.py" oci-layout image "gzip:$source/tests/data/dpkg/bookworm" >err 2>&1 || fail "make_image"
for target in "dir:$source/tests/data/dpkg/bookworm" oci-layout:image; do
    scan "$target" -o json=a.json -o cyclonedx-json=a.cdx.json -o cyclonedx-json@1.5=a15.cdx.json -o spdx-json=a.spdx.json -o cyclonedx-xml=a.cdx.xml
    scan "$target" -o spdx-tag-value=a.spdx -o spdx3-json=a.spdx3.json -o cyclonedx-xml@1.5=a15.cdx.xml
    for document in a.cdx.json a.cdx.xml a.spdx.json a.spdx a.spdx3.json; do
        scan "sbom:$document" -o json=b.json -o spdx-json=b.spdx.json -o cyclonedx-json=b.cdx.json
        agree a.json b.json createdMs # formats tell whole seconds
    done
    for document in a15.cdx.json a15.cdx.xml; do
        scan "sbom:$document" -o json=b15.json
        python3 -c 'import json
names = lambda path: sorted(c["ref"] for c in json.load(open(path))["components"])
assert names("a.json") == names("b15.json")' || fail "CycloneDX 1.5 lists other components"
    done
done

echo "-- documents of others: what they list is what is read, in whatever syntax"
if [ -d "${STELLA_TEST_DATA:-/nowhere}/scanner/cyclonedx" ]; then
    for version in 1.5 1.6 1.7; do
        "$stella" scan "sbom:$STELLA_TEST_DATA/scanner/cyclonedx/$version/valid-saasbom-$version.json" -q -o purls -o json=x.json >x 2>err || fail "CycloneDX $version of others, JSON"
        "$stella" scan "sbom:$STELLA_TEST_DATA/scanner/cyclonedx/$version/valid-saasbom-$version.xml" -q -o purls -o json=y.json >y 2>err || fail "CycloneDX $version of others, XML"
        cmp -s x y || fail "CycloneDX $version: JSON and XML list different package URLs"
    done
    for document in SPDXJSONExample-v2.3.spdx.json example1/example1.json example1/example1.spdx example2/example2-src.spdx example2/example2-bin.spdx; do
        scan "sbom:$STELLA_TEST_DATA/scanner/spdx/$document" -o json=x.json
        python3 - "$STELLA_TEST_DATA/scanner/spdx/$document" x.json >err 2>&1 <<'PY' || fail "$document: other packages than it lists"
import json, re, sys
path, result = sys.argv[1], json.load(open(sys.argv[2]))
text = open(path).read()
if "@graph" in text:
    graph = json.loads(text)["@graph"]
    packages = {e["spdxId"]: e["name"] for e in graph if e["type"] == "software_Package"}
    described = {r for e in graph if e["type"] in ("SpdxDocument", "software_Sbom") for r in e["rootElement"] if r in packages}
elif path.endswith(".json"):
    d = json.loads(text)
    def name(p): # of the package URL, when there is one
        purls = [r["referenceLocator"] for r in p.get("externalRefs", []) if r["referenceType"] == "purl"]
        return re.sub(r"[@?#].*", "", purls[0]).split("/")[-1] if purls else p["name"]
    packages = {p["SPDXID"]: name(p) for p in d.get("packages", [])}
    described = set(d.get("documentDescribes", [])) | {r["relatedSpdxElement"] for r in d.get("relationships", []) if r["relationshipType"] == "DESCRIBES"}
else:
    packages = dict((i, n) for n, i in re.findall(r"^PackageName: *(.*)\nSPDXID: *(.*)$", text, re.M))
    described = set(re.findall(r"^Relationship: *SPDXRef-DOCUMENT DESCRIBES (.*)$", text, re.M))
expected = sorted(name for id, name in packages.items() if described != {id})
assert sorted(c["name"] for c in result["components"]) == expected, (expected, [c["name"] for c in result["components"]])
PY
    done
else
    echo "   skipped: STELLA_TEST_DATA names no folder with them"
fi

echo "-- an SBOM of an SBOM's scan, and the same bytes again"
scan sbom:b.spdx.json -o json=c.json
scan sbom:b.cdx.json -o json=d.json
agree b.json c.json createdMs
agree b.json d.json createdMs
scan sbom:b.cdx.json -o json=again.json
cmp -s d.json again.json || fail "the second scan gives other bytes"
"$stella" scan sbom:- -q -o json <b.cdx.json >stdin.json 2>err || fail "standard input"
grep -q '"method": "document"' stdin.json || fail "nothing of standard input"

echo "-- stella sbom convert is that scan"
"$stella" sbom convert b.cdx.json -q -o json >converted.json 2>err || fail "sbom convert: exit status $?"
cmp -s d.json converted.json || fail "sbom convert gives other bytes than scan sbom:"
"$stella" sbom convert b.cdx.json -q --layer 0 >out 2>err
[ $? -eq 2 ] || fail "sbom convert --layer is not refused"

echo "-- stella sbom merge: identities join, relations stay, the order of the documents matters for the subject alone"
cat >other.spdx <<'SPDX'
SPDXVersion: SPDX-2.3
DocumentName: other
Created: 2023-11-14T22:13:20Z
PackageName: mawk
SPDXID: SPDXRef-1
ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/mawk@1.3.4.20200120-3.1?distro=debian-12&arch=amd64
PackageName: new
SPDXID: SPDXRef-2
ExternalRef: PACKAGE-MANAGER purl pkg:npm/new@1
Relationship: SPDXRef-2 DEPENDS_ON SPDXRef-1
SPDX
cp b.cdx.json other.cdx.json
merge() { "$stella" sbom merge "$@" -q >out 2>err || fail "stella sbom merge $*: exit status $?"; }
merge b.cdx.json other.spdx -o json=m1.json
merge other.spdx b.cdx.json -o json=m2.json
merge b.cdx.json other.cdx.json -o json=m3.json
merge other.spdx b.cdx.json --subject "both: a/b" -o json=m4.json
python3 - >err 2>&1 <<'PY' || fail "what was merged is not what was to be"
import json
one, ab, ba, twice, named = (json.load(open(f)) for f in ("d.json", "m1.json", "m2.json", "m3.json", "m4.json"))
refs = lambda r: [c["ref"] for c in r["components"]]
mawk = "pkg:deb/debian/mawk@1.3.4.20200120-3.1?arch=amd64&distro=debian-12"
assert sorted(refs(one) + ["pkg:npm/new@1"]) == refs(ab), set(refs(ab)) ^ set(refs(one))
assert ab["components"] == ba["components"] and ab["relations"] == ba["relations"]
assert ab["subject"]["name"] == one["subject"]["name"] and ba["subject"]["name"] == "other", (ab["subject"], ba["subject"])
assert named["subject"]["name"] == "both: a/b" and "digest" not in named["subject"], named["subject"]
assert {"from": "pkg:npm/new@1", "to": mawk, "kind": "dependsOn"} in ab["relations"]
joined = next(c for c in ab["components"] if c["ref"] == mawk)
assert [e["path"] for e in joined["evidence"]] == ["b.cdx.json", "other.spdx"], joined["evidence"]
assert refs(twice) == refs(one) and twice["relations"] == one["relations"]
assert all(len(c["evidence"]) == 2 for c in twice["components"])
assert ab["layers"] == [] and not ab["errors"]
PY
"$stella" sbom merge b.cdx.json b.cdx.json -q -o json 2>err | grep -q '"path": "b.cdx.json~2"' || fail "two documents of one name are not told apart"
"$stella" sbom merge b.cdx.json absent.json -q >out 2>err
[ $? -eq 3 ] || fail "a document that is not there is not refused"
printf 'not an SBOM' >text
"$stella" sbom merge b.cdx.json text -q >out 2>err
[ $? -eq 3 ] && grep -q "text: not an SBOM of a kind that is known" err || fail "a document that is none is not refused"
"$stella" sbom merge b.cdx.json other.spdx -q --layer 0 >out 2>err
[ $? -eq 2 ] || fail "sbom merge --layer is not refused"

echo "-- what needs layers is refused"
expect 2 "--layer needs layers" sbom:b.cdx.json --layer 0
expect 2 "--verify needs layers" sbom:b.cdx.json --verify full

echo "-- what is no SBOM"
printf 'not an SBOM' >text
expect 3 "not an SBOM of a kind that is known" sbom:text
printf '{"bomFormat": "CycloneDX", "components": [' >cut.json
expect 3 "" sbom:cut.json
: >empty
expect 3 "" sbom:empty
expect 3 "" sbom:absent.json
printf '{"bomFormat":"CycloneDX","components":[{"type":"library","name":"a","purl":"no purl"},{"type":"library"},{"name":7}]}' >odd.json
scan sbom:odd.json -o json=odd.result
grep -q '"no purl\\" is no package URL' odd.result || fail "a purl that is none is not noted"
grep -q 'without a name is left out' odd.result || fail "a component without a name is not noted"

[ $failures -eq 0 ] || { echo "$failures failed"; exit 1; }
echo "all as expected"
