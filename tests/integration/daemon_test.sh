#!/bin/bash
# daemon_test.sh BUILD_DIR: stellad from start to end as its operator sees it, in a prefix of its own.
set -u
build=$1
prefix=$(mktemp -d "$build/daemon-test.XXXXXX")
export XDG_CACHE_HOME=$prefix/user-cache
daemon=
failures=0

cleanup() {
    [ -n "$daemon" ] && kill -9 "$daemon" 2>/dev/null
    rm -rf "$prefix"
}
trap cleanup EXIT

say() { printf '%s\n' "$*"; }
ok() { say "ok    $1"; }
bad() {
    say "FAIL  $1"
    failures=$((failures + 1))
}
# check NAME command...: the command must succeed
check() {
    local name=$1
    shift
    if "$@"; then ok "$name"; else bad "$name"; fi
}
# fails_with NAME STATUS TEXT command...: it must end with the status and say the text
fails_with() {
    local name=$1 wanted=$2 text=$3 said status
    shift 3
    said=$("$@" 2>&1)
    status=$?
    if [ "$status" = "$wanted" ] && grep -qF -- "$text" <<<"$said"; then ok "$name"; else bad "$name: status $status: $said"; fi
}
http() { curl -s --unix-socket "$prefix/run/stella/stellad.sock" "$@"; }
wait_for() { # wait_for SECONDS command...
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -ge $end ] && return 1
        sleep 0.02
    done
}
is_ready() { [ "$(http -o /dev/null -w '%{http_code}' http://x/readyz)" = 200 ]; }
start() {
    "$prefix/bin/stellad" 2>>"$prefix/log" &
    daemon=$!
    wait_for 10 is_ready
}
is_gone() { ! kill -0 "$daemon" 2>/dev/null; }
stop() {
    kill -TERM "$daemon"
    wait "$daemon"
    stopped=$?
    daemon=
    return $stopped
}
logged() { grep -qF -- "$1" "$prefix/log"; }

mkdir -p "$prefix/bin" "$prefix/lib" "$prefix/etc/stella/conf.d" "$prefix/target/var/lib/dpkg" "$prefix/target/etc"
cp "$build/bin/stellad" "$build/bin/stella" "$prefix/bin/"
cp -r "$build/lib/stella" "$prefix/lib/"
cp -r "$build/etc/stella/trust.d" "$prefix/etc/stella/"
chmod -R go-w "$prefix"
cp /etc/os-release "$prefix/target/etc/"
cp /var/lib/dpkg/status "$prefix/target/var/lib/dpkg/"
stella=$prefix/bin/stella

# --- start on built-in defaults
check "starts without any configuration file" start
check "answers health" test "$(http http://x/healthz)" = '{"status":"ok"}'
check "shows its metrics" grep -q '^stellaops_worker_hosts ' <<<"$(http http://x/metrics)"
check "stella status shows every plugin ready" grep -q '"state": "ready"' <<<"$("$stella" status --format json)"
says_no_refusal() { "$stella" status >"$prefix/status" && test -s "$prefix/status" && ! grep -q refused "$prefix/status"; }
check "stella status names no refusal" says_no_refusal
check "one line an event, JSON off a terminal" grep -q '^{"time":"[^"]*","level":"info","message":"ready"' "$prefix/log"
fails_with "a second daemon on the state directory is refused by name" 5 "process $daemon uses this state directory" \
    "$prefix/bin/stellad"
check "the first daemon is unharmed" is_ready

# --- state
check "state check" grep -q '"schema":1' <<<"$("$stella" state check)"
check "state backup" "$stella" state backup "$prefix/backup.mdb"
fails_with "a backup never replaces a file" 5 "File exists" "$stella" state backup "$prefix/backup.mdb"

# --- scans
scan() { http -X POST http://x/api/v1/scans -d "$1"; }
id_of() { grep -o '"scanId":"[0-9a-f]*"' | cut -d'"' -f4; }
job_status() { http "http://x/api/v1/scans/$1" | grep -o '"status":"[a-z]*"' | head -1 | cut -d'"' -f4; }
is_finished() { case $(job_status "$1") in succeeded | failed) ;; *) return 1 ;; esac; }
id=$(scan "{\"target\":\"dir:$prefix/target\",\"formats\":[\"cyclonedx-json\"]}" | id_of)
check "a scan is accepted with an id" test ${#id} = 32
check "the same scan has the same id" test "$(scan "{\"target\":\"dir:$prefix/target\",\"formats\":[\"cyclonedx-json\"]}" | id_of)" = "$id"
check "it finishes" wait_for 20 is_finished "$id"
check "it succeeded" test "$(job_status "$id")" = succeeded
packages=$(grep -cE '^Status: [a-z]+ ok (installed|triggers-awaited|triggers-pending)$' "$prefix/target/var/lib/dpkg/status")
check "there are packages to find" test "$packages" -gt 0
http "http://x/api/v1/scans/$id/result?format=cyclonedx-json" >"$prefix/result.json"
check "the result lists every package" test "$(grep -c '"purl": "pkg:deb/' "$prefix/result.json")" = "$packages"
lost=$(scan '{"target":"dir:/no/such/folder"}' | id_of)
check "a scan that cannot be done is reported" wait_for 20 is_finished "$lost"
check "as failed" test "$(job_status "$lost")" = failed
check "a malformed request is a problem document" grep -q '"at":"/formats"' <<<"$(scan '{"target":"x","formats":[]}')"

# --- reload
printf 'log: { levle = "debug"; };\n' >"$prefix/etc/stella/conf.d/10.conf"
fails_with "the configuration check names file, line and key" 2 "10.conf:1: log.levle: there is no such key; did you mean log.level?" \
    "$prefix/bin/stellad" --check-config
kill -HUP "$daemon"
check "a broken configuration is refused on SIGHUP" wait_for 10 logged "reload refused, everything stays as it was"
check "and the daemon goes on" is_ready
fails_with "plugin reload tells the same" 2 "log.levle: there is no such key" "$stella" plugin reload
printf 'log: { level = "debug"; };\nhttp: { threads = 3; };\n' >"$prefix/etc/stella/conf.d/10.conf"
check "a good one is taken" "$stella" plugin reload
check "what needs a start is said" logged '"key":"http.threads"'
check "config show names the origin" grep -q "^log.level = \"debug\";  # .*10.conf:1$" <<<"$("$stella" config show)"
cp -r "$prefix/lib/stella/plugins/org.stella-ops.emitter.table" "$prefix/lib/stella/plugins/org.example.forged"
printf 'x' >>"$prefix/lib/stella/plugins/org.example.forged/plugin.json"
fails_with "a reload that meets a forged plugin is refused" 2 "org.example.forged" "$stella" plugin reload
rm -rf "$prefix/lib/stella/plugins/org.example.forged"
check "and works again without it" "$stella" plugin reload

# --- end
check "SIGTERM drains and exits 0" stop
check "the socket is gone" test ! -e "$prefix/run/stella/stellad.sock"
check "state check works on the store itself" grep -q '"schema":1' <<<"$("$stella" state check)"

# --- sd_notify
listen='import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
with open(sys.argv[2], "ab", buffering=0) as f:
    while True: f.write(s.recv(4096) + b"\n")'
if command -v python3 >/dev/null; then
    export NOTIFY_SOCKET=$prefix/notify.sock
    python3 -c "$listen" "$NOTIFY_SOCKET" "$prefix/notified" &
    listener=$!
    wait_for 5 test -S "$NOTIFY_SOCKET"
    check "starts under a service manager" start
    check "tells READY" wait_for 5 grep -q 'READY=1' "$prefix/notified"
    kill -HUP "$daemon"
    check "tells RELOADING with the time" wait_for 5 grep -q 'MONOTONIC_USEC=[0-9]' "$prefix/notified"
    check "ends" stop
    check "tells STOPPING" wait_for 5 grep -q 'STOPPING=1' "$prefix/notified"
    unset NOTIFY_SOCKET
    kill "$listener"
    wait "$listener" 2>/dev/null
else
    say "skip  sd_notify: needs python3"
fi

# --- kill -9 at any moment
broken=0
accepted=()
for round in $(seq 1 24); do
    if ! start; then
        broken=$((broken + 1))
        break
    fi
    for n in 1 2 3; do
        new=$(scan "{\"target\":\"dir:$prefix/target\",\"clientRequestId\":\"$round-$n\"}" | id_of)
        [ -n "$new" ] && accepted+=("$new")
    done
    sleep "0.0$((RANDOM % 90 + 10))"
    kill -9 "$daemon"
    wait "$daemon" 2>/dev/null
    daemon=
    "$stella" state check >/dev/null || broken=$((broken + 1))
done
check "the store opens after each of 24 kills" test "$broken" = 0
check "jobs were accepted in between" test ${#accepted[@]} -ge 24
check "starts again" start
unfinished=0
for job in "${accepted[@]}"; do wait_for 60 is_finished "$job" || unfinished=$((unfinished + 1)); done
check "each of ${#accepted[@]} accepted jobs is finished or reported failed" test "$unfinished" = 0
lasting=0
for job in "${accepted[@]}"; do [ "$(job_status "$job")" = succeeded ] && lasting=$((lasting + 1)); done
check "and most succeeded: $lasting" test "$lasting" -ge $((${#accepted[@]} / 2))
check "results are kept" test -n "$(ls "$prefix"/var/lib/stella/results)"
pids() { # of this installation, whatever they call themselves
    local exe
    for exe in /proc/[0-9]*/exe; do
        [ "$(readlink "$exe" 2>/dev/null)" = "$prefix/bin/stellad" ] && echo "${exe//[^0-9]/}"
    done
}
processes() { pids | wc -l; }
check "the daemon and its host are seen" test "$(processes)" -ge 2
check "ends" stop
are_gone() { test "$(processes)" = 0; }
check "no process is left behind" wait_for 5 are_gone
check "nothing half-written is left" test -z "$(ls "$prefix"/var/lib/stella/results/*.partial 2>/dev/null)"

# --- kill -9 of the hosts and of the jobs' children while jobs run
start
struck=() killed=0
has_host() { test "$(processes)" -ge 2; }
for round in $(seq 1 5); do # a host that crashes more often is held
    new=$(scan "{\"target\":\"dir:$prefix/target\",\"clientRequestId\":\"host-$round\"}" | id_of)
    [ -n "$new" ] && struck+=("$new")
    wait_for 10 has_host # it comes back with a delay that doubles
    sleep "0.0$((RANDOM % 9))"
    if [ $((round % 2)) = 0 ]; then victims=$(pgrep -P "$daemon"); else victims=$(pids | grep -vx "$daemon"); fi
    [ -n "$victims" ] && kill -9 $victims 2>/dev/null && killed=$((killed + 1))
    sleep 0.1
done
check "hosts were killed: $killed times" test "$killed" -ge 3
check "each of these scans was accepted" test ${#struck[@]} = 5
unfinished=0
for job in "${struck[@]}"; do wait_for 60 is_finished "$job" || unfinished=$((unfinished + 1)); done
check "and is finished or reported failed" test "$unfinished" = 0
check "the daemon lives" is_ready
new=$(scan "{\"target\":\"dir:$prefix/target\",\"clientRequestId\":\"after\"}" | id_of)
check "a scan after that finishes" wait_for 60 is_finished "$new"
check "and succeeds" test "$(job_status "$new")" = succeeded
check "it ends" stop
check "no host or child is left behind" wait_for 5 are_gone

# --- a second signal
start
has_ready_host() { http http://x/metrics | grep -q '^stellaops_worker_hosts 1'; }
check "its host becomes ready" wait_for 10 has_ready_host
host=$(pgrep -P "$daemon" | head -1)
kill -STOP "$host" # a host that answers nothing holds the drain
scan "{\"target\":\"dir:$prefix/target\",\"clientRequestId\":\"stuck\"}" >/dev/null
sleep 0.2
kill -TERM "$daemon"
sleep 0.3
check "a drain waits for what runs" kill -0 "$daemon"
kill -TERM "$daemon"
SECONDS=0
wait "$daemon"
forced=$?
daemon=
kill -KILL "$host" 2>/dev/null
check "a second signal ends it at once" test "$forced" = 1 -a "$SECONDS" -le 2

# --- a signal before the host is ready
"$prefix/bin/stellad" 2>>"$prefix/log" &
daemon=$!
has_child() { pgrep -P "$daemon" -f -- --host; }
check "the host is started at once" wait_for 10 has_child
host=$(pgrep -P "$daemon" | head -1)
kill -STOP "$host" # it never becomes ready
drains=$(grep -c '"message":"draining"' "$prefix/log")
is_draining() { [ "$(grep -c '"message":"draining"' "$prefix/log")" -gt "$drains" ]; }
kill -TERM "$daemon"
check "a signal is heard before the host is ready" wait_for 4 is_draining
kill -TERM "$daemon" # the scan that was stuck is running again, and would be waited for
wait "$daemon"
daemon=
kill -KILL "$host" 2>/dev/null

[ $failures = 0 ] || {
    tail -20 "$prefix/log"
    say "$failures failed"
    exit 1
}
