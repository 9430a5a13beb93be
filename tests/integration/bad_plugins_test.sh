#!/bin/bash
# bad_plugins_test.sh BUILD_DIR SOURCE_DIR - a signed, trusted analyzer that misbehaves, run by `stella scan` beside the real ones:
# each deed, while it is loaded, while it probes and while it analyzes, costs its own contribution and nothing else.
set -u
build=$1 source=$2
command -v python3 >/dev/null || { echo "skipped: python3 is needed to read the results"; exit 77; }
work=$(mktemp -d) || exit 1
export XDG_CACHE_HOME=$work/user-cache
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
umask 022
failures=0
sanitized=$(grep -c '^STELLA_SANITIZE:[^=]*=..*' "$build/CMakeCache.txt")

# An installation of its own: its processes can be told from those of other tests.
mkdir -p prefix/bin prefix/lib prefix/etc/stella root/etc root/var/lib/dpkg results tmp
cp "$build/bin/stella" prefix/bin/
cp -r "$build/lib/stella" prefix/lib/
cp -r "$build/etc/stella/trust.d" prefix/etc/stella/
chmod -R go-w prefix
stella=$work/prefix/bin/stella
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data TMPDIR=$work/tmp

fail() {
    echo "FAILED: $*"
    sed 's/^/    /' err 2>/dev/null | head -8
    failures=$((failures + 1))
}

printf 'ID=debian\nVERSION_ID="12"\n' >root/etc/os-release
for n in $(seq 200); do
    printf 'Package: p%d\nStatus: install ok installed\nVersion: 1.%d-1\nArchitecture: amd64\nMaintainer: A <a@example.org>\nDepends: p%d\n\n' "$n" "$n" $((n % 200 + 1))
done >root/var/lib/dpkg/status

"$stella" key generate -q bad
"$stella" key trust -q bad.pub || fail "trusting the test's key"
signed() { # signed DEED: the plugin that does it at load, in plugins/
    rm -rf plugins && mkdir plugins
    "$stella" plugin sign -q --key bad --manifest "$source/tests/plugins/bad/manifest.json" --output plugins/bad "$build/tests/bad/$1" || fail "signing $1"
}

nothing_left() {
    local exe left=
    for exe in /proc/[0-9]*/exe; do
        [ "$(readlink "$exe" 2>/dev/null)" = "$stella" ] && left="$left ${exe//[^0-9]/}"
    done
    [ -z "$left" ] || fail "$1: processes are left:$left"
    [ -z "$(ls -A tmp)" ] || fail "$1: left in TMPDIR: $(ls -A tmp)"
    [ "$(find results -mindepth 1 -regextype posix-extended ! -regex 'results/[a-z-]*\.json')" = "" ] || fail "$1: left beside the results: $(ls -A results)"
}

# scan NAME STATUS: what a scan with the plugins in plugins/ comes to
scan() {
    local begun=$SECONDS got
    "$stella" scan dir:root --plugin-dir plugins -o "json=results/$1.json" >out 2>err
    got=$?
    [ $got -eq "$2" ] || fail "$1: exit status $got, expected $2"
    [ $((SECONDS - begun)) -le 60 ] || fail "$1: took $((SECONDS - begun)) seconds"
    nothing_left "$1"
}

"$stella" scan dir:root -o json=results/clean.json >out 2>err || fail "a scan without the plugin"
same='import json, sys
clean, got, wanted = json.load(open(sys.argv[1])), json.load(open(sys.argv[2])), sys.argv[3]
assert len(clean["components"]) >= 200
assert got["components"] == clean["components"] and got["relations"] == clean["relations"], "others lost something"
bad = [e for e in got["errors"] if e.get("plugin") == "org.example.bad"]
assert got["errors"] == bad, "others are blamed: %s" % got["errors"]
if wanted == "none":
    assert not bad, bad
else:
    assert any(e["severity"] == "error" and wanted in e["message"] for e in bad), bad
    assert any(e.get("lost") for e in bad) == (sys.argv[4] == "4"), bad'

# does MOMENT DEED STATUS MESSAGE: the image makes the plugin do it
does() {
    local name=$1-$2
    echo "$1 $2" >root/etc/deed
    scan "$name" "$3"
    python3 -c "$same" results/clean.json "results/$name.json" "$4" "$3" 2>why || fail "$name: $(tail -1 why)"
    [ "$4" = none ] || grep -q 'org.example.bad' err || fail "$name: standard error does not name the plugin"
}

# loads DEED MESSAGE: it does it while it is loaded, and the scan is refused
loads() {
    signed "$1"
    echo nothing >root/etc/deed
    rm -f "results/load-$1.json"
    scan "load-$1" 2
    grep -qE "org.example.bad: .*($2)" err || fail "load-$1: does not say: $2"
    [ ! -e "results/load-$1.json" ] || fail "load-$1: a result without the plugin that was asked for"
}

only_confined() { # what the sandbox refuses: a sanitizer build has none
    [ "$sanitized" = 0 ] && return 0
    echo "SKIPPED: $* (a sanitizer build has no sandbox)"
    return 1
}

# A sanitizer may report a crash itself, and exit.
dies='crashed with signal'
[ "$sanitized" = 0 ] || dies=

signed obedient
echo "-- a plugin that behaves changes nothing"
echo nothing >root/etc/deed
scan behaves 0
python3 -c "$same" results/clean.json results/behaves.json none 0 2>why || fail "a plugin that behaves: $(tail -1 why)"
for moment in probe analyze; do
    echo "-- while it does: $moment"
    does $moment crash 4 "$dies"
    does $moment abort 4 "$dies"
    does $moment exit 4 'ended its process with status'
    does $moment quit 4 'ended its process with status 0'
    does $moment hang 4 'longer than it may'
    does $moment write 4 'longer than it may'
    does $moment thread 0 none
    does $moment allocate 4 ''
    does $moment sizes 4 ''
    only_confined $moment: open, socket, fork, exec, garbage, flood || continue
    does $moment garbage 0 none # to the first descriptor that takes it, without effect
    does $moment flood 4 'longer than it may'
    does $moment open 4 'open refused'
    does $moment socket 4 'socket refused'
    does $moment fork 4 'crashed with signal 31'
    does $moment exec 4 'crashed with signal 31'
done

echo "-- while it is loaded"
loads crash 'dies of SIGSEGV|calls exit'
loads abort 'dies of SIGABRT|calls exit'
loads exit 'exit\(0\)'
loads quit 'exit\(0\)'
loads hang 'takes too long to load'
loads thread 'thread'
loads allocate ''
if only_confined loading: open, socket, fork, exec, write, flood, garbage; then
    loads open '/etc/passwd'
    loads socket 'socket|network'
    loads fork 'fork|process'
    loads exec 'exec|program'
    loads write ''
    loads flood ''
    loads garbage ''
fi
echo "-- a signal ends the wait for a host that hangs"
processes() { find /proc/[0-9]*/exe -lname "$stella" 2>/dev/null | wc -l; }
soon() { # soon COMMAND...: whether it comes true within ten seconds
    local n
    for n in $(seq 100); do "$@" && return; sleep 0.1; done
    return 1
}
has_host() { [ "$(processes)" -ge 2 ]; }
has_ended() { [ "$(processes)" -eq 0 ]; }
signed hang
"$stella" scan dir:root --plugin-dir plugins -o json=results/stopped.json >out 2>err &
soon has_host || fail "no host was started"
begun=$(date +%s%N)
kill -TERM $!
wait $!
got=$?
took=$((($(date +%s%N) - begun) / 1000000))
[ $got -eq 143 ] || fail "a scan ended by SIGTERM: exit status $got, expected 143"
[ $took -le 8000 ] || fail "a scan ended by SIGTERM took $took ms to end"
soon has_ended || fail "a scan ended by SIGTERM left processes"
[ ! -e results/stopped.json ] || fail "a scan ended by SIGTERM left a result"

echo "-- a table of garbage is found out when it is used"
signed sizes
does load sizes 4 ''

[ $failures = 0 ] || { echo "$failures failed"; exit 1; }
echo "all as expected"
