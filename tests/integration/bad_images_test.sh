#!/bin/bash
# bad_images_test.sh BUILD_DIR - hostile images and directories through `stella scan`: the exit status, a message
# that names file and rule, and nothing left behind. What is refused here is refused as tersely by the engine's own tests.
set -u
build=$1
stella=$build/bin/stella
command -v python3 >/dev/null || { echo "skipped: python3 is needed to make the images"; exit 77; }
work=$(mktemp -d) || exit 1
export XDG_CACHE_HOME=$work/user-cache
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data TMPDIR=$work/tmp
mkdir tmp
failures=0

fail() {
    echo "FAILED: $*"
    head -c 2000 err | sed 's/^/    /' | head -8
    failures=$((failures + 1))
}
# expect STATUS ARGUMENT...: result in out, messages in err; nothing may stay in TMPDIR
expect() {
    local status=$1 got
    shift
    timeout 120 "$stella" scan "$@" >out 2>err
    got=$?
    [ $got -eq "$status" ] || fail "stella scan $*: exit status $got, expected $status"
    [ -z "$(ls -A tmp)" ] || fail "stella scan $*: left in TMPDIR: $(ls -A tmp)"
    [ "$status" = 0 ] || [ "$status" = 4 ] || [ ! -s out ] || fail "stella scan $*: a refused target has a result"
}
says() { grep -qF -- "$1" err || fail "standard error does not say: $1"; }
finds() { grep -qF -- "$1" out || fail "the result lacks: $1"; }

# layer NAME: a tar from the Python on standard input, which has add(name, data=b"", **members of TarInfo)
layer() {
    { cat <<'PY'
import io, sys, tarfile
tar = tarfile.open(sys.argv[1], "w", format=tarfile.GNU_FORMAT)
def add(name, data=b"", **more):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in more.items():
        setattr(info, key, value)
    tar.addfile(info, io.BytesIO(data))
STATUS = b"Package: alpha\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\n\n"
LINK, HARD = tarfile.SYMTYPE, tarfile.LNKTYPE
PY
        cat
        echo 'tar.close()'
    } | python3 - "$1" || fail "making $1"
}
# image NAME LAYER-FILE...: a docker-archive of these tars, whatever is in them
image() {
    python3 - "$@" <<'PY' || fail "making the image $1"
import hashlib, json, subprocess, sys, tarfile
out, layers = sys.argv[1], sys.argv[2:]
with tarfile.open(out, "w", format=tarfile.USTAR_FORMAT) as tar:
    import io
    def put(name, data):
        info = tarfile.TarInfo(name)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    datas = [open(l, "rb").read() for l in layers]
    def plain(data): # what a diff id is of, as far as it can be had
        tool = {b"\x1f\x8b": "gzip", b"\x28\xb5": "zstd"}.get(data[:2])
        done = tool and subprocess.run([tool, "-dqc"], input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return done.stdout if done and done.returncode == 0 else data
    config = json.dumps({"architecture": "amd64", "os": "linux",
                         "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(plain(d)).hexdigest() for d in datas]}}).encode()
    put("config.json", config)
    for i, d in enumerate(datas):
        put("l%d/layer.tar" % i, d)
    put("manifest.json", json.dumps([{"Config": "config.json", "RepoTags": ["bad:1"], "Layers": ["l%d/layer.tar" % i for i in range(len(datas))]}]).encode())
PY
}

echo "-- paths and links that would lead out"
layer out.tar <<'PY'
add("var/lib/dpkg/status", STATUS)
add("/etc/absolute", b"x")
add("../../etc/shadow", b"x")
add("usr/../../up", b"x")
add("etc/passwd", type=LINK, linkname="/etc/passwd")
add("usr/share/doc/alpha", type=LINK, linkname="../../../../../../../../../../etc")
add("etc/os-release", type=LINK, linkname="../../../../../../../../../../etc/os-release")
add("nowhere", type=HARD, linkname="no/such/file")
add("outside", type=HARD, linkname="../../../etc/passwd")
PY
image out.image out.tar
expect 0 docker-archive:out.image -o json
finds 'pkg:deb/debian/alpha@1.0-1'
# /etc/os-release of this machine was not read: what it names is not in the result
[ ! -r /etc/os-release ] || ! grep -qF "$(. /etc/os-release && echo "$PRETTY_NAME")" out || fail "a link led out of the image"

echo "-- a tar that is cut or changed"
head -c 1300 out.tar >cut.tar
image cut.image cut.tar
expect 3 docker-archive:cut.image -o json
says 'cut.image'
says 'layer 0'
python3 - <<'PY'
data = bytearray(open("out.tar", "rb").read())
data[148] ^= 1
open("flipped.tar", "wb").write(data)
PY
image flipped.image flipped.tar
expect 3 docker-archive:flipped.image -o json
says 'flipped.image'
says 'layer 0'

echo "-- gzip and zstd that are cut or changed"
for tool in gzip zstd; do
    command -v $tool >/dev/null || { echo "SKIPPED: no $tool"; continue; }
    layer big.tar <<'PY'
import random
random.seed(1)
add("var/lib/dpkg/status", STATUS)
add("noise", random.randbytes(300000))
PY
    $tool -qc big.tar >big.$tool
    image whole.image big.$tool
    expect 0 docker-archive:whole.image -o json
    finds 'pkg:deb/debian/alpha@1.0-1'
    head -c 200000 big.$tool >cut.$tool
    image cut.image cut.$tool
    expect 3 docker-archive:cut.image -o json
    says 'layer 0'
    python3 - big.$tool changed.$tool <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[150000] ^= 0xff
data[-6] ^= 0xff
open(sys.argv[2], "wb").write(data)
PY
    image changed.image changed.$tool
    expect 3 docker-archive:changed.image -o json
    says 'layer 0'
done

echo "-- JSON that is cut, deep, or of the wrong shape"
for json in '[{"Config":' '{"a":1}' '[{"Config":17,"Layers":{}}]' "$(printf '[%.0s' $(seq 5000))" ''; do
    rm -rf j && mkdir j && printf '%s' "$json" >j/manifest.json
    tar -C j -cf json.image manifest.json
    expect 3 docker-archive:json.image -o json
    says 'json.image: manifest.json'
done

echo "-- expansion bombs"
head -c 400000000 /dev/zero | gzip -9c >zeros.gz
python3 - <<'PY' || fail "making a bomb"
import gzip, tarfile, io, zlib
info = tarfile.TarInfo("zeros")
info.size = 300 << 20
with gzip.open("bomb.gz", "wb", 9) as out:
    out.write(info.tobuf(tarfile.GNU_FORMAT))
    for _ in range(300):
        out.write(bytes(1 << 20))
    out.write(bytes(1024))
PY
image bomb.image bomb.gz
expect 3 docker-archive:bomb.image -o json --max-ratio 100 --ratio-from-bytes 1000000
says '--max-ratio'
says 'layer 0'
expect 3 docker-archive:bomb.image -o json --max-layer-bytes 10000000
says '--max-layer-bytes'
image zeros.image zeros.gz # zeros alone are no layer: the end of a tar, then nothing
expect 0 docker-archive:zeros.image -o json

echo "-- a path of 10,000 bytes"
layer long.tar <<'PY'
add("var/lib/dpkg/status", STATUS)
add("/".join(["d" * 99] * 100) + "/leaf.sh", b"#!/bin/sh\n")
PY
image long.image long.tar
expect 0 docker-archive:long.image -o json
finds 'pkg:deb/debian/alpha@1.0-1'
finds '--max-path-bytes'
expect 0 docker-archive:long.image -o json --max-path-bytes 20000
grep -qF -- '--max-path-bytes' out && fail "the limit was raised, yet the path was left out"

echo "-- terminal escape codes in names"
layer escape.tar <<'PY'
add("var/lib/dpkg/status", b"Package: evil\x1b]0;owned\x07\nStatus: install ok installed\nVersion: 1\x1b[2J-1\nArchitecture: amd64\n\n"
    + STATUS.replace(b"Architecture", b"Maintainer: \x1b[31mred\nArchitecture"))
add("etc/\x1b[31mred.sh", b"#!/bin/sh\n", mode=0o755)
add("d\x1b]0;owned\x07/" + "x" * 5000, b"")
PY
image "$(printf 'esc\033[31m.image')" escape.tar
control=$(printf '\033\007\233')
for format in table json cyclonedx-json; do
    expect 0 "docker-archive:$(printf 'esc\033[31m.image')" -o $format -v
    LC_ALL=C grep -q "[$control]" out && fail "$format holds control characters"
    LC_ALL=C grep -q "[$control]" err && fail "standard error holds control characters"
done
finds alpha
expect 3 "docker-archive:$(printf 'no\033[31m.image')" -o table
LC_ALL=C grep -q "[$control]" err && fail "an error message holds control characters"
says 'no\x1b[31m.image'

echo "-- a status file with a line of 10 MB, and one of 100 MB"
mkdir -p dir/var/lib/dpkg
python3 - <<'PY' || fail "making status files"
import os
one = "Package: p%d\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nDescription: %s\n\n"
with open("dir/var/lib/dpkg/status", "w") as out:
    out.write(one % (1, "x" * 10000000))
    out.write(one % (2, "short"))
PY
expect 0 dir:dir -o json
finds 'pkg:deb/debian/p1@1'
finds 'pkg:deb/debian/p2@1'
python3 - <<'PY' || fail "making status files"
text = "y" * 20000
with open("dir/var/lib/dpkg/status", "w") as out:
    for n in range(5000):
        out.write("Package: p%d\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nDescription: %s\n\n" % (n, text))
PY
[ "$(stat -c %s dir/var/lib/dpkg/status)" -gt 100000000 ] || fail "the status file is too small"
expect 0 dir:dir -o json
[ "$(grep -c '"purl": "pkg:deb/debian/p' out)" = 5000 ] || fail "packages of a status file of 100 MB: $(grep -c '"purl": "pkg:deb/debian/p' out)"

[ $failures = 0 ] || { echo "$failures failed"; exit 1; }
echo "all as expected"
