#!/usr/bin/env python3
"""views.py [--work DIR] [--write] BUILD_DIR [NAME...]: the view "usage" of real multi-service roots against what the dynamic loader says (ldd) and what
the same tree really does (a run under strace).

Each root is made once by mmdebstrap from Debian's packages, with the configuration of a few services added (VIEWS below). It is scanned, then run in
namespaces of its own with requests sent to its services, then compared:
  ldd      the libraries that the view says a program or module needs are those that the root's own ldd names for it: equal sets
  run      each package of which a file was executed, or mapped executable, is in the view
  idle     each package in the view of which nothing was opened is there for a reason that is told
Exit status 1 when something differs without a reason. --write puts the page into docs/entrytrace/views.md. Needs root, strace, mmdebstrap."""
import argparse
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from strace_log import Log, unescape  # noqa: E402

REPOSITORY = os.path.join(HERE, "..", "..")

# What is there beside Debian's packages: file, text. "start" is the entrypoint; "ask" is run in the root once everything listens.
VIEWS = {
    "services": {
        "is": "supervisord with nginx (two dynamic modules), redis, gunicorn with a Flask application (lxml, psycopg2), php-fpm with 25 extensions",
        "packages": "supervisor,nginx,libnginx-mod-http-image-filter,libnginx-mod-http-geoip2,redis-server,gunicorn,python3-flask,python3-lxml,"
                    "python3-psycopg2,php-fpm,php-gd,php-pgsql,php-xml,ca-certificates,curl",
        "start": ["/usr/bin/supervisord", "-c", "/etc/supervisor/supervisord.conf"],
        "files": {
            "etc/supervisor/supervisord.conf": "[supervisord]\nnodaemon=true\nuser=root\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=/run/supervisord.pid\n"
                                               "[program:nginx]\ncommand=/usr/sbin/nginx -g \"daemon off;\"\n"
                                               "[program:redis]\ncommand=/usr/bin/redis-server --save \"\" --bind 127.0.0.1\nuser=redis\n"
                                               "[program:api]\ncommand=/usr/bin/gunicorn --bind 127.0.0.1:8000 --workers 1 app:app\ndirectory=/srv/api\n"
                                               "[program:fpm]\ncommand=/usr/sbin/php-fpm8.2 -F\n",
            "srv/api/app.py": "from flask import Flask, jsonify, render_template_string\nimport psycopg2\nfrom lxml import etree\n\napp = Flask(__name__)\n\n\n"
                              "@app.route(\"/\")\ndef index():\n    return jsonify(root=etree.fromstring(\"<a/>\").tag, page=render_template_string(\"{{ 1 }}\"))\n",
            "run/php/.keep": "",
        },
        "ask": ["curl -sS http://127.0.0.1:8000/", "curl -sS http://127.0.0.1/ -o /dev/null"],
        "ports": [80, 8000, 6379],
    },
    "data": {
        "is": "a shell script under tini that starts an Express application and Tomcat beside, and PostgreSQL through gosu",
        "packages": "gosu,tini,postgresql-15,nodejs,node-express,tomcat10,openjdk-17-jre-headless,ca-certificates",
        "start": ["/usr/bin/tini", "--", "/usr/local/bin/start.sh"],
        "files": {
            "usr/local/bin/start.sh": "#!/bin/bash\nset -e\nexport CATALINA_HOME=/usr/share/tomcat10 CATALINA_BASE=/var/lib/tomcat10 CATALINA_TMPDIR=/tmp\n"
                                      "export JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64\n"
                                      "node /srv/web/server.js &\n"
                                      "/usr/share/tomcat10/bin/catalina.sh run &\n"
                                      "exec gosu postgres /usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main "
                                      "-c config_file=/etc/postgresql/15/main/postgresql.conf\n",
            "srv/web/package.json": "{\"name\": \"web\", \"version\": \"1.0.0\", \"dependencies\": {\"express\": \"*\"}}\n",
            "srv/web/server.js": "const express = require('express');\nconst { route } = require('./routes');\nconst app = express();\nroute(app);\n"
                                 "app.listen(3000, '127.0.0.1');\n",
            "srv/web/routes.js": "exports.route = (app) => app.get('/', (request, response) => response.json({ ok: true }));\n",
        },
        "ask": ["gosu postgres psql -c 'select upper(version())'",
                "node -e \"require('http').get('http://127.0.0.1:3000/', r => r.pipe(process.stdout))\""],
        "ports": [3000, 5432, 8080],
    },
}
# Packages that run and that no rule can reach, with the reason. A package that needs none of these words is an error of the product.
UNREACHED = {
}

CALLS = "execve,execveat,open,openat,mmap,clone,clone3,fork,vfork"
MMAP = re.compile(r"mmap\(.*PROT_EXEC.*, \d+<(.*?)>, ")
OPEN = re.compile(r'open(?:at)?\(.*\) += \d+<(.*?)>$')
EXEC = re.compile(r'execve\((".*?(?<!\\)"), .* = 0$')


# ---- roots

def make_root(name, work):
    root = os.path.join(work, name + ".root")
    view = VIEWS[name]
    if not os.path.isdir(root):
        sources = [os.path.join("/etc/apt/sources.list.d", f) for f in sorted(os.listdir("/etc/apt/sources.list.d")) if f.endswith((".list", ".sources"))]
        if os.path.getsize("/etc/apt/sources.list") if os.path.exists("/etc/apt/sources.list") else 0:
            sources.insert(0, "/etc/apt/sources.list")
        part = root + ".part"
        shutil.rmtree(part, ignore_errors=True)
        subprocess.run(["mmdebstrap", "--mode=root", "--variant=minbase", "--skip=check/empty", "--include=" + view["packages"], "bookworm", part]
                       + sources, check=True)
        os.rename(part, root)
    for path, text in view["files"].items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(full, 0o755 if text.startswith("#!") else 0o644)
    return root


def real(root, path):
    """Where a path leads inside the root, links followed; without the first slash."""
    done, todo, budget = "", [p for p in path.split("/") if p and p != "."], 64
    while todo and budget:
        part = todo.pop(0)
        here = os.path.dirname(done) if part == ".." else os.path.join(done, part)
        full = os.path.join(root, here)
        if part != ".." and os.path.islink(full):
            budget -= 1
            target = os.readlink(full)
            done = "" if target.startswith("/") else done
            todo = [p for p in target.split("/") if p and p != "."] + todo
        else:
            done = here
    return done


def owners(root):
    """path: Debian package, links of directories followed."""
    found, folders = {}, {}
    info = os.path.join(root, "var/lib/dpkg/info")
    for name in sorted(os.listdir(info)):
        if not name.endswith(".list"):
            continue
        package = name[:-5].split(":")[0]
        for line in open(os.path.join(info, name), encoding="utf-8"):
            folder, base = os.path.split(line.strip().lstrip("/"))
            if folder not in folders:
                folders[folder] = real(root, folder)
            path = os.path.join(folders[folder], base)
            if not os.path.isdir(os.path.join(root, path)) or os.path.islink(os.path.join(root, path)):
                found[path] = package
    return found


# ---- what is said

def scan(stella, root, view, *more):
    words = [stella, "scan", "dir:" + root, "--managed", "-q", "-o", "json", *more]
    for word in view["start"]:
        words += ["--entrypoint", word]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def trace_document(stella, root, view):
    words = [stella, "entrytrace", "dir:" + root, "--format", "json"]
    for word in view["start"]:
        words += ["--entrypoint", word]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def deb_names(document):
    return {c["name"]: c for c in document["components"] if c.get("type") == "deb"}


# ---- ldd

def ldd(root, path):
    """The files that the root's own loader maps for an ELF file, links followed."""
    done = subprocess.run(["chroot", root, "/usr/bin/ldd", "/" + path], capture_output=True, text=True)
    return {real(root, p) for p in re.findall(r"(?:=> )?(/\S+) \(0x", done.stdout)}


def is_elf(root, path):
    try:
        with open(os.path.join(root, path), "rb") as f:
            return f.read(4) == b"\x7fELF"
    except OSError:
        return False


# ---- the run

def run(root, view, folder):
    """Executes the tree; {"executed": paths, "mapped": paths, "opened": paths}, and what its services answered."""
    for name in ("upper", "work", "root"):
        shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
        os.makedirs(os.path.join(folder, name))
    spec = {"root": folder + "/root", "upper": folder + "/upper", "work": folder + "/work", "lower": [root], "args": view["start"],
            "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], "user": "", "workdir": "/", "loopback": True}
    with open(folder + "/spec.json", "w", encoding="utf-8") as f:
        json.dump(spec, f)
    log_path = folder + "/strace.log"
    words = ["strace", "-f", "-y", "-qq", "-o", log_path, "-s", "4096", "-e", "signal=none", "-e", "trace=" + CALLS, "unshare", "--mount", "--net",
             "--uts", "--ipc", "--pid", "--fork", "--kill-child", "/usr/bin/python3", "-S", os.path.join(HERE, "launch.py"), folder + "/spec.json"]
    with open(folder + "/said", "w", encoding="utf-8") as said:
        tracer = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
    try:
        answers = asked(view, tracer)
    finally:
        first = first_of(tracer)
        if first:
            os.kill(first, signal.SIGKILL)  # the first of its namespace: all go with it
        tracer.terminate()
        tracer.wait()
    return touched(open(log_path, encoding="latin-1"), spec["root"], root), answers


def first_of(tracer):
    """The process that became the entrypoint: the child of unshare."""
    for pid in (p for p in os.listdir("/proc") if p.isdigit()):
        try:
            stat = open(f"/proc/{pid}/stat", encoding="latin-1").read().rsplit(")", 1)[1].split()
            above = open(f"/proc/{stat[1]}/stat", encoding="latin-1").read().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError, IndexError):
            continue
        if int(above[1]) == tracer.pid:
            return int(pid)
    return None


def inside(pid, *words):
    return subprocess.run(["nsenter", f"--target={pid}", "--net", "--pid", "--mount", "--root=" + f"/proc/{pid}/root", "--wd=" + f"/proc/{pid}/root", *words],
                          capture_output=True, text=True)


def asked(view, tracer):
    pid, wanted, limit = None, set(view["ports"]), time.monotonic() + 120
    while time.monotonic() < limit and tracer.poll() is None:
        time.sleep(0.5)
        pid = first_of(tracer)
        try:
            lines = open(f"/proc/{pid}/net/tcp", encoding="ascii").read() + open(f"/proc/{pid}/net/tcp6", encoding="ascii").read() if pid else ""
        except OSError:
            continue
        listening = {int(l.split()[1].split(":")[1], 16) for l in lines.split("\n") if len(l.split()) > 3 and l.split()[3] == "0A"}
        if wanted <= listening:
            break
    else:
        return ["not every service listens"]
    time.sleep(3)
    return [(lambda d: (d.stdout + d.stderr).strip())(inside(pid, "/bin/sh", "-c", command)) for command in view["ask"]]


def shebang(root, path):
    try:
        with open(os.path.join(root, real(root, path)), "rb") as f:
            line = f.readline(256)
    except OSError:
        return None
    return line[2:].split()[0].decode() if line.startswith(b"#!") and line[2:].split() else None


def touched(lines, mounted, root):
    """Whole lines: those that another process's output cut in two are joined."""
    found, begun, halves = {"executed": set(), "mapped": set(), "opened": set()}, False, {}

    def add(kind, path):
        path = unescape(path)
        path = path[len(mounted):] if path.startswith(mounted) else path
        if path.startswith("/") and not path.startswith(("/proc/", "/sys/", "/dev/")):
            found[kind].add(real(root, path))

    for line in lines:
        match = re.match(r"(\d+) +(.*)", line)
        if not match:
            continue
        pid, what = match[1], match[2]
        if what.endswith("<unfinished ...>"):
            halves[pid] = what[: -len(" <unfinished ...>")]
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", what)
        what = halves.pop(pid, "") + resumed[1] if resumed else what
        begun = begun or '"/.trace-begins"' in what
        if not begun:
            continue
        mapped, opened, executed = MMAP.match(what), OPEN.match(what), EXEC.match(what)
        if mapped:
            add("mapped", mapped[1])
        elif opened:
            add("opened", opened[1])
        elif executed and executed[1].startswith('"/'):
            add("executed", executed[1][1:-1])
            interpreter = shebang(root, unescape(executed[1][1:-1]))
            if interpreter:  # the kernel's own step: no call of its own
                add("executed", interpreter)
    return found


# ---- the comparison

LOADER = ("interpreter", "needed", "preload")
IDLE = [("dlopen-guess", "a constant of a program names the library; the run did not come to load it"),
        ("required", "the metadata of a used package asks for it"),
        ("python-module", "imported by a statement that the run did not come to"),
        ("node-module", "the application's package.json names it")]


def said_files(document):
    """Edges of the view: {(via, path): {how}}."""
    edges = collections.defaultdict(set)
    for component in document["components"]:
        for use in component.get("uses", []):
            edges[use.get("via", ""), use["path"]].add(use["how"])
    return edges


def closure(edges, program):
    """What the view says the loader maps for that file."""
    below = collections.defaultdict(set)
    for (via, path), hows in edges.items():
        if hows & set(LOADER):
            below[via].add(path)
    found, todo = set(), [program]
    while todo:
        for path in below[todo.pop()]:
            if path not in found:
                found.add(path)
                todo.append(path)
    return found - {program}


def compare_ldd(root, trace, edges):
    """Rows (program, modules that it is known to load, libraries by ldd, by the view, difference): a library is loaded once for all that need it."""
    rows, by_program = [], collections.defaultdict(set)
    nodes = {n["id"]: n["path"] for n in trace["nodes"] if n.get("path") and is_elf(root, n["path"])}
    for use in trace["uses"]:
        if use["node"] in nodes and is_elf(root, use["path"]):
            by_program[nodes[use["node"]]].add(use["path"])
    for path in sorted(set(nodes.values())):
        files = {path} | by_program[path]
        truth = set().union(*(ldd(root, file) for file in files)) - files
        said = set().union(*(closure(edges, file) for file in files)) - files
        rows.append((path, len(by_program[path]), len(truth), len(said), sorted(truth ^ said)))
    return rows


def compare(root, inventory, usage, deep, trace, touched_files):
    owner = owners(root)
    used = deb_names(usage)
    edges = said_files(usage)
    ran = touched_files["executed"] | touched_files["mapped"]
    by_package = collections.defaultdict(set)
    for path in ran:
        if path in owner:
            by_package[owner[path]].add(path)
    opened = collections.Counter(owner[p] for p in ran | touched_files["opened"] if p in owner)
    said = {path for _, path in edges}
    result = {"inventory": len(deb_names(inventory)), "used": len(used), "ran": len(by_package), "ran_files": len(ran), "said_files": len(said & ran),
              "ldd": compare_ldd(root, trace, edges), "unreached": [], "idle": [],
              "opened_beside": sorted(p for p in opened if p not in used and p not in by_package)}
    for package in sorted(by_package):
        if package not in used:
            reason = "reached by `--usage deep`: modules of modules import it" if package in deep else UNREACHED.get(package)
            result["unreached"].append((package, sorted(by_package[package]), reason))
    for name in sorted(used):
        if opened[name]:
            continue
        hows = {u["how"] for u in used[name].get("uses", [])}
        reason = next((f"`{how}`: {text}" for how, text in IDLE if how in hows and not hows & set(LOADER)), None)
        result["idle"].append((name, sorted(hows), reason))
    return result


def wrong(result):
    return ([f"ldd of {r[0]}: {', '.join(r[4])}" for r in result["ldd"] if r[4]]
            + [f"{p} ran and is not in the view: {', '.join(f)}" for p, f, reason in result["unreached"] if not reason]
            + [f"{n} is in the view without a reason that is known: {', '.join(h)}" for n, h, reason in result["idle"] if not reason])


def page(name, result, words):
    lines = [f"## {name}: {VIEWS[name]['is']}", "", "Entrypoint: `" + " ".join(VIEWS[name]["start"]) + "`", "",
             "| Debian packages | |", "|---|---|", f"| in the view `inventory` | {result['inventory']} |", f"| in the view `usage` | {result['used']} |",
             f"| of which a file was executed or mapped executable in the run | {result['ran']} |",
             f"| ... and that are not in the view | {len(result['unreached'])} |",
             f"| in the view, nothing of them opened in the run | {len(result['idle'])} |", "",
             f"Files executed or mapped executable: {result['ran_files']}; the view names {result['said_files']} of them.", "",
             "| program | modules it is known to load | libraries of all by ldd | by the view | difference |", "|---|---|---|---|---|"]
    lines += [f"| {path} | {what} | {truth} | {said} | {', '.join(different) or 'none'} |" for path, what, truth, said, different in result["ldd"]]
    if result["unreached"]:
        lines += ["", "| ran, and is not in the view | files | why |", "|---|---|---|"]
        lines += [f"| {p} | {', '.join(f)} | {reason or '**not explained**'} |" for p, f, reason in result["unreached"]]
    if result["idle"]:
        lines += ["", "| in the view, idle in the run | said to be | why |", "|---|---|---|"]
        lines += [f"| {n} | {', '.join(h)} | {reason or '**not explained**'} |" for n, h, reason in result["idle"]]
    lines += ["", "Read, though no code of them was mapped, and not in the view (data, Python and other sources): "
              + (", ".join(result["opened_beside"]) or "none") + "."]
    return "\n".join(lines + words) + "\n"


HEAD = """# The two views, checked

Real trees of Debian packages, scanned with `--view inventory` and `--view usage`, against the root's own `ldd` and against a run of the same tree under strace with
requests to its services. Made by

    bench/entrytrace/views.py --write BUILD_DIR

which builds the roots with mmdebstrap (needs root, strace, and a mirror of Debian bookworm) and fails when something differs without a reason.

"""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", default="build/views", help="where roots are kept")
    options.add_argument("--write", action="store_true")
    options.add_argument("build")
    options.add_argument("names", nargs="*")
    chosen = options.parse_args()
    stella, work = os.path.join(os.path.abspath(chosen.build), "bin", "stella"), os.path.abspath(chosen.work)
    os.makedirs(work, exist_ok=True)
    os.environ["XDG_CACHE_HOME"] = os.path.join(work, "cache")
    text, faults = HEAD, []
    for name in chosen.names or VIEWS:
        root = make_root(name, work)
        found, answers = run(root, VIEWS[name], os.path.join(work, name + ".run"))
        trace = trace_document(stella, root, VIEWS[name])
        deep = deb_names(scan(stella, root, VIEWS[name], "--view", "usage", "--usage", "deep"))
        result = compare(root, scan(stella, root, VIEWS[name]), scan(stella, root, VIEWS[name], "--view", "usage"), deep, trace, found)
        faults += [f"{name}: {w}" for w in wrong(result)]
        print(f"{name}: the services answered {answers}", file=sys.stderr)
        text += page(name, result, ["", f"With `--usage deep` the view has {len(deep)} packages."]) + "\n"
    print(text, end="")
    if chosen.write:
        with open(os.path.join(REPOSITORY, "docs", "entrytrace", "views.md"), "w", encoding="utf-8") as f:
            f.write(text.rstrip("\n") + "\n")
    sys.exit("\n".join(faults) if faults else 0)


if __name__ == "__main__":
    main()
