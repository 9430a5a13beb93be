#!/bin/bash
# layer_cache_test.sh BUILD_DIR SOURCE_DIR - what is kept of layers, archives and results: found again, extended, damaged, shared,
# and never to be seen in the result.
set -u
build=$1 source=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/user-cache
unset SOURCE_DATE_EPOCH
cd "$work" || exit 1
chmod 755 "$work"
failures=0

command -v python3 >/dev/null || { echo "skipped: python3 is needed to make the images"; exit 77; }

# An installation of its own, so that plugins can come and go.
mkdir -p prefix/bin prefix/lib/stella prefix/etc aside
cp "$build/bin/stella" prefix/bin/
cp -r "$build/lib/stella/plugins" prefix/lib/stella/
cp -r "$build/etc/stella" prefix/etc/
chmod -R go-w prefix
stella=$work/prefix/bin/stella plugins=$work/prefix/lib/stella/plugins
user_paths=(XDG_CONFIG_HOME="$work/none" XDG_DATA_HOME="$work/none")

fail() {
    echo "FAILED: $*"
    sed 's/^/    /' err 2>/dev/null | head -20
    failures=$((failures + 1))
}

# scan TARGET OPTION...: the result in out, standard error in err; an exit status other than 0 is a failure
scan() {
    env "${user_paths[@]}" "$stella" scan -v "$@" >out 2>err || fail "stella scan $*: exit status $?"
}
says() { grep -qF -- "$1" err || fail "standard error does not say: $1"; }
never_says() { if grep -qF -- "$1" err; then fail "standard error says: $1"; fi; }
same() { cmp -s "$1" out || fail "$2: the result is another one"; }

# settled FILE...: older than the time of change is coarse, so that a file may be known again by it
settled() { touch "$@" && sleep 0.2; }

stanza() { printf 'Package: %s\nStatus: install ok installed\nVersion: %s\nArchitecture: amd64\nMaintainer: A <a@example.org>\n\n' "$1" "$2"; }
mkdir -p base/etc base/var/lib/dpkg base/usr/bin middle/srv top/srv
printf 'ID=debian\nVERSION_ID="12"\n' >base/etc/os-release
stanza alpha 1.0-1 >base/var/lib/dpkg/status
head -c 300000 /dev/urandom >middle/srv/noise
echo text >top/srv/file
# A database that only a symbolic link leads to is asked for when the tree is known.
mkdir -p linked/var/lib linked/srv/dpkg linked/etc
cp base/etc/os-release linked/etc/
ln -s ../../srv/dpkg linked/var/lib/dpkg
stanza delta 4 >linked/srv/dpkg/status

make_image() { python3 "$source/tests/tools/make_image.py" "$@" || fail "make_image $*"; }
make_image docker-archive image.tar plain:base plain:middle plain:top
make_image oci-layout image.oci gzip:base gzip:middle gzip:top
make_image docker-archive linked.tar plain:linked
make_image docker-archive second.tar plain:base plain:top
gzip -nc image.tar >image.tar.gz
find image.oci -type f -exec touch {} +
settled image.tar linked.tar second.tar image.tar.gz

for target in image.tar image.oci image.tar.gz linked.tar second.tar; do
    for format in json cyclonedx-json; do
        scan --no-cache "$target" -o $format && cp out "expected.$target.$format"
        says "cache: none"
    done
done

echo "-- warm as cold"
for target in image.tar image.oci image.tar.gz linked.tar; do
    rm -rf cache
    scan --cache-dir cache "$target" -o json
    same "expected.$target.json" "cold $target"
    says "result made"
    scan --cache-dir cache "$target" -o json
    same "expected.$target.json" "warm $target"
    says "sandbox: not needed"
    says "layers read: 0, extended: 0"
    says "bytes read: 0"
    says "image known; result known"
    scan --cache-dir cache "$target" -o cyclonedx-json
    same "expected.$target.cyclonedx-json" "another format of $target"
    says "layers read: 0, extended: 0"
    says "result made"
    says "bytes read: 0"
done

echo "-- a layer that another image has too"
rm -rf cache
scan --cache-dir cache image.tar -o json
scan --cache-dir cache second.tar -o json
same expected.second.tar.json "second image"
says "layers read: 0, extended: 0, known: 2"

echo "-- analyzers that are not chosen are as if they were not there, and what the others learnt stays known"
rm -rf cache
scan --cache-dir cache image.tar -o purls --exclude dpkg
says "layers read: 3"
grep -q alpha out && fail "an excluded analyzer had its say"
scan --cache-dir cache image.tar -o purls --select os
grep -q 'pkg:deb/debian/alpha@1.0-1' out || fail "an analyzer selected by its tag is not there"
says "layers read: 1, extended: 2" # of one layer the database had not been asked for
scan --cache-dir cache image.tar -o purls --exclude dpkg
grep -q alpha out && fail "an excluded analyzer had its say, from the cache"
says "result known"
scan --cache-dir cache image.tar -o json
same expected.image.tar.json "after scans with some of the analyzers"
env "${user_paths[@]}" "$stella" scan --cache-dir cache image.tar --select dpgk -o purls >out 2>err
[ $? -eq 2 ] || fail "an analyzer that is not there was selected"
says 'no analyzer has the name or tag "dpgk"; near it: dpkg'

echo "-- what the analyzers state"
env "${user_paths[@]}" "$stella" analyzer list >out 2>err || fail "stella analyzer list"
grep -qE '^dpkg +[0-9.]+ +Debian packages$' out || fail "stella analyzer list has no dpkg"
env "${user_paths[@]}" "$stella" analyzer list --format json >out 2>err || fail "stella analyzer list --format json"
python3 -c 'import json; a = {x["name"]: x for x in json.load(open("out"))["analyzers"]}
assert "os" in a["dpkg"]["tags"] and "installed" in a["dpkg"]["says"] and "var/lib/dpkg/status" in a["dpkg"]["reads"]' ||
    fail "stella analyzer list --format json"

echo "-- another directory, locale, time zone, processor"
rm -rf cache
scan --cache-dir cache image.tar -o json
mkdir -p elsewhere
for mode in warm cold; do
    [ $mode = cold ] && rm -rf cache
    (cd elsewhere && env "${user_paths[@]}" LC_ALL=C.UTF-8 LANG=de_DE TZ=Asia/Tokyo taskset -c 0 \
        "$stella" scan --cache-dir ../cache ../image.tar -o json) >out 2>err || fail "from elsewhere, $mode"
    same expected.image.tar.json "from elsewhere, $mode"
done

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    echo "-- another user, with a cache of his own and with one that he may only read"
    as_other() { setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/nonexistent "${user_paths[@]}" "$@"; }
    mkdir -p other && chown 65534:65534 other && chmod 755 prefix prefix/bin
    for run in 1 2; do
        as_other "$stella" scan --cache-dir "$work/other/cache" image.tar -o json >out 2>err || fail "another user, $run"
        same expected.image.tar.json "another user, $run"
    done
    chmod -R a+rX cache
    as_other "$stella" scan -v --cache-dir "$work/cache" image.tar -o json >out 2>err || fail "a cache that is only read"
    same expected.image.tar.json "a cache that is only read"
    says "layers read: 0"
    chown -R 65534 other/cache
    scan --cache-dir other/cache image.tar -o json
    same expected.image.tar.json "another user's cache"
    says "nothing is cached:"
    says "another user's"
fi

echo "-- a plugin more reads what it wants and nothing else"
analyzer=org.stella-ops.analyzer.dpkg emitter=org.stella-ops.emitter.table
for target in image.tar image.oci; do
    rm -rf cache
    mv "$plugins/$analyzer" aside/
    scan --cache-dir cache $target -o json
    says "layers read: 3, extended: 0, known: 0"
    mv aside/$analyzer "$plugins/"
    scan --cache-dir cache $target -o json
    same "expected.$target.json" "with the analyzer that came, $target"
    says "layers read: 1, extended: 2, known: 0"
    if [ $target = image.oci ]; then
        size=$(python3 - <<'P'
import json
index = json.load(open("image.oci/index.json"))
blob = lambda d: json.load(open("image.oci/blobs/sha256/" + d["digest"].split(":")[1]))
print(blob(index["manifests"][0])["layers"][0]["size"])
P
)
        says "bytes read: $size"
    fi
    scan --cache-dir cache $target -o json
    says "layers read: 0, extended: 0, known: 3"
    says "result known"
    mv "$plugins/$analyzer" aside/ # one that goes leaves the packs as they are, and the result without it
    scan --cache-dir cache $target -o json
    says "layers read: 0, extended: 0, known: 3"
    grep -q alpha out && fail "a plugin that is gone still speaks"
    mv aside/$analyzer "$plugins/"
done
rm -rf cache
mv "$plugins/$emitter" aside/
scan --cache-dir cache image.tar -o json
mv aside/$emitter "$plugins/"
scan --cache-dir cache image.tar -o json
says "layers read: 0, extended: 0, known: 3"
says "bytes read: 0"

echo "-- an archive that changed is another one"
rm -rf cache
cp image.tar changing.tar
settled changing.tar
scan --cache-dir cache changing.tar -o json
cat second.tar >changing.tar
scan --cache-dir cache --no-cache changing.tar -o json && cp out expected.changing
scan --cache-dir cache changing.tar -o json
same expected.changing "a changed archive"
says "image opened"

echo "-- a layout whose documents were corrupted or replaced afterwards"
cp -r image.oci changing.oci
scan --no-cache changing.oci -o json && cp out expected.changing.oci
documents=$(python3 - <<'P'
import json
digest = lambda d: "changing.oci/blobs/sha256/" + d["digest"].split(":")[1]
manifest = digest(json.load(open("changing.oci/index.json"))["manifests"][0])
print("changing.oci/index.json", "changing.oci/oci-layout", manifest, digest(json.load(open(manifest))["config"]))
P
)
refused() { # what the cache knows of the layout must not hide what it is now
    env "${user_paths[@]}" "$stella" scan -v --cache-dir cache changing.oci -o json >out 2>err
    local got=$?
    [ $got -eq 3 ] || fail "$1: exit status $got, expected 3"
}
for document in $documents; do
    rm -rf cache
    find changing.oci -type f -exec touch {} +
    sleep 0.2
    scan --cache-dir cache changing.oci -o json
    scan --cache-dir cache changing.oci -o json
    says "image known"
    cp -p "$document" saved
    printf '\001' | dd of="$document" bs=1 seek=5 conv=notrunc status=none
    touch -r saved "$document"
    refused "$document corrupted in place"
    cp -p "$document" replaced && cp -p saved "$document"
    scan --cache-dir cache changing.oci -o json
    says "image opened"
    same expected.changing.oci "$document mended"
    mv replaced "$document"
    refused "$document replaced by another file of the same size and time"
    cp -p saved "$document"
done

echo "-- damage is mended, once, and the result is the same"
fresh() { # a cache with the image's packs and no results
    rm -rf cache
    scan --cache-dir cache image.tar -o json
    rm -rf cache/cas
}
mended() {
    scan --cache-dir cache image.tar -o json
    same expected.image.tar.json "$1"
    scan --cache-dir cache image.tar -o cyclonedx-json
    same expected.image.tar.cyclonedx-json "after $1"
    says "layers read: 0, extended: 0, known: 3"
    never_says "damaged"
}
fresh; for f in cache/layers/*/pack-*; do truncate -s 100 "$f"; done; mended "packs cut short"
fresh; for f in cache/layers/*/pack-*; do : >"$f"; done; mended "packs emptied"
fresh; for f in cache/layers/*/meta.json; do truncate -s 20 "$f"; done; mended "descriptions cut short"
fresh; for f in cache/layers/*/meta.json; do rm "$f"; done; mended "no descriptions"
fresh; for f in cache/layers/*/meta.json; do rm "$f"; ln -s /etc/passwd "$f"; done; mended "descriptions that are links"
fresh
for f in cache/layers/*/pack-*; do
    size=$(stat -c %s "$f")
    printf '\377' | dd of="$f" bs=1 seek=$((size / 2)) conv=notrunc status=none
done
scan --cache-dir cache image.tar -o json
same expected.image.tar.json "flipped bytes"
says "the cache was damaged"
mended "flipped bytes"
fresh
first=$(ls cache/layers | head -1) last=$(ls cache/layers | tail -1)
cp cache/layers/$first/meta.json cache/layers/$last/meta.json
mended "the description of another layer"
if [ "$(id -u)" = 0 ]; then
    fresh; chown 12345 cache/layers/*/pack-*; mended "packs of another user"
fi
rm -rf cache
scan --cache-dir cache linked.tar -o json
rm -rf cache/cas
for f in cache/layers/*/more-*; do : >"$f"; done
scan --cache-dir cache linked.tar -o json
same expected.linked.tar.json "a supplement that was emptied"
rm -rf cache
scan --cache-dir cache image.tar -o json
for f in cache/cas/*/*/data; do printf x >>"$f"; done
scan --cache-dir cache image.tar -o json
same expected.image.tar.json "results with a byte more"

echo "-- caches that cannot be used are told, and done without"
mkdir -m 0777 open-cache && chmod 0777 open-cache
scan --cache-dir open-cache image.tar -o json
same expected.image.tar.json "a cache that others may write to"
says "nothing is cached:"
says "chmod go-w"
[ -z "$(ls open-cache)" ] || fail "something was written to a cache that is refused"
env -u HOME -u XDG_CACHE_HOME "$stella" scan image.tar -o json >out 2>err || fail "without a home directory"
same expected.image.tar.json "without a home directory"
[ "$(grep -c 'nothing is cached' err)" = 1 ] || fail "without a home directory: one line is wanted"
touch file-cache
scan --cache-dir file-cache image.tar -o json
same expected.image.tar.json "a cache that is a file"
says "nothing is cached:"

echo "-- a full disk"
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
    mkdir -p small
    unshare -m sh -c 'mount -t tmpfs -o size=16k,mode=0700 none small && exec "$0" scan -v --cache-dir small/cache image.tar -o json' \
        "$stella" >out 2>err || fail "a full disk: exit status $?"
    same expected.image.tar.json "a full disk"
    says "not everything could be cached"
else
    echo "SKIPPED: no file system can be mounted here"
fi

echo "-- several at once, and killed at any moment"
rm -rf cache
for i in 1 2 3 4; do
    env "${user_paths[@]}" "$stella" scan --cache-dir cache image.oci -o json >out.$i 2>err.$i &
done
wait
for i in 1 2 3 4; do cmp -s out.$i expected.image.oci.json || fail "scan $i of four at once"; done
rm -rf cache
for delay in 0.01 0.02 0.03 0.04 0.06 0.08 0.10; do
    { env "${user_paths[@]}" timeout -s KILL $delay "$stella" scan --cache-dir cache image.oci -o json; } >/dev/null 2>&1
done
scan --cache-dir cache image.oci -o json
same expected.image.oci.json "after kills"
scan --cache-dir cache image.oci -o json
same expected.image.oci.json "warm after kills"
says "result known"

echo "-- the verbs"
# verb STATUS ARGUMENT...: stella cache ARGUMENT... on the cache
verb() {
    local status=$1
    shift
    env "${user_paths[@]}" "$stella" cache "$@" --cache-dir cache >out 2>err
    local got=$?
    [ $got -eq "$status" ] || fail "stella cache $*: exit status $got, expected $status"
}
finds() { grep -qF -- "$1" out || fail "standard output lacks: $1 ($(head -3 out))"; }
rm -rf cache
scan --cache-dir cache image.oci -o json
verb 0 info
finds "layers:      3"
verb 0 info --json
python3 -c 'import json; assert json.load(open("out"))["layers"] == 3' || fail "info --json"
verb 0 verify
finds "dropped 0"
pack=$(ls cache/layers/*/pack-* | head -1)
truncate -s -1 "$pack"
verb 1 verify
finds "dropped 1"
verb 0 info
finds "layers:      2"
scan --cache-dir cache image.oci -o json
same expected.image.oci.json "after a verification"
says "layers read: 1"
verb 0 invalidate --plugin org.stella-ops.analyzer.dpkg
finds "forgot 3 layers"
scan --cache-dir cache image.oci -o json
digest=$(ls cache/layers | head -1)
verb 0 invalidate --layer sha256:$digest
finds "forgot 1 layers"
scan --cache-dir cache image.oci -o json
says "layers read: 1"
verb 2 invalidate
verb 2 invalidate --all --plugin x
verb 2 prune --max-bytes many
verb 0 export "$work/kit"
verb 0 invalidate --all
verb 0 info
finds "layers:      0"
verb 0 import "$work/kit"
scan --cache-dir cache image.oci -o json
same expected.image.oci.json "after an import"
says "layers read: 0"
says "result known"
touch "$work/kit/layers/foreign"
verb 5 import "$work/kit"
verb 0 prune --max-bytes 1
finds "kept 0 layers and 0 files"

echo "-- as the configuration has it"
# configure TEXT: what the installation's own file says of the cache
configure() { printf 'scanner: { cache: { %s }; };\n' "$1" >prefix/etc/stella/stella.conf; }
own=$work/user-cache/stella/scanner
rm -rf own-root "$own"
configure 'enabled = false;'
scan image.tar -o json
says "cache: none"
never_says "nothing is cached"
scan --cache-dir cache image.tar -o json # what is asked for counts
says "cache: $work/cache"
configure "root_path = \"$work/own-root\"; layers_directory_name = \"l\"; enable_file_cas = false;"
scan image.tar -o json
says "cache: $work/own-root"
scan image.tar -o json
says "layers read: 0"
says "result made"
[ "$(ls own-root/l | wc -l)" = 3 ] || fail "the folder of the layers has another name"
mkdir -m 0777 others-root && chmod 0777 others-root
configure "root_path = \"$work/others-root\";" # the daemon's, which this user may not use
scan image.tar -o json
says "cache: $own"
printf 'scanner: { cache: { root_path = "%s"; }; };\n' "$work/others-root" >named.conf
scan --config named.conf image.tar -o json
same expected.image.tar.json "a directory that is named and refused"
says "nothing is cached:"
configure 'max_mb = 1; warm_mb_threshold = 0; maintenance_interval_s = 1; layer_ttl_days = 1;'
find "$own" -name meta.json -exec touch -d '2 days ago' {} +
env "${user_paths[@]}" "$stella" cache prune >out 2>err || fail "prune as configured"
finds "kept 0 layers"
scan image.tar -o json
find "$own" -name meta.json -exec touch -d '2 days ago' {} +
touch -d '1 hour ago' "$own/maintenance"
scan second.tar -o json
says "evicted layers: 1"
configure 'layer_ttl_days = true;'
scan image.tar -o json
same expected.image.tar.json "a configuration that is no good"
says "stella.conf:1"
env "${user_paths[@]}" "$stella" scan --config prefix/etc/stella/stella.conf image.tar -o json >out 2>err
[ $? -eq 2 ] || fail "a named configuration that is no good"
env "${user_paths[@]}" "$stella" cache info --config absent.conf >out 2>err
[ $? -eq 2 ] || fail "a named configuration that is not there"
rm prefix/etc/stella/stella.conf

[ $failures -eq 0 ] || { echo "$failures failed"; exit 1; }
echo "all passed"
