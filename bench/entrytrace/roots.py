"""Roots in which a tree of the corpus can really run: the base and each tool are folders filled once from the host's Debian packages, the
tree's own files are a folder on top."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "tools"))
import entry_corpus as corpus  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
HOST = ("/usr/bin", "/bin", "/usr/sbin", "/sbin")
# Folders that a tool needs beside its program.
FOLDERS = {"python3": [("/usr/lib/python3.11", "usr/lib/python3.11")], "npm": [("/usr/lib/node_modules/npm", "usr/local/lib/node_modules/npm")]}
PACKAGES = {"s6": ["libskarnet2.13", "libs6-2.11", "libexecline2.9"], "execline": ["libskarnet2.13", "libexecline2.9"],
            "supervisor": ["supervisor", "python3-pkg-resources"]}


def put(source, root, path):
    target = os.path.join(root, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if not os.path.lexists(target):
        shutil.copy2(source, target)


class Pool:
    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.debs = os.path.join(self.folder, "debs")
        os.makedirs(self.debs, exist_ok=True)
        for name in ("stand_in", "su_exec"):
            self.compiled(name)

    def compiled(self, name):
        out = os.path.join(self.folder, name)
        source = os.path.join(HERE, name + ".c")
        if not os.path.exists(out) or os.path.getmtime(out) < os.path.getmtime(source):
            subprocess.run(["gcc", "-Os", "-static", "-s", "-o", out, source], check=True)
        return out

    def unpacked(self, package):
        """The Debian package's files: downloaded and unpacked beside the host's own, once."""
        out = os.path.join(self.debs, package)
        if not os.path.isdir(out):
            part = out + ".part"
            shutil.rmtree(part, ignore_errors=True)
            os.makedirs(part)
            subprocess.run(["apt-get", "-q", "download", package], cwd=part, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for deb in os.listdir(part):
                subprocess.run(["dpkg", "-x", os.path.join(part, deb), part], check=True)
                os.remove(os.path.join(part, deb))
            os.rename(part, out)
        return out

    def library_path(self, packages):
        return ":".join(self.unpacked(p) + "/" + d for p in packages for d in ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"))

    def with_libraries(self, source, root, path, library_path=""):
        put(source, root, path)
        listed = subprocess.run(["ldd", source], capture_output=True, text=True, env={**os.environ, "LD_LIBRARY_PATH": library_path}).stdout
        for found in re.findall(r"(?:=> )?(/\S+) \(0x", listed):
            inside = found[len(self.debs):].split("/", 2)[2] if found.startswith(self.debs) else found.lstrip("/")
            put(os.path.realpath(found), root, re.sub(r"^lib", "usr/lib", inside))

    def made(self, name, fill):
        root = os.path.join(self.folder, name)
        if not os.path.isdir(root):
            part = root + ".part"
            shutil.rmtree(part, ignore_errors=True)
            os.makedirs(part)
            fill(part)
            os.rename(part, root)
        return root

    def base(self, base):
        def fill(root):
            write(root, [e for e in corpus.base_entries(base) if e[1] != "elf"])
            for path in (e[0] for e in corpus.base_entries(base) if e[1] == "elf"):
                name = os.path.basename(path)
                source = next((f"{d}/{name}" for d in HOST if os.path.isfile(f"{d}/{name}")), None)
                if not source:
                    sys.exit(f"this machine has no {name}")
                self.with_libraries(os.path.realpath(source), root, path)
            if base != "debian":  # where the libraries of tools are looked for
                write(root, [("lib64", "link", 0o777, 0, "usr/lib64"), ("lib", "link", 0o777, 0, "usr/lib")])
            if base == "debian":  # what stdbuf loads; su and runuser ask PAM, which is to allow everything
                put("/usr/libexec/coreutils/libstdbuf.so", root, "usr/libexec/coreutils/libstdbuf.so")
                permit = "usr/lib/x86_64-linux-gnu/security/pam_permit.so"
                self.with_libraries("/" + permit, root, permit)
                rules = "".join(f"{what} sufficient pam_permit.so\n" for what in ("auth", "account", "password", "session"))
                write(root, [(f"etc/pam.d/{name}", "file", 0o644, 0, rules) for name in ("su", "su-l", "runuser", "runuser-l", "other")])
        return self.made("base-" + base, fill)

    def tool(self, name, place):
        def fill(root):
            libraries = self.library_path(PACKAGES.get(name, []))
            for part in corpus.TOOLS[name]:
                if len(part) == 3:
                    host = "/" + part[2]
                    source = host if os.path.exists(host) else os.path.join(self.unpacked(part[1]), part[2])
                    self.with_libraries(os.path.realpath(source), root, place or part[0], libraries)
            if name == "supervisor":
                for package in PACKAGES[name]:
                    shutil.copytree(self.unpacked(package), root, symlinks=True, dirs_exist_ok=True)
                shutil.rmtree(root + "/etc", ignore_errors=True)
                shutil.rmtree(root + "/lib", ignore_errors=True)
            for source, path in FOLDERS.get(name, []):
                shutil.copytree(source, os.path.join(root, path), symlinks=True, ignore=shutil.ignore_patterns("test", "idlelib", "__pycache__"))
            for module in re.findall(r"\S+\.so$", "\n".join(os.path.join(d, f) for d, _, fs in os.walk(root) for f in fs), re.M):
                self.with_libraries(module, root, os.path.relpath(module, root), libraries)
            write(root, [(p, "link", 0o777, 0, t) for p, t in corpus.TOOL_LINKS.get(name, {}).items()])
        return self.made("tool-" + name + (place or "").replace("/", "-"), fill)

    def lower(self, tree, own):
        """The folders of that tree's root, the topmost first; own: where its own files are to lie."""
        write(own, [e for e in tree.entries() if e[1] in ("dir", "link") or e[1] == "file" and not is_tool(tree, e[0])])
        for path in tree.programs + tree.helpers:
            place(self.compiled("stand_in"), own, path)
        for path in tree.su_exec:
            place(self.compiled("su_exec"), own, path)
        rules = [f"says\t{w}\t{t}" for w, t in tree.says] + [f"helper\t/{h}" for h in tree.helpers] + [f"{k}\t{w}" for k in ("once", "fails") for w in getattr(tree, k)]
        with open(os.path.join(own, ".stand-in"), "w") as f:
            f.write("".join(r + "\n" for r in rules))
        return [own] + [self.tool(*t) for t in tree.tools] + [self.base(tree.base)]


def is_tool(tree, path):
    return any(path == part[0] for name, _ in tree.tools for part in corpus.TOOLS[name] if len(part) == 2)


def place(source, root, path):
    put(source, root, path)
    os.chmod(os.path.join(root, path), 0o755)


def write(root, entries):
    for path, kind, mode, owner, what in entries:
        full = os.path.join(root, path)
        os.makedirs(full if kind == "dir" else os.path.dirname(full), exist_ok=True)
        if kind == "link":
            os.symlink(what, full)
            continue
        if kind == "file":
            with open(full, "w", encoding="utf-8") as f:
                f.write(what)
        os.chmod(full, mode)
        os.chown(full, owner, owner)
