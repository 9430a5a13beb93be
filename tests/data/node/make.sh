#!/bin/bash
# make.sh WORK-FOLDER: makes the trees of this folder again, with npm, yarn and pnpm from the network. Of each package only its
# package.json stays, and of that only fields the analyzer may look at; expected.txt is what the tool itself lists.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1
mkdir -p "$work"

project() { # folder
    mkdir -p "$1/packages/member"
    cat >"$1/package.json" <<'END'
{
  "name": "project", "version": "1.0.0", "private": true, "workspaces": ["packages/*"],
  "dependencies": {"chalk": "4.1.2", "debug": "2.6.9", "old-ms": "npm:ms@0.7.3", "@sindresorhus/is": "4.6.0"},
  "optionalDependencies": {"is-odd": "3.0.1"},
  "devDependencies": {"is-number": "7.0.0", "is-even": "1.0.0"}
}
END
    echo '{"name": "member", "version": "2.0.0", "dependencies": {"debug": "4.3.4"}}' >"$1/packages/member/package.json"
}

trim() { # from to: manifests, locks and links of a tree
    rm -rf "$2"
    python3 - "$1" "$2" <<'END'
import json, os, shutil, sys
source, target = sys.argv[1:]
kept = {"name", "version", "license", "licenses", "dependencies", "optionalDependencies", "peerDependencies", "devDependencies",
        "scripts", "bin", "author", "homepage", "description", "workspaces"}
locks = {"package-lock.json", ".package-lock.json", "yarn.lock", "pnpm-lock.yaml", "lock.yaml", "pnpm-workspace.yaml"}
for folder, folders, files in os.walk(source):
    to = os.path.join(target, os.path.relpath(folder, source))
    for name in [n for n in folders if os.path.islink(os.path.join(folder, n))]:
        os.makedirs(to, exist_ok=True)
        os.symlink(os.readlink(os.path.join(folder, name)), os.path.join(to, name))
    for name in files:
        path = os.path.join(folder, name)
        if name == "package.json":
            os.makedirs(to, exist_ok=True)
            whole = json.load(open(path))
            scripts = whole.get("scripts", {})
            whole["scripts"] = {k: v for k, v in scripts.items() if k in ("preinstall", "install", "postinstall", "prepare")}
            if "node_modules" in folder:
                whole.pop("devDependencies", None)
            json.dump({k: v for k, v in whole.items() if k in kept and v != {}}, open(os.path.join(to, name), "w"), indent=1)
        elif name in locks:
            os.makedirs(to, exist_ok=True)
            shutil.copy(path, os.path.join(to, name))
END
}

list_of() { # JSON trees of a tool on standard input: name@version, one a line
    python3 -c '
import json, sys
found = set()
def walk(node):
    for key in ("dependencies", "devDependencies", "optionalDependencies"):
        for name, child in (node.get(key) or {}).items():
            if not isinstance(child, dict): # --long repeats the manifest
                continue
            if child.get("version"):
                name = child.get("name") or child.get("from") or name
                found.add(name + "@" + child["version"])
            walk(child)
data = json.load(sys.stdin)
for tree in data if isinstance(data, list) else [data]:
    walk(tree)
print("\n".join(sorted(found)))'
}

project "$work/npm"
(cd "$work/npm" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error && npm ls --all --json --long 2>/dev/null | list_of >expected.txt)
trim "$work/npm" "$here/npm"
cp "$work/npm/expected.txt" "$here/npm.expected.txt"

for version in 1 2; do
    project "$work/npm-v$version"
    (cd "$work/npm-v$version" && npm install --package-lock-only --lockfile-version=$version --ignore-scripts --no-audit --no-fund --loglevel=error)
    mkdir -p "$here/npm-v$version"
    cp "$work/npm-v$version/package-lock.json" "$here/npm-v$version/"
done

project "$work/pnpm"
echo 'packages: ["packages/*"]' >"$work/pnpm/pnpm-workspace.yaml"
(cd "$work/pnpm" && npx --yes pnpm@9 install --ignore-scripts --silent && npx --yes pnpm@9 ls -r --depth=99 --json | list_of >expected.txt)
trim "$work/pnpm" "$here/pnpm"
cp "$work/pnpm/expected.txt" "$here/pnpm.expected.txt"

project "$work/yarn"
(cd "$work/yarn" && npx --yes yarn@1.22.22 install --ignore-scripts --silent)
mkdir -p "$here/yarn"
cp "$work/yarn/yarn.lock" "$here/yarn/"
cp "$work/yarn/package.json" "$here/yarn/"

project "$work/berry"
(cd "$work/berry" && touch yarn.lock && YARN_ENABLE_TELEMETRY=0 YARN_ENABLE_IMMUTABLE_INSTALLS=0 npx --yes @yarnpkg/cli-dist@4 install >/dev/null)
mkdir -p "$here/berry/packages/member"
cp "$work/berry/yarn.lock" "$here/berry/"
cp "$work/berry/package.json" "$here/berry/"
cp "$work/berry/packages/member/package.json" "$here/berry/packages/member/"

cp -r "$work/berry" "$work/pnp"
rm -rf "$work/pnp/.yarn" "$work/pnp/.pnp.cjs"
echo 'enableGlobalCache: false' >"$work/pnp/.yarnrc.yml"
(cd "$work/pnp" && YARN_ENABLE_TELEMETRY=0 npx --yes @yarnpkg/cli-dist@4 install >/dev/null)
mkdir -p "$here/pnp/.yarn/cache"
cp "$work/pnp/yarn.lock" "$here/pnp/"
cp "$work"/pnp/.yarn/cache/{is-odd-npm-3,is-number-npm-6,ms-npm-2.1.2}*.zip "$here/pnp/.yarn/cache/" # the smallest
