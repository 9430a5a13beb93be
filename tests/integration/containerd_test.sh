#!/bin/bash
# containerd_test.sh BUILD_DIR SOURCE_DIR - an image that a real containerd holds, in a root of its own, against the same image as a layout:
# by every name it goes by, while the daemon runs and after it has gone.
set -u
build=$1
stella=$build/bin/stella
for tool in containerd ctr tar sha256sum jq; do
    command -v $tool >/dev/null || { echo "FAILED: $tool is missing (scripts/setup test)"; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: containerd runs as root"; exit 77; }
work=$(mktemp -d) || exit 1
daemon=
trap '[ -z "$daemon" ] || kill $daemon 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
export XDG_CACHE_HOME=$work/cache
failures=0
fail() {
    echo "FAILED: $*"
    sed 's/^/    /' err 2>/dev/null | head -8
    failures=$((failures + 1))
}

echo "-- an image"
mkdir -p root/etc root/var/lib/dpkg oci/blobs/sha256
printf 'ID=debian\nVERSION_ID="12"\n' >root/etc/os-release
printf 'Package: one\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\nMaintainer: A <a@example.org>\n\n' >root/var/lib/dpkg/status
tar --sort=name --owner=0 --group=0 --mtime=@0 -C root -cf layer.tar .
gzip -nk layer.tar
put() { # put FILE: into the layout; prints its descriptor's middle
    local hex
    hex=$(sha256sum "$1" | cut -d' ' -f1)
    cp "$1" "oci/blobs/sha256/$hex"
    printf '"digest":"sha256:%s","size":%d' "$hex" "$(stat -c %s "$1")"
}
printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$(sha256sum layer.tar | cut -d' ' -f1)" >config
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json",%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip",%s}]}' \
    "$(put config)" "$(put layer.tar.gz)" >manifest
manifest=$(put manifest)
printf '{"imageLayoutVersion":"1.0.0"}' >oci/oci-layout
printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",%s,"annotations":{"org.opencontainers.image.ref.name":"1"}}]}' "$manifest" >oci/index.json
tar -C oci -cf image.tar .

echo "-- containerd"
cat >config.toml <<EOF
version = 2
root = "$work/store"
state = "$work/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$work/sock"
EOF
containerd -c config.toml >daemon.log 2>&1 &
daemon=$!
client() { ctr -a sock "$@" >out 2>err || fail "ctr $*"; }
for _ in $(seq 100); do ctr -a sock version >/dev/null 2>&1 && break; sleep 0.1; done
client -n default images import --no-unpack --base-name docker.io/library/one image.tar
client -n default images tag docker.io/library/one:1 docker.io/library/one:latest
client -n other images import --no-unpack --base-name registry.example/two image.tar
for i in $(seq 60); do client -n other images tag registry.example/two:1 "registry.example/some/name-that-fills-its-page:$i"; done

# same NAME: what it names is the image of the layout
packages() { jq -c '[.components[] | .purl] | sort' "$1"; }
"$stella" scan -q oci-layout:oci -o json=layout.json 2>err || fail "the layout"
same() {
    "$stella" scan -q "containerd:$work/store:$1" -o json=got.json >out 2>err || { fail "$1"; return; }
    [ "$(packages got.json)" = "$(packages layout.json)" ] || fail "$1: other packages"
    [ "$(jq -r .subject.digest got.json)" = "$(jq -r .subject.digest layout.json)" ] || fail "$1: another digest"
}
refused() { # refused NAME TEXT
    "$stella" scan -q "containerd:$work/store:$1" -o json >out 2>err && fail "$1 was found"
    grep -q -- "$2" err || fail "$1: standard error does not say $2"
}
names="one one:1 docker.io/library/one:1 default/one default/docker.io/library/one:latest registry.example/two:1 other/registry.example/two:1
    registry.example/some/name-that-fills-its-page:57 $(sha256sum manifest | sed 's/^/sha256:/;s/ .*//')"
grep -q '"one"\|/one@' layout.json || fail "the layout's package was not found"
echo "-- while it runs"
for name in $names; do same "$name"; done
refused two "no image two; there is: default/docker.io/library/one:1"
refused other/one "no image other/one"
"$stella" scan -q "$work/store" -o json >out 2>err || fail "a plain path: the only image"

echo "-- after it has gone"
kill $daemon
wait $daemon 2>/dev/null
daemon=
for name in $names; do same "$name"; done

echo "-- a layer that was thrown away, a database that is none"
rm "store/io.containerd.content.v1.content/blobs/sha256/$(sha256sum layer.tar.gz | cut -d' ' -f1)"
refused one "not in containerd's content store"
truncate -s 4000 store/io.containerd.metadata.v1.bolt/meta.db
refused one "meta.db"

[ $failures -eq 0 ] && echo "ok" || echo "$failures failed"
[ $failures -eq 0 ]
