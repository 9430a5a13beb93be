#!/bin/bash
# trust_test.sh BUILD: from a key to an installed plugin by the command line alone, and every way in which it is refused.
set -u
build=$1 stella=$1/bin/stella
work=$(mktemp -d /tmp/stella-trust-XXXXXX)
export XDG_CACHE_HOME=$work/user-cache
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data
umask 022
failures=0

fail() { echo "FAILED: $*" >&2; failures=$((failures + 1)); }

# expect STATUS TEXT COMMAND...: the exit status, and a line of the output that holds the text.
expect() {
    local status=$1 text=$2 output got
    shift 2
    output=$("$@" 2>&1); got=$?
    [ "$got" -eq "$status" ] || fail "exit status $got instead of $status: $* : $output"
    grep -qF -- "$text" <<<"$output" || fail "no \"$text\" in the output of: $* : $output"
}

list() { "$stella" plugin list --plugin-dir "$work/plugins" --trust-dir "$work/trust.d" "$@"; }

# A fresh source folder with the plugin's binary and manifest.
source_folder() {
    rm -rf "$work/src"; mkdir "$work/src"
    cp "$build/plugin-objects/tests/fixture-${1:-good}.so" "$work/src/fixture.so"
    cat >"$work/src/manifest.json" <<JSON
{ "schema": "https://stella-ops.org/schema/plugin/1", "id": "org.example.fixture", "version": "1.0.0", "title": "Fixture",
  "license": "Apache-2.0", "abi": { "major": 1, "minor": ${2:-0} }, "file": "fixture.so", "role": "scan",
  "provides": ["org.example.answer/0"], "x-kept": [1, 2] }
JSON
}

signed() { # signed KEY: a signed plugin in plugins/fixture
    source_folder
    rm -rf "$work/plugins"; mkdir "$work/plugins"
    "$stella" plugin sign -q --key "$1" --output "$work/plugins/fixture" "$work/src" || fail "sign with $1"
}

expect 0 'public: ' "$stella" key generate plugins
expect 2 'exists already' "$stella" key generate plugins
[ "$(stat -c %a "$XDG_CONFIG_HOME/stella/keys/plugins.key")" = 600 ] || fail "the secret is not private"
"$stella" key generate -q stranger
mkdir -p "$work/trust.d"
"$stella" key trust -q --trust-dir "$work/trust.d" plugins.pub || fail "key trust"
expect 0 'name: plugins' "$stella" key list --trust-dir "$work/trust.d"
expect 2 'say with --id-prefix' "$stella" key trust --system plugins.pub

signed plugins
expect 0 'org.example.fixture' list
grep -q x-kept "$work/plugins/fixture/plugin.json" || fail "an unknown member was lost"
expect 0 'good; signed by plugins' "$stella" plugin verify --trust-dir "$work/trust.d" "$work/plugins/fixture"
[ "$(list --format json)" = "$(list --format json)" ] || fail "two lists differ"
cp -r "$work/plugins/fixture" "$work/again"
"$stella" plugin sign -q --key plugins --output "$work/again" "$work/src"
diff -r "$work/plugins/fixture" "$work/again" || fail "signing twice gives other bytes"

rm "$work/plugins/fixture/plugin.sig"
expect 2 'fixture/plugin.sig: the plugin is not signed; run: stella plugin sign' list
signed stranger
expect 2 'fixture/plugin.sig: signed by the unknown key' list

signed plugins
cat "$build/plugin-objects/tests/fixture-changed.so" >"$work/plugins/fixture/fixture.so"
expect 2 'fixture/fixture.so: is not the binary that was signed' list
signed plugins
chmod 777 "$work/plugins/fixture"
expect 2 'plugins/fixture: is writable by others (mode 0777); run: chmod go-w' list
signed plugins
cp -r "$work/plugins/fixture" "$work/plugins/twin"
expect 2 'no plugins' list
[ "$(list 2>&1 | grep -c 'is also in')" = 2 ] || fail "two plugins with one id are not both refused"

signed plugins
scope() { rm -f "$work"/trust.d/*; "$stella" key trust -q --trust-dir "$work/trust.d" "$@" plugins.pub || fail "key trust $*"; }
scope --not-after 2020-02-29
expect 2 'has expired' list
scope --id-prefix org.other
expect 2 'may not sign for ids like org.example.fixture' list
scope --interface stella.analyzer
expect 2 'provides org.example.answer/0, for which' list
scope --role connect
expect 2 'has the role scan' list
scope
id=$("$stella" key list --trust-dir "$work/trust.d" | head -1)
echo "{\"schema\": \"https://stella-ops.org/schema/revoked/0\", \"keys\": [\"$id\"]}" >"$work/trust.d/revoked.json"
expect 2 "signed by the revoked key $id" list
echo '{' >"$work/trust.d/revoked.json"
expect 2 'trust.d/revoked.json' list
rm "$work/trust.d/revoked.json"

# What sign itself refuses, so that an author learns it before his users do.
for case in 'runpath:RUNPATH' 'extra:exports the symbol "fixture_extra"' 'nameless:exports the symbol "some_other_name"'; do
    source_folder "${case%%:*}"
    expect 2 "${case#*:}" "$stella" plugin sign --key plugins --output "$work/refused" "$work/src"
    [ ! -e "$work/refused" ] || fail "a refused plugin left something behind"
done
source_folder good 9
expect 2 '/abi: built for ABI 1.9' "$stella" plugin sign --key plugins --output "$work/refused" "$work/src"
chmod 644 "$XDG_CONFIG_HOME/stella/keys/plugins.key"
expect 2 'holds a secret that others may read' "$stella" plugin sign --key plugins "$work/src"
chmod 600 "$XDG_CONFIG_HOME/stella/keys/plugins.key"

# Packing and installing.
signed plugins
expect 0 "$work/p.tar" "$stella" plugin pack -o "$work/p.tar" "$work/plugins/fixture"
touch -d 2001-01-01 "$work"/plugins/fixture/*
"$stella" plugin pack -o "$work/q.tar" "$work/plugins/fixture" >/dev/null
cmp "$work/p.tar" "$work/q.tar" || fail "two packs of one plugin differ"
expect 2 'unknown key' "$stella" plugin install "$work/p.tar"
[ -z "$(ls -A "$XDG_DATA_HOME/stella/plugins")" ] || fail "a refused install left something behind"
"$stella" key trust -q plugins.pub
expect 0 'org.example.fixture 1.0.0 installed' "$stella" plugin install "$work/p.tar"
expect 0 'org.example.fixture 1.0.0 installed' "$stella" plugin install "$work/plugins/fixture"
[ "$(ls -A "$XDG_DATA_HOME/stella/plugins")" = org.example.fixture ] || fail "installing twice left something behind"
expect 0 '"x-kept"' "$stella" plugin show --plugin-dir "$XDG_DATA_HOME/stella/plugins" org.example.fixture
expect 2 'did you mean org.example.fixture?' "$stella" plugin show --plugin-dir "$XDG_DATA_HOME/stella/plugins" org.example.fixtrue
expect 0 '' "$stella" plugin remove org.example.fixture
expect 2 'holds no plugin' "$stella" plugin remove org.example.fixture
expect 2 'holds no plugin' "$stella" plugin remove ../../etc
[ -z "$(ls -A "$XDG_DATA_HOME/stella/plugins")" ] || fail "removing left something behind"

# Archives that try to get out.
mkdir -p "$work/t/org.example.fixture"; cp "$work"/plugins/fixture/* "$work/t/org.example.fixture"
trick() { # trick TEXT TAR-ARGUMENT...
    local text=$1; shift
    tar -C "$work/t" -cf "$work/trick.tar" "$@" 2>/dev/null
    expect 2 "$text" "$stella" plugin install "$work/trick.tar"
}
trick 'is not ID/FILE' -P --transform 's,^,../,' org.example.fixture/plugin.json
trick 'is not ID/FILE' -P --transform 's,^,/tmp/,' org.example.fixture/plugin.json
ln -s /etc/passwd "$work/t/org.example.fixture/evil.so"
trick 'is not a plain file' org.example.fixture/evil.so
rm "$work/t/org.example.fixture/evil.so"; echo x >"$work/t/org.example.fixture/cron"
trick 'has no place in a plugin' org.example.fixture/cron
trick 'is not whole' org.example.fixture/plugin.json
trick 'is there twice' --hard-dereference org.example.fixture/plugin.json org.example.fixture/plugin.json
head -c 3000 "$work/p.tar" >"$work/trick.tar"
expect 2 'trick.tar: ' "$stella" plugin install "$work/trick.tar"

# A directory of the user's that is none: the scan is refused, and names it once.
mkdir -p "$work/other/stella" && echo x >"$work/other/stella/trust.d"
expect 2 'other/stella/trust.d: cannot be opened' env XDG_CONFIG_HOME="$work/other" "$stella" scan "dir:$work/src"
[ "$(XDG_CONFIG_HOME=$work/other "$stella" scan "dir:$work/src" 2>&1 | grep -o other/stella/trust.d | wc -l)" = 1 ] || fail "its path is told twice"

# The command line itself.
expect 2 'did you mean plugin list?' "$stella" plugin lits
expect 2 'unknown option --frmat; did you mean --format?' "$stella" plugin list --frmat json
expect 0 'Exit status:' "$stella" plugin list --help
expect 2 'plugin sign' "$stella" plugin
expect 5 'standard output: cannot be written' bash -c "'$stella' help >/dev/full"
for verb in '' 'plugin list' 'key trust'; do
    "$stella" help --man $verb | grep -q '^\.TH' || fail "no manual page for '$verb'"
done
for shell in bash zsh; do
    ! command -v $shell >/dev/null || "$stella" completion $shell | $shell -n || fail "the $shell completion has an error"
done

[ "$failures" -eq 0 ] && echo "trust_test: all as expected"
exit $((failures > 0))
