#!/bin/bash
# scan_test.sh BUILD_DIR SOURCE_DIR - `stella scan` from the outside: kinds of image, bad input, outputs, exit statuses.
set -u
build=$1 source=$2
stella=$build/bin/stella
work=$(mktemp -d) || exit 1
export XDG_CACHE_HOME=$work/user-cache
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

command -v python3 >/dev/null || { echo "skipped: python3 is needed to make the images"; exit 77; }

fail() {
    echo "FAILED: $*"
    sed 's/^/    /' err 2>/dev/null | head -20
    failures=$((failures + 1))
}

# expect STATUS ARGUMENT...: runs stella scan; standard output in out, standard error in err
expect() {
    local status=$1
    shift
    "$stella" scan "$@" >out 2>err
    local got=$?
    [ $got -eq "$status" ] || fail "stella scan $*: exit status $got, expected $status"
}

says() { grep -qF -- "$1" err || fail "standard error does not say: $1"; }
finds() { grep -qF -- "$1" "${2:-out}" || fail "the result lacks: $1"; }
nothing_left() {
    local left
    left=$(find "$1" -mindepth 1 -name "$2" | head -3)
    [ -z "$left" ] || fail "left behind: $left"
}

make_image() { python3 "$source/tests/tools/make_image.py" "$@" || fail "make_image $*"; }

# Two layers: a Debian system with one package; then a second package and a file removed.
stanza() { printf 'Package: %s\nStatus: install ok installed\nVersion: %s\nArchitecture: amd64\nMaintainer: A <a@example.org>\n\n' "$1" "$2"; }
mkdir -p base/etc base/var/lib/dpkg/info base/usr/bin top/var/lib/dpkg top/etc
printf 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' >base/etc/os-release
stanza alpha 1.0-1 >base/var/lib/dpkg/status
head -c 300000 /dev/zero >base/usr/bin/padding
{ stanza alpha 1.0-1; stanza beta 2:3.4; } >top/var/lib/dpkg/status
touch top/etc/.wh.motd

for style in oci-layout oci-archive docker-archive docker-blobs; do
    make_image $style image.$style gzip:base plain:top
done
make_image oci-layout image.zstd zstd:base zstd:top
make_image docker-archive image.repeated plain:base plain:top plain:base

echo "-- every kind of target gives the same packages"
for target in oci-layout:image.oci-layout oci-layout:image.oci-layout:test:1 oci-archive:image.oci-archive \
    docker-archive:image.docker-archive docker-archive:image.docker-archive:test:1 docker-archive:image.docker-blobs \
    image.oci-layout image.oci-archive image.docker-archive image.docker-blobs image.zstd; do
    expect 0 "$target" -o cyclonedx-json
    finds 'pkg:deb/debian/alpha@1.0-1'
    finds 'pkg:deb/debian/beta@2:3.4'
done
expect 0 docker-archive:image.repeated -o cyclonedx-json
finds 'pkg:deb/debian/alpha@1.0-1'
grep -q beta out && fail "the repeated base layer hides the second package, yet it was found"
expect 0 dir:base -o cyclonedx-json
finds 'pkg:deb/debian/alpha@1.0-1'

echo "-- an archive that is compressed as a whole"
gzip -nc image.docker-archive >whole.tar.gz
zstd -qc image.oci-archive >whole.tar.zst
for target in docker-archive:whole.tar.gz oci-archive:whole.tar.zst whole.tar.gz whole.tar.zst; do
    expect 0 "$target" -o cyclonedx-json
    finds 'pkg:deb/debian/beta@2:3.4'
done

if ! command -v skopeo >/dev/null; then
    echo "SKIPPED: what skopeo writes"
elif HOME=$work skopeo copy -q --insecure-policy oci:image.oci-layout:test:1 docker-archive:skopeo.tar:a:1 2>/dev/null; then
    echo "-- what skopeo writes"
    HOME=$work skopeo copy -q --insecure-policy oci:image.oci-layout:test:1 oci-archive:skopeo.oci.tar:a 2>err || fail "skopeo"
    for target in skopeo.tar skopeo.oci.tar docker-archive:skopeo.tar:a:1 oci-archive:skopeo.oci.tar:a; do
        expect 0 "$target" -o cyclonedx-json
        finds 'pkg:deb/debian/beta@2:3.4'
    done
else
    fail "skopeo cannot copy the image"
fi

echo "-- two runs give the same bytes, and every diff id can be verified"
expect 0 image.oci-layout -o json
cp out first
expect 0 image.oci-layout -o json --verify full
cmp -s first out || fail "two runs differ"

echo "-- a layer whose diff id is wrong"
cp -r image.oci-layout wrong.diff
python3 - <<'PY' || fail "rewriting a configuration"
import glob, hashlib, json, os
def put(data):
    digest = hashlib.sha256(data).hexdigest()
    open("wrong.diff/blobs/sha256/" + digest, "wb").write(data)
    return {"digest": "sha256:" + digest, "size": len(data)}
index = json.load(open("wrong.diff/index.json"))
path = lambda d: "wrong.diff/blobs/sha256/" + d["digest"][7:]
manifest = json.load(open(path(index["manifests"][0])))
config = json.load(open(path(manifest["config"])))
config["rootfs"]["diff_ids"][0] = "sha256:" + "0" * 64
manifest["config"].update(put(json.dumps(config).encode()))
index["manifests"][0].update(put(json.dumps(manifest).encode()))
json.dump(index, open("wrong.diff/index.json", "w"))
PY
expect 0 wrong.diff -o json
expect 3 wrong.diff -o json --verify full
says "layer 0"

echo "-- targets that are not what they claim"
biggest() { find "$1/blobs" -type f -size +3k -exec ls -S {} + | head -1; }
cp -r image.oci-layout wrong.digest
layer=$(biggest wrong.digest)
printf 'X' | dd of="$layer" bs=1 seek=40 conv=notrunc 2>/dev/null || fail "corrupting a layer"
expect 3 wrong.digest -o json
says "wrong digest: claimed sha256:$(basename "$layer"), computed sha256:$(sha256sum <"$layer" | cut -d' ' -f1)"
[ -s out ] && fail "a refused image has a result"

cp -r image.oci-layout short
truncate -s -100 "$(biggest short)"
expect 3 short -o json
says "blobs/sha256/"

cp -r image.oci-layout no.json
echo '{"manifests":[' >no.json/index.json
expect 3 no.json -o json
says "index.json"

rm -rf gone && cp -r image.oci-layout gone
rm "$(biggest gone)"
expect 3 gone -o json
says "blobs/sha256/"

head -c 200000 image.docker-archive >cut.tar
expect 3 docker-archive:cut.tar -o json
head -c $(($(stat -c %s whole.tar.gz) / 2)) whole.tar.gz >cut.tar.gz
expect 3 docker-archive:cut.tar.gz -o json
python3 - <<'PY' || fail "damaging a layer"
data = bytearray(open("image.docker-archive", "rb").read())
at = data.index(b"etc/os-release")
data[at + 148:at + 156] = b"0000000\0"
open("damaged.tar", "wb").write(data)
PY
expect 3 docker-archive:damaged.tar -o json
says "layer 0"
expect 3 docker-archive:nowhere.tar
says "nowhere.tar"
expect 3 oci-layout:base
says "oci-layout"
expect 3 base/etc/os-release
says "os-release"

echo "-- usage"
expect 2 nosuch:image.oci-layout
says "known are"
says "oci-layout:"
expect 2 dir:base -o nosuchformat
says "known are"
expect 2 dir:base --timeout never
expect 2 dir:base -o json -o table
SOURCE_DATE_EPOCH=tomorrow expect 2 dir:base
says SOURCE_DATE_EPOCH
expect 3 oci-layout:image.oci-layout:other
says "test:1"

echo "-- formats, versions, templates: what cannot be written is told before anything is read"
expect 2 wrong.digest -o yaml
says 'unknown format "yaml"; known are '
expect 2 wrong.digest -o table@7
says "the format table has no versions"
expect 2 wrong.digest -o json@=out
says "the format json has no versions"
printf '{{x}}' >template
expect 2 wrong.digest -o json --template template
says "no output takes a template"
printf 'a\377' >template
expect 2 image.oci-layout -o json --template template
says "not UTF-8"
head -c 1048577 /dev/zero >template
expect 2 image.oci-layout -o json --template template
says "at most 1048576 bytes"
expect 2 image.oci-layout -o json --template nowhere
says "nowhere"
printf 'a\n\n{{#components}}' >template
expect 2 dir:base -o template=broken --template template
says "template: line 3: the template has a section without an end"
[ -e broken ] && fail "a broken template left a result"

echo "-- every syntax and version of CycloneDX is the same BOM"
for version in 1.5 1.6 1.7; do
    expect 0 image.oci-layout -o cyclonedx-json@$version=a.json -o cyclonedx-xml@$version=a.xml -o cyclonedx-protobuf@$version=a.pb -o purls
    finds 'pkg:deb/debian/beta@2:3.4'
    python3 "$source/tests/check_cyclonedx.py" - --same a.json a.xml a.pb >err 2>&1 || fail "CycloneDX $version"
done
expect 0 image.oci-layout -o spdx-json@2.3=a.json -o spdx-tag-value@2.3=a.spdx -o spdx3-json@3.0.1=b.json -o spdx-json
cmp -s a.json out || fail "the version of spdx-json changes the document"
finds 'SPDXVersion: SPDX-2.3' a.spdx
finds '"specVersion": "3.0.1"' b.json
expect 2 wrong.digest -o spdx-json@2.2
says 'spdx-json has no version "2.2"; it has 2.3'
expect 2 wrong.digest -o cyclonedx-json@1.4
says 'cyclonedx-json has no version "1.4"; it has 1.7, 1.6, 1.5'

echo "-- the samples are what is written today"
mkdir samples
"$source/samples/make" "$PWD/samples" "$stella" >err 2>&1 || fail "samples/make"
cmp -s samples/bookworm.txt "$source/samples/bookworm.txt" || fail "samples/bookworm.txt is not up to date: samples/make"
cmp -s samples/bookworm.purls "$source/samples/bookworm.purls" || fail "samples/bookworm.purls is not up to date: samples/make"
cmp -s samples/bookworm.csv "$source/samples/bookworm.csv" || fail "samples/bookworm.csv is not up to date: samples/make"
cmp -s samples/bookworm.bomidx "$source/samples/bookworm.bomidx" || fail "samples/bookworm.bomidx is not up to date: samples/make"
lasting() { grep -v -e '^Creator: ' -e '^DocumentNamespace: ' "$1"; }
[ "$(lasting samples/bookworm.spdx)" = "$(lasting "$source/samples/bookworm.spdx")" ] || fail "samples/bookworm.spdx is not up to date: samples/make"
python3 "$source/tests/check_cyclonedx.py" - --same "$source"/samples/*.cdx.* >err 2>&1 || fail "the CycloneDX samples"
python3 - "$source/samples" >err 2>&1 <<'PY' || fail "a sample is not up to date: samples/make"
import glob, json, os, re, sys
def read(path): # but for what another plugin changes
    document = json.loads(re.sub("https://stella-ops.org/spdx/directory/[^\"#]*", "urn:of-the-content", open(path).read()))
    document.pop("serialNumber", None), document.pop("tool", None), document.get("metadata", {}).pop("tools", None)
    document.pop("creationInfo", None)
    if "@graph" in document:
        document["@graph"] = [element for element in document["@graph"] if element["type"] not in ("CreationInfo", "Tool")]
    return document
names = [os.path.basename(path) for path in glob.glob("samples/*.json")]
assert len(names) == 6, names
for name in names:
    assert read("samples/" + name) == read(sys.argv[1] + "/" + name), name
PY

echo "-- what one layer introduces"
expect 0 image.oci-layout -o json --layer 1
cp out layer.json
finds '"kind": "layer"'
finds 'pkg:deb/debian/beta@2:3.4'
grep -q alpha out && fail "a package of the base layer in the fragment of the upper one"
expect 0 image.oci-layout -o json --layer "$(python3 -c 'import json; print(json.load(open("layer.json"))["subject"]["digest"])')"
cmp -s layer.json out || fail "the layer by its digest gives another result"
expect 0 image.oci-layout -o json --layer "$(python3 -c 'import json; print(json.load(open("layer.json"))["layers"][0]["diffId"])')"
cmp -s layer.json out || fail "the layer by its diff id gives another result"
expect 0 docker-archive:image.docker-blobs -o json --layer 0
finds 'pkg:deb/debian/alpha@1.0-1'
for layer in 2 -1 x sha256:00; do
    expect 2 image.oci-layout -o json --layer "$layer"
    says "there are 0 to 1"
done
make_image docker-archive image.single plain:base
expect 2 image.single -o json --layer 9
says 'no layer "9": there is one layer, 0'

echo "-- outputs"
mkdir results
expect 0 image.oci-layout -o json=results/a.json -o cyclonedx-json=results/b.json -o table
finds alpha
finds 'pkg:deb/debian/beta@2:3.4' results/b.json
[ "$(stat -c %a results/a.json)" = "$(printf '%o' $((0644 & ~$(umask))))" ] || fail "mode of a result"
nothing_left results '.*'
echo old >results/kept.json
expect 3 wrong.digest -o json=results/kept.json
[ "$(cat results/kept.json)" = old ] || fail "a failed scan changed the file"
nothing_left results '.*'
expect 5 dir:base -o json=nowhere/a.json
says "nowhere/a.json"
timeout 20 "$stella" scan dir:base -o json >&- 2>err
[ $? -eq 5 ] || fail "a closed standard output is not refused"
timeout 20 "$stella" scan dir:base -q -o json=closed.json <&- >&- 2>&- || fail "closed streams: a result to a file"
[ -s closed.json ] || fail "closed streams: no result"
"$stella" scan dir:base -o json >/dev/full 2>err
[ $? -eq 5 ] || fail "standard output that is full"
ln -s a.json results/link.json
expect 0 dir:base -o json=results/link.json
[ -L results/link.json ] || fail "a link was replaced by the file"
expect 0 dir:base -o json=/dev/null
[ -c /dev/null ] || fail "/dev/null was replaced"

mkdir results/sub
for other in results/twice ./results/twice results/sub/../twice; do
    expect 2 wrong.digest -o json=results/twice -o table=$other
    says "-o json=results/twice and -o table=$other name one file"
done
[ -e results/twice ] && fail "one file for two outputs was written"
expect 2 wrong.digest -o json=results/link.json -o table=results/a.json
expect 0 dir:base -o json=/dev/null -o table=/dev/null

echo "-- a slip in a scheme is not asked of a registry"
expect 2 podmann:x -o json
says "is podman:x meant?"
says "registry:podmann:x"
expect 2 tarr:whole.tar.gz -o json
says 'unknown kind of target "tarr:"'

echo "-- standard input has a limit, a file's size included"
tar -cf base.tar base
base_bytes=$(stat -c %s base.tar)
cat base.tar | "$stella" scan tar:- -o json --max-input-bytes $((base_bytes - 1)) >out 2>err
[ $? -eq 3 ] || fail "more standard input than it may hold"
says "--max-input-bytes"
cat base.tar | "$stella" scan tar:- -o json --max-input-bytes "$base_bytes" >out 2>err || fail "as much standard input as it may hold"
"$stella" scan tar:- -o json --max-input-bytes $((base_bytes - 1)) <base.tar >out 2>err
[ $? -eq 3 ] || fail "a larger file as standard input"
says "--max-input-bytes"

echo "-- what cost no plugin's part is counted on standard error, known or not"
mkdir -p noted/var/lib/dpkg noted/etc
cp base/etc/os-release noted/etc/
{ stanza alpha 1.0-1; printf 'Package: bad\001name\nStatus: install ok installed\nVersion: 1\n\n'; } >noted/var/lib/dpkg/status
make_image oci-layout image.noted gzip:noted
for round in made known; do
    expect 0 image.noted -o json -v
    says "result $round"
    says "stella: 1 note in the result"
    finds '"lost": false'
done
expect 0 image.noted -o json -q
[ -s err ] && fail "-q tells notes"

echo "-- progress and verbosity"
expect 0 image.oci-layout -o json
[ -s err ] && fail "something was said though nothing happened"
expect 0 image.oci-layout -o json --progress plain
says "layers 2/2"
expect 0 image.oci-layout -o json -v
says "sandbox: "
says "layer 1: sha256:"

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    echo "-- an ordinary user"
    cp -r base secret
    mkdir secret/root
    chmod 700 secret/root
    chmod 755 "$work"
    # A copy that such a user can reach: the checkout may lie in root's own folder.
    mkdir -p theirs/lib/stella
    cp -r "$build/bin" "$build/etc" theirs/ && cp -r "$build/lib/stella/plugins" theirs/lib/stella/
    run_as="env -u XDG_CONFIG_HOME -u XDG_DATA_HOME HOME=$work/no-home setpriv --reuid 65534 --regid 65534 --clear-groups"
    $run_as "$work/theirs/bin/stella" scan dir:secret -o cyclonedx-json >out 2>err || fail "a scan without root"
    finds 'pkg:deb/debian/alpha@1.0-1'
    says "1 files or directories could not be read"
fi

echo "-- limits, time and signals"
expect 3 image.oci-layout -o json --max-entries 3
says "--max-entries"
mkdir many
(cd many && for i in $(seq 40); do mkdir $i && (cd $i && seq 250 | xargs touch); done)
# A scan that is done before the signal comes proves nothing: it is tried again.
cancelled=0
for _ in $(seq 20); do
    "$stella" scan dir:many -o json=results/many.json >out 2>err &
    pid=$!
    # its host is running: so it handles signals
    while [ -d /proc/$pid ] && [ -z "$(cat /proc/$pid/task/*/children 2>/dev/null)" ]; do :; done
    kill -TERM $pid
    wait $pid
    case $? in
    143) cancelled=1 ;;
    0) ;;
    *) fail "a cancelled scan" ;;
    esac
    [ $cancelled = 1 ] && break
done
[ $cancelled = 1 ] || fail "no scan could be cancelled"
nothing_left results '.*'

if [ $failures -ne 0 ]; then
    echo "$failures failed"
    exit 1
fi
echo "all as expected"
