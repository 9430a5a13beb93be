"""The entrypoint corpus: tests/data/entrytrace/NAME.tree (what an image holds) and NAME.traced.json (what it ran).

A tree is lines of directives, then files:

    base debian|alpine|none         what the image is built on; none: nothing but /etc/passwd
    entrypoint, cmd, shell JSON     as in the image's configuration
    env NAME=VALUE                  PATH has the usual value unless it is set
    user, workdir, volume VALUE
    program PATH...                 a server: a binary that runs until it is killed
    helper PATH...                  a binary that ends at once
    once, fails WORD...             a program ends at once, well or not, when called with such a word
    says WORD TEXT                  ... and prints this
    su-exec PATH                    a binary that runs its words as another user
    tool NAME [PATH]                a real program of TOOLS below
    link PATH -> TARGET
    dir PATH [ACCOUNT]
    account NAME UID
    -- MODE PATH                    a file; its text runs to the next such line

For `stella entrytrace` every binary is a small ELF file: only what is executed (bench/entrytrace) needs real ones.
"""
import hashlib
import io
import json
import os
import re
import shlex
import struct
import subprocess
import tarfile

USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

DEBIAN_BIN = """bash dash basename cat chgrp chmod chown comm cp cut date dd df dirname du echo egrep env expr false fgrep find flock getent
    getopt grep gzip head hostname id install ionice join ln ls mawk md5sum mkdir mkfifo mktemp mv nice nohup nproc numfmt od paste perl
    printenv printf ps pwd readlink realpath rm rmdir run-parts sed seq setpriv setsid sha1sum sha256sum sleep sort stat stdbuf su
    tail tar tee test timeout touch tr true tty uname uniq wc which whoami xargs yes [""".split()
DEBIAN_SBIN = "chroot groupadd groupmod nologin runuser start-stop-daemon useradd usermod".split()

ALPINE = {
    "bin": """ash base64 cat chgrp chmod chown cp cut date dd df dmesg dnsdomainname echo ed egrep false fatattr fgrep grep gunzip gzip hostname
        ionice kill link ln login ls lzop mkdir mknod mktemp more mount mt mv netstat nice pidof ping printenv ps pwd rev rm rmdir
        run-parts sed setpriv sh sleep stat stty su sync tar touch true umount uname usleep watch zcat""",
    "sbin": "arp getty halt ifconfig ifdown ifup init insmod ip losetup reboot route sysctl syslogd",
    "usr/bin": """[ [[ awk basename bc bunzip2 bzip2 cal clear cmp crontab cut diff dirname dos2unix du env expand expr factor find fold free
        groups head hexdump hostid id install killall last less logger lsof md5sum mkfifo nc nl nohup nproc nslookup od passwd
        paste printf readlink realpath renice reset seq setsid sha1sum sha256sum sha512sum shred shuf sort split strings tac tail
        tee test time timeout top tr traceroute tty unexpand uniq unlink unzip uptime wc wget which who whoami xargs xxd yes""",
    "usr/sbin": "chroot crond httpd killall nologin",
}

ACCOUNTS = {"root": 0, "daemon": 1, "bin": 2, "mail": 8, "www-data": 33, "nobody": 65534}

# Where a tool lies unless the tree says otherwise, and what Debian package has it: (path in the image, package, path in the package). A text
# instead of the latter two is a file for the static look alone: the real one is more than a file.
TOOLS = {
    "tini": [("usr/bin/tini", "tini", "usr/bin/tini")],
    "gosu": [("usr/local/bin/gosu", "gosu", "usr/sbin/gosu")],
    "dumb-init": [("usr/bin/dumb-init", "dumb-init", "usr/bin/dumb-init")],
    "runit": [(f"usr/bin/{n}", "runit", f"usr/bin/{n}") for n in ("runsvdir", "runsv", "chpst", "sv", "svlogd")],
    "s6": [(f"usr/bin/{n}", "s6", f"usr/bin/{n}") for n in
           "s6-svscan s6-supervise s6-setuidgid s6-envuidgid s6-envdir s6-log s6-svc s6-svscanctl s6-svok s6-applyuidgid s6-softlimit".split()],
    "execline": [(f"usr/bin/{n}", "execline", f"usr/lib/execline/bin/{n}") for n in
                 "execlineb foreground background if ifelse ifthenelse importas export exec cd redirfd fdmove emptyenv backtick "
                 "elgetpositionals define umask unexport".split()],
    "busybox-alone": [("opt/busybox", "busybox-static", "bin/busybox")],  # without a link for any applet
    "python3": [("usr/bin/python3.11", "python3.11-minimal", "usr/bin/python3.11")],
    "supervisor": [("usr/bin/supervisord", "#!/usr/bin/python3\nimport sys\nfrom supervisor.supervisord import main\nsys.exit(main())\n")],
    "node": [("usr/local/bin/node", "nodejs", "usr/bin/node")],
    "npm": [("usr/local/lib/node_modules/npm/bin/npm-cli.js", "#!/usr/bin/env node\nrequire('../lib/cli.js')(process)\n"),
            ("usr/local/lib/node_modules/npm/bin/npx-cli.js", "#!/usr/bin/env node\nrequire('../lib/cli.js')(process)\n"),
            ("usr/local/lib/node_modules/npm/package.json", '{"name": "npm", "version": "10.8.2", "bin": {"npm": "bin/npm-cli.js"}}\n')],
}
TOOL_LINKS = {
    "python3": {"usr/bin/python3": "python3.11"},
    "npm": {"usr/local/bin/npm": "../lib/node_modules/npm/bin/npm-cli.js", "usr/local/bin/npx": "../lib/node_modules/npm/bin/npx-cli.js"},
}
TOOL_NEEDS = {"supervisor": ["python3"], "npm": ["node"]}

FILE_LINE = re.compile(r"-- ([0-7]{3,4}) (\S+)$")


def elf():
    """The smallest ELF program there is to find: x86-64, static; it ends with status 0."""
    code = bytes.fromhex("31ff6a3c580f05")  # xor edi, edi; push 60; pop rax; syscall
    base, start = 0x400000, 64 + 56
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1" + bytes(9), 2, 62, 1, base + start, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    size = start + len(code)
    return header + struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 4096) + code


class Tree:
    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)[: -len(".tree")]
        self.config = {"Env": []}
        self.base = None
        self.files, self.programs, self.helpers, self.su_exec = [], [], [], []
        self.tools, self.links, self.dirs, self.once, self.fails, self.says = [], [], [], [], [], []
        self.accounts = dict(ACCOUNTS)
        text = open(path, encoding="utf-8").read()
        lines = text.split("\n")
        at = next((i for i, line in enumerate(lines) if FILE_LINE.match(line)), len(lines))
        for number, line in enumerate(lines[:at], 1):
            if line and not line.startswith("#"):
                self.directive(number, *(line.split(" ", 1) + [""])[:2])
        self.read_files(lines[at:])
        if not any(e.startswith("PATH=") for e in self.config["Env"]):
            self.config["Env"].insert(0, "PATH=" + USUAL_PATH)
        merged = [e[0] for e in self.entries() if self.base == "debian" and re.match("(s?bin|lib|lib64)/", e[0])]
        if merged:
            raise ValueError(f"{path}: {merged[0]}: below usr/ in this base")
        if self.base not in ("debian", "alpine", "none"):
            raise ValueError(f"{path}: base is debian, alpine or none")

    def directive(self, number, word, rest):
        if word in ("entrypoint", "cmd", "shell"):
            self.config[word.capitalize()] = json.loads(rest)
        elif word == "env":
            self.config["Env"].append(rest)
        elif word == "user":
            self.config["User"] = rest
        elif word == "workdir":
            self.config["WorkingDir"] = rest
        elif word == "volume":
            self.config.setdefault("Volumes", {})[rest] = {}
        elif word == "base":
            self.base = rest
        elif word in ("program", "helper", "su-exec", "once", "fails"):
            {"program": self.programs, "helper": self.helpers, "su-exec": self.su_exec, "once": self.once, "fails": self.fails}[word].extend(rest.split())
        elif word == "says":
            self.says.append(rest.split(" ", 1))
        elif word == "tool":
            self.tool(*rest.split())
        elif word == "link":
            self.links.append(rest.split(" -> "))
        elif word == "dir":
            self.dirs.append((rest.split() + ["root"])[:2])
        elif word == "account":
            self.accounts[rest.split()[0]] = int(rest.split()[1])
        else:
            raise ValueError(f"{self.path}:{number}: {word}?")

    def tool(self, name, place=None):
        for need in TOOL_NEEDS.get(name, []):
            self.tool(need)
        if (name, place) not in self.tools:
            self.tools.append((name, place))

    def read_files(self, lines):
        for line in lines:
            match = FILE_LINE.match(line)
            if match:
                self.files.append([int(match[1], 8), match[2], []])
            else:
                self.files[-1][2].append(line)
        self.files = [(mode, path, "\n".join(text[:-1] if text and text[-1] == "" else text) + "\n") for mode, path, text in self.files]

    def passwd(self):
        home = {"root": "/root"}
        return "".join(f"{n}:x:{u}:{u}:{n}:{home.get(n, '/nonexistent' if u else '/')}:/bin/sh\n" for n, u in self.accounts.items())

    def group(self):
        return "".join(f"{n}:x:{u}:\n" for n, u in self.accounts.items())

    def entries(self):
        """What the image's own layer holds: (path, kind, mode, owner, text or target); kind: dir, file, link, elf."""
        yield "etc/passwd", "file", 0o644, 0, self.passwd()
        yield "etc/group", "file", 0o644, 0, self.group()
        for path, owner in self.dirs:
            yield path, "dir", 0o755, self.accounts[owner], None
        for name, place in self.tools:
            for part in TOOLS[name]:
                path = place or part[0]
                yield (path, "elf", 0o755, 0, None) if len(part) == 3 else (path, "file", 0o755, 0, part[1])
            for path, target in TOOL_LINKS.get(name, {}).items():
                yield path, "link", 0o777, 0, target
        for path in self.programs + self.helpers + self.su_exec:
            yield path, "elf", 0o755, 0, None
        for mode, path, text in self.files:
            yield path, "file", mode, 0, text
        for path, target in self.links:
            yield path, "link", 0o777, 0, target


def base_entries(base):
    if base == "debian":
        for name in ("bin", "sbin", "lib", "lib64"):
            yield name, "link", 0o777, 0, "usr/" + name
        for name in DEBIAN_BIN:
            yield "usr/bin/" + name, "elf", 0o755, 0, None
        for name in DEBIAN_SBIN:
            yield "usr/sbin/" + name, "elf", 0o755, 0, None
        yield "usr/bin/sh", "link", 0o777, 0, "dash"
        yield "usr/bin/awk", "link", 0o777, 0, "/etc/alternatives/awk"
        yield "etc/alternatives/awk", "link", 0o777, 0, "/usr/bin/mawk"
        yield "etc/os-release", "file", 0o644, 0, 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
    elif base == "alpine":
        yield "bin/busybox", "elf", 0o755, 0, None
        for folder, names in ALPINE.items():
            for name in sorted(set(names.split())):
                yield f"{folder}/{name}", "link", 0o777, 0, "/bin/busybox"
        yield "etc/os-release", "file", 0o644, 0, 'ID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n'
    if base != "none":
        yield "etc/nsswitch.conf", "file", 0o644, 0, "passwd: files\ngroup: files\n"
    for path in ("tmp", "var/tmp", "run", "root", "var/lib", "var/log", "proc", "dev", "sys", "home", "opt", "srv", "mnt", "usr/local/bin"):
        yield path, "dir", 0o1777 if path.endswith("tmp") else 0o755, 0, None


def layer(entries):
    """An uncompressed tar of them, the same for the same entries."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, kind, mode, owner, what in entries:
            info = tarfile.TarInfo(path)
            info.mode, info.uid, info.gid, info.mtime = mode, owner, owner, 0
            data = None
            if kind == "dir":
                info.type = tarfile.DIRTYPE
            elif kind == "link":
                info.type, info.linkname = tarfile.SYMTYPE, what
            else:
                data = elf() if kind == "elf" else what.encode()
                info.size = len(data)
            tar.addfile(info, io.BytesIO(data) if data is not None else None)
    return out.getvalue()


def write_layout(tree, folder):
    """The tree as an OCI layout of two layers: the base, and what the image adds."""
    blobs = os.path.join(folder, "blobs", "sha256")
    os.makedirs(blobs, exist_ok=True)

    def blob(data):
        name = hashlib.sha256(data).hexdigest()
        with open(os.path.join(blobs, name), "wb") as f:
            f.write(data)
        return {"digest": "sha256:" + name, "size": len(data)}

    def described(media, data):
        return {"mediaType": "application/vnd.oci.image." + media, **blob(data)}

    layers = [described("layer.v1.tar", layer(base_entries(tree.base))), described("layer.v1.tar", layer(tree.entries()))]
    config = {"architecture": "amd64", "os": "linux", "config": tree.config,
              "rootfs": {"type": "layers", "diff_ids": [one["digest"] for one in layers]}}
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": described("config.v1+json", json.dumps(config, sort_keys=True).encode()), "layers": layers}
    index = {"schemaVersion": 2, "manifests": [described("manifest.v1+json", json.dumps(manifest, sort_keys=True).encode())]}
    for name, value in (("index.json", index), ("oci-layout", {"imageLayoutVersion": "1.0.0"})):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            json.dump(value, f)


def all_trees(folder, names=()):
    found = sorted(n for n in os.listdir(folder) if n.endswith(".tree"))
    return [Tree(os.path.join(folder, n)) for n in found if not names or n[: -len(".tree")] in names]


def traced(tree):
    with open(tree.path[: -len("tree")] + "traced.json", encoding="utf-8") as f:
        return json.load(f)
