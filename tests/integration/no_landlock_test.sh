#!/bin/bash
# no_landlock_test.sh BUILD_DIR SOURCE_DIR - a kernel without Landlock, as far as our programs can tell: the same results,
# the level is said, and a configured minimum is kept.
set -u
build=$1 source=$2
grep -q '^STELLA_SANITIZE:[^=]*=..*' "$build/CMakeCache.txt" && { echo "SKIPPED: a sanitizer build has no sandbox"; exit 77; }
command -v python3 >/dev/null || { echo "SKIPPED: python3 is needed to make the images"; exit 77; }
prefix=$(mktemp -d "$build/no-landlock-test.XXXXXX") || exit 1
export XDG_CACHE_HOME=$prefix/user-cache
daemon=
cleanup() {
    [ -z "$daemon" ] || kill -9 "$daemon" 2>/dev/null
    umount "$prefix/root/mnt" "$prefix/root/proc" 2>/dev/null
    rm -rf --one-file-system "$prefix"
}
trap cleanup EXIT
cd "$prefix" || exit 1
failures=0
fail() {
    echo "FAILED: $*"
    sed 's/^/    /' err 2>/dev/null | head -8
    failures=$((failures + 1))
}

mkdir -p bin lib etc/stella/conf.d root/etc root/var/lib/dpkg/info root/usr/lib64 top/etc top/var/lib/dpkg
cp "$build/bin/stella" "$build/bin/stellad" bin/
cp -r "$build/lib/stella" lib/
cp -r "$build/etc/stella/trust.d" etc/stella/
chmod -R go-w bin lib etc
export HOME=$prefix XDG_CONFIG_HOME=$prefix/config XDG_DATA_HOME=$prefix/data
stella=$prefix/bin/stella

printf 'ID=debian\nVERSION_ID="12"\n' >root/etc/os-release
for n in $(seq 50); do
    printf 'Package: p%d\nStatus: install ok installed\nVersion: 1.%d-1\nArchitecture: amd64\n\n' "$n" "$n"
    printf '/.\n/usr\n/usr/share/p%d\n' "$n" >"root/var/lib/dpkg/info/p$n.list"
done >root/var/lib/dpkg/status
ln -s /etc/passwd root/etc/escape # names that lead out must not, in either way
ln -s ../../../../../../../../etc root/outside
ln -s usr/lib64 root/lib
mkfifo root/pipe
mkdir root/mnt root/proc
if [ "$(id -u)" = 0 ]; then # what an owner keeps to himself, and other file systems
    echo '#!/bin/sh' >root/own.sh
    chmod 600 root/own.sh && chown 65534 root/own.sh
    mkdir -m 700 root/home && touch root/home/inside && chown 65534 root/home
    mount -t tmpfs none root/mnt 2>/dev/null && touch root/mnt/elsewhere
    mount -t proc none root/proc 2>/dev/null
fi
printf 'Package: top\nStatus: install ok installed\nVersion: 9\nArchitecture: all\n\n' >top/var/lib/dpkg/status
touch top/etc/.wh.escape
for style in oci-layout docker-archive; do
    python3 "$source/tests/tools/make_image.py" $style image.$style gzip:top plain:top || fail "make_image $style"
done

for target in dir:root dir:/etc oci-layout:image.oci-layout docker-archive:image.docker-archive; do
    timeout 30 "$stella" scan "$target" -o json >with 2>err || fail "$target"
    STELLA_TEST_NO_LANDLOCK=1 timeout 30 "$stella" scan "$target" -o json >without 2>err || fail "$target without Landlock"
    cmp -s with without || fail "$target: another result without Landlock"
done
if [ "$(id -u)" = 0 ]; then
    "$stella" scan dir:root -o json >with 2>err
    [ -s err ] && fail "root may read everything, yet something was left out"
    mountpoint -q root/proc && "$stella" scan dir:root --other-file-systems -o json >with 2>err &&
        STELLA_TEST_NO_LANDLOCK=1 "$stella" scan dir:root --other-file-systems -o json >without 2>err
    cmp -s with without || fail "other file systems: another result without Landlock"
fi
grep -q 'pkg:deb/debian/p50@1.50-1' <("$stella" scan dir:root -o json) || fail "the packages of the directory"

level() { "$stella" scan dir:root -v -o json 2>&1 >/dev/null | grep '^sandbox: '; }
case $(level) in
'sandbox: full (seccomp and Landlock)') has_landlock=1 ;;
'sandbox: seccomp (this kernel has no Landlock)') has_landlock=0 ;;
*) fail "-v does not say the level: $(level)" ;;
esac
[ "$(STELLA_TEST_NO_LANDLOCK=1 level)" = 'sandbox: seccomp (this kernel has no Landlock)' ] || fail "-v does not say that there is no Landlock"

# stellad
export STELLA_TEST_NO_LANDLOCK=1
is_ready() { curl -s -o /dev/null -w '%{http_code}' --unix-socket run/stella/stellad.sock http://x/readyz | grep -q 200; }
start() {
    bin/stellad 2>>log &
    daemon=$!
    for _ in $(seq 500); do
        is_ready && return 0
        kill -0 $daemon 2>/dev/null || return 1
        sleep 0.02
    done
    return 1
}
stop() {
    kill -TERM "$daemon" && wait "$daemon"
    daemon=
}
start || fail "stellad does not start: $(tail -1 log)"
"$stella" status --format json | grep -q '"sandbox": "seccomp"' || fail "stella status does not say the level"
stop
echo 'worker: { sandbox_min = "full"; };' >etc/stella/conf.d/10.conf
if start; then
    id=$(curl -s --unix-socket run/stella/stellad.sock -d "{\"target\":\"dir:$prefix/root\"}" http://x/api/v1/scans | grep -o '"scanId":"[0-9a-f]*"' | cut -d'"' -f4)
    for _ in $(seq 500); do
        curl -s --unix-socket run/stella/stellad.sock "http://x/api/v1/scans/$id" >job
        grep -qE '"status":"(failed|succeeded)"' job && break
        sleep 0.02
    done
    grep -q '"status":"failed"' job || fail "a job ran below the configured minimum: $(cat job)"
    stop
else
    wait "$daemon"
    daemon=
fi
grep -qF 'the sandbox reaches the level \"seccomp\" on this machine, the configured minimum is \"full\"' log || fail "the minimum is not said: $(tail -3 log)"
if [ "${has_landlock:-0}" = 1 ]; then
    unset STELLA_TEST_NO_LANDLOCK
    start || fail "the minimum is reached, yet: $(tail -1 log)"
    stop
fi

[ $failures = 0 ] || { echo "$failures failed"; exit 1; }
echo "all as expected"
