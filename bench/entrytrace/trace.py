#!/usr/bin/env python3
"""trace.py [--work DIR] [NAME...]: executes trees of the entrypoint corpus, each once, in a throw-away root under strace, and writes what each
ran to tests/data/entrytrace/NAME.traced.json. Needs root, and the packages strace, busybox-static, gcc and what the trees use as tools.

What an image runs is what lives when nothing is started any more: the processes that execute a program the tree declares, and those without
children that are no tool of the base. Each is written with the chain of programs that led to it from the entrypoint."""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import roots  # noqa: E402
from roots import corpus  # noqa: E402
from strace_log import Log  # noqa: E402

TREES = os.path.join(roots.HERE, "..", "..", "tests", "data", "entrytrace")
LIMIT_S, QUIET_S = 8.0, 0.9
WAITERS = ("sleep", "tail", "cat", "sh", "bash", "dash", "busybox", "inotifywait")


def command(config):
    """The words an image runs: what Docker makes of ENTRYPOINT and CMD in the configuration."""
    return (config.get("Entrypoint") or []) + (config.get("Cmd") or [])


class Alive:
    """A process that lives, as /proc tells."""

    def __init__(self, pid):
        base = f"/proc/{pid}"
        self.pid = pid
        fields = open(base + "/stat").read().rsplit(")", 1)[1].split()
        self.is_zombie, self.parent = fields[0] == "Z", int(fields[1])

    def look(self):
        base = f"/proc/{self.pid}"
        if not self.is_zombie:
            self.program = os.readlink(base + "/exe")
            self.args = open(base + "/cmdline", "rb").read().decode("utf-8", "replace").split("\0")[:-1]
            self.directory = os.readlink(base + "/cwd")
            self.user = int(next(l for l in open(base + "/status") if l.startswith("Uid:")).split()[1])


def living(first):
    """Every process below that one, itself among them."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                found[int(entry)] = Alive(int(entry))
            except (FileNotFoundError, ProcessLookupError):
                pass
    inside = {first}
    for pid in sorted(found):
        at, way = pid, []
        while at in found and at not in inside:
            way.append(at)
            at = found[at].parent
        if at in inside:
            inside.update(way)
    alive = {}
    for pid in (pid for pid in inside if pid in found and not found[pid].is_zombie):
        try:
            found[pid].look()
            alive[pid] = found[pid]
        except (FileNotFoundError, ProcessLookupError):
            pass
    return alive


def waits_shortly(process):
    """A loop that waits a moment: what comes after it is still to come."""
    return os.path.basename(process.args[0] if process.args else "") == "sleep" and process.args[-1] in ("0.1", "0.5", "1", "2", "3", "1s", "2s")


def has_begun(tree, root, alive):
    """Whether something that the tree declares lives: a loaded machine takes its time."""
    declared = {root + "/" + p for p in tree.programs}
    return not declared or any(p.program in declared for p in alive.values())


def settled(tree, root, tracer, log_path):
    """The log and the living processes when nothing happens any more."""
    began, changed, size = time.monotonic(), time.monotonic(), -1
    while True:
        time.sleep(0.1)
        now = time.monotonic()
        grown = os.path.getsize(log_path) if os.path.exists(log_path) else 0
        if grown != size:
            size, changed = grown, now
        log = Log(open(log_path, encoding="latin-1").read()) if size > 0 else None
        if tracer.poll() is not None:
            return log, {}
        if not (log and log.first and log.first.programs):
            if now - began > LIMIT_S * 3:
                return log, {}
            continue
        alive = living(log.first.pid)
        if now - began > LIMIT_S or (now - changed > QUIET_S and has_begun(tree, root, alive) and not any(waits_shortly(p) for p in alive.values())):
            return Log(open(log_path, encoding="latin-1").read()), alive


def inside(root, path):
    return path[len(root):] or "/" if path.startswith(root) else path


def observed(tree, root, log, alive):
    """The document: runs, waiting processes, what was loaded."""
    for process in alive.values():
        process.program, process.directory = inside(root, process.program), inside(root, process.directory)
    parents = {p.parent for p in alive.values()}
    declared = {"/" + p for p in tree.programs}
    runs = [p for p in alive.values() if p.program in declared]
    runs += [p for p in alive.values() if p not in runs and p.pid not in parents and os.path.basename(p.program) not in WAITERS]
    if not runs:
        runs = [p for p in alive.values() if p.pid not in parents]
    order = sorted(alive, key=lambda pid: (alive[pid].program, alive[pid].args))  # supervisors start theirs in any order

    def described(process):
        return {"program": process.program, "args": process.args, "user": process.user, "directory": process.directory,
                "chain": log.chain(process.pid)}

    others = [{"program": p.program, "args": p.args} for p in (alive[pid] for pid in order) if p not in runs]
    return {"runs": [described(alive[pid]) for pid in order if alive[pid] in runs], "beside": others,
            "loaded": [{"program": path, "libraries": sorted(libraries)} for path, libraries in sorted(log.loaded().items())]}


def written(document):
    """One line for each thing that is not nested further: a changed trace is a small diff."""
    def lines(things, indent):
        return "[" + ",".join("\n" + indent + json.dumps(t, sort_keys=True, ensure_ascii=False) for t in things) + "]"

    runs = []
    for run in document["runs"]:
        rest = {k: v for k, v in run.items() if k != "chain"}
        runs.append("\n  " + json.dumps(rest, sort_keys=True, ensure_ascii=False)[:-1] + ', "chain": ' + lines(run["chain"], "    ") + "}")
    return ('{"runs": [' + ",".join(runs) + '],\n "beside": ' + lines(document["beside"], "  ") + ',\n "loaded": '
            + lines(document["loaded"], "  ") + "}\n")


def execute(pool, tree, folder):
    for name in ("own", "upper", "work", "root"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    spec = {"root": folder + "/root", "upper": folder + "/upper", "work": folder + "/work", "lower": pool.lower(tree, folder + "/own"),
            "args": command(tree.config), "env": tree.config["Env"], "user": tree.config.get("User", ""),
            "workdir": tree.config.get("WorkingDir") or "/"}
    with open(folder + "/spec.json", "w") as f:
        json.dump(spec, f)
    log_path = folder + "/strace.log"
    words = ["strace", "-f", "-qq", "-o", log_path, "-s", "4096", "--decode-pids=pidns", "-e", "signal=none",
             "-e", "trace=execve,execveat,openat,clone,clone3,fork,vfork", "unshare", "--mount", "--net", "--uts", "--ipc", "--pid",
             "--fork", "--kill-child", "/usr/bin/python3", "-S", os.path.join(roots.HERE, "launch.py"), folder + "/spec.json"]
    said = open(folder + "/said", "w")
    tracer = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=said, stderr=said, start_new_session=True)
    log = None
    try:
        log, alive = settled(tree, spec["root"], tracer, log_path)
        begun = bool(alive) and has_begun(tree, spec["root"], alive)
        document = observed(tree, spec["root"], log, alive) if begun else None
    finally:
        if log and log.first:
            try:
                os.kill(log.first.pid, signal.SIGKILL)  # the first of its namespace: all go with it
            except ProcessLookupError:
                pass
        tracer.terminate()
        tracer.wait()
    return document, open(folder + "/said", errors="replace").read()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", default="build/entrytrace", help="where roots are kept")
    options.add_argument("--keep", action="store_true", help="keep the folder of each run")
    options.add_argument("--missing", action="store_true", help="only trees that were not traced yet, or were changed since")
    options.add_argument("names", nargs="*")
    chosen = options.parse_args()
    pool, failed = roots.Pool(chosen.work), []
    for tree in corpus.all_trees(TREES, chosen.names):
        out = tree.path[: -len("tree")] + "traced.json"
        if chosen.missing and os.path.exists(out) and os.path.getmtime(out) >= os.path.getmtime(tree.path):
            continue
        folder = tempfile.mkdtemp(prefix=tree.name + ".", dir=pool.folder)
        document, said = execute(pool, tree, folder)
        if document and document["runs"]:
            with open(out, "w", encoding="utf-8") as f:
                f.write(written(document))
            print(f"{tree.name}: " + "; ".join(" ".join(r["args"]) for r in document["runs"]), flush=True)
        else:
            failed.append(tree.name)
            print(f"{tree.name}: NOTHING LIVES\n{said[-1500:]}", flush=True)
        if not chosen.keep:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(f"nothing lives: {' '.join(failed)}" if failed else 0)


main()
