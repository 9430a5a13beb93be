#!/bin/bash
# sdk_test.sh BUILD_DIR SOURCE_DIR - the quickstart, word for word from its document, as an ordinary user outside the tree; then plugins
# that break one rule each: `stella plugin test` must name it.
set -u
build=$1 source=$2
for tool in gcc make pkg-config; do
    command -v $tool >/dev/null || { echo "skipped: the quickstart needs $tool"; exit 77; }
done
if [ "${3:-}" != again ]; then
    home=$(mktemp -d) || exit 1
    reach=$(mktemp -d) || exit 1
    trap 'rm -rf "$home" "$reach"' EXIT
    as=() script=$0
    if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
        chown 65534:65534 "$home"
        as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
        # A copy that such a user can reach: the checkout may lie in root's own folder.
        mkdir -p "$reach/build" "$reach/docs/sdk"
        cp -rL "$build"/{bin,etc,include,lib,share} "$reach/build/" && cp "$source/docs/sdk/quickstart.md" "$reach/docs/sdk/" || exit 1
        cp "$0" "$reach/again" && chmod 755 "$reach"
        build=$reach/build source=$reach script=$reach/again
    fi
    "${as[@]}" env -i HOME="$home" PATH="$PATH" TMPDIR="$home" bash "$script" "$build" "$source" again
    exit $?
fi

cd "$HOME" || exit 1
ln -s "$build" build # where the quickstart's checkout has it
failures=0
fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

echo "-- the quickstart, as user $(id -u)"
sed -n 's/^    //p' "$source/docs/sdk/quickstart.md" >quickstart
[ "$(wc -l <quickstart)" -ge 10 ] || fail "the quickstart has lost its commands"
SECONDS=0
timeout 120 bash -eu quickstart >log 2>&1 || { cat log; fail "the quickstart: exit status $?"; exit 1; }
echo "   $SECONDS s"
grep -q 'alpha.*1\.2\.3' log || { cat log; fail "the quickstart's scan does not list alpha 1.2.3"; }
PATH=$HOME/build/bin:$PATH
stella plugin list | grep -q org.example.analyzer.acme || fail "the plugin is not listed"
cd acme || exit 1

echo "-- a plugin that breaks a rule is told which"
cp plugin.c good.c
# What STELLA_ANALYZER stands for, to be changed in part.
cat >entry.c <<'C'
static const stella_analyzer table = {.head = STELLA_HEAD(stella_analyzer), .phase = STELLA_PHASE_APPLICATIONS,
    .interest_count = STELLA_COUNT(interests), .interest_stride = sizeof interests[0], .interests = interests, .analyze = analyze};
C

# entry C: the good plugin with another entry
entry() { { echo '#include <stdlib.h>'; grep -v '^STELLA_ANALYZER' good.c; cat entry.c; echo "$1"; } >plugin.c; }
# instead PATTERN C: the good plugin with the line that holds the pattern replaced
instead() {
    awk -v pattern="$1" -v text="$2" 'BEGIN {print "#include <pthread.h>\n#include <stdlib.h>\n#include <time.h>\n#include <unistd.h>\n#include <sys/socket.h>"}
        index($0, pattern) && !done {print text; done = 1; next} {print} END {exit !done}' good.c >plugin.c || fail "plugin.c has no line: $1"
}
# names CHECK TEXT [ARGUMENT...]: the plugin as it now is must fail that check, with that text
names() {
    local check=$1 text=$2
    shift 2
    make -s CFLAGS='-O1 -Wall' >log 2>&1 || { cat log; fail "$check: the plugin does not build"; return; }
    stella plugin test . "$@" >log 2>&1
    local status=$?
    [ $status -eq 1 ] || fail "$check: exit status $status, expected 1"
    grep "^FAIL  $check " log | grep -qF -- "$text" || { cat log; fail "$check: not named with: $text"; }
}

make -s && stella plugin test . >log || { cat log; fail "the good plugin"; }
loop='for (stella_files it = stella_files_of(0)'
entry 'static const void *anything(const char *id) { (void)id; return &table; }
STELLA_EXPORT const stella_plugin_entry stella_plugin = {.head = STELLA_HEAD(stella_plugin_entry), .id = "org.example.analyzer.acme",
    .version = "0.1.0", .get_interface = anything};'
names interfaces 'an id that does not exist'
entry 'static stella_status leak(const stella_host *host, void **instance, stella_error *err) {
    (void)host, (void)err; *instance = malloc(1000); return *instance ? STELLA_OK : STELLA_E_NOMEM; }
STELLA_PLUGIN("org.example.analyzer.acme", "0.1.0", STELLA_ANALYZER_INTERFACE, table, .create = leak);'
names lifecycle 'leak memory'
instead 'stella_component_evidence(c, file, number' 'stella_component_evidence(c, file, number + 1, STELLA_SV("lockfile"));'
names golden 'another outcome'
instead 'stella_component_evidence(c, file, number' 'static uint32_t calls; stella_component_evidence(c, file, number + calls++ / 1000, STELLA_SV("lockfile"));
    calls += 1000;'
names determinism 'another outcome'
instead "$loop" "const time_t end = time(NULL) + 3; while (time(NULL) < end) {} $loop; stella_files_next(job, &it, &file);)"
names cancel 'stella_cancelled' --only cancel
instead 'stella_component *c = stella_component_add' 'char *copy = stella_arena_alloc(job->arena, 1, name.len); memcpy(copy, name.ptr, name.len);
    stella_component *c = stella_component_add(job, STELLA_SV("generic"), stella_sv_of(copy, name.len), version, 0);'
names memory 'signal 11'
instead 'if (!read_line(line' 'if (!read_line(line, &name, &version)) abort(); if (0) {'
names hostile 'signal 6'
instead "$loop" "$loop; stella_files_next(job, &it, &file);) for (volatile int on = 1; on && file.size == 0;) {} $loop; stella_files_next(job, &it, &file);)"
names hostile 'not done within'
instead 'read_lock(job, &file);' 'return STELLA_E_IO;'
names golden 'filled no error'
instead 'read_lock(job, &file);' 'if (socket(AF_INET, SOCK_STREAM, 0) < 0) return stella_error_set(err, STELLA_E_IO, NULL, "no socket");'
names golden 'no socket' # the sandbox has refused it

thread='static void *sleeper(void *none) { for (;;) sleep(10); return none; }
static void leave_thread(void) { pthread_t t; pthread_create(&t, NULL, sleeper, NULL); }'
instead 'static stella_status analyze(' "$thread
static stella_status analyze(void *self, stella_analysis *job, stella_error *err) { leave_thread();"
names golden 'a thread was started and left behind'
instead 'static stella_status analyze(' "$thread
__attribute__((constructor)) static void at_load(void) { leave_thread(); }
static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {"
names interfaces 'a thread was started and left behind'

echo "-- the good plugin again, and gone"
cp good.c plugin.c
make -s && make -s test >log || { cat log; fail "the good plugin no longer passes"; }
stella plugin remove org.example.analyzer.acme >log 2>&1 || { cat log; fail "stella plugin remove"; }
stella plugin list | grep -q org.example.analyzer.acme && fail "the plugin is still there"

[ $failures -eq 0 ] || { echo "$failures failed"; exit 1; }
echo "all as expected"
