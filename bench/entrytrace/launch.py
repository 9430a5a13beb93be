#!/usr/bin/env python3
"""launch.py SPEC: becomes the entrypoint of a root made of folders laid over each other (overlayfs, in this process's own mount
namespace). Called by trace.py, under strace; the failing open of /.trace-begins tells where the entrypoint begins."""
import ctypes
import fcntl
import json
import os
import socket
import stat
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)


def mount(source, target, kind, options=None, flags=0):
    if libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode() if options else None) != 0:
        sys.exit(f"mount {target}: {os.strerror(ctypes.get_errno())}")


def devices(dev):
    mount("tmpfs", dev, "tmpfs", "mode=755")
    for name, minor in (("null", 3), ("zero", 5), ("random", 8), ("urandom", 9)):
        os.mknod(f"{dev}/{name}", 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        os.chmod(f"{dev}/{name}", 0o666)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")):
        os.symlink(target, f"{dev}/{name}")
    os.mkdir(f"{dev}/shm")
    os.chmod(f"{dev}/shm", 0o1777)


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh22x", b"lo", 0x41))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING


def ids(user, file):
    """uid, gid and home of USER[:GROUP]."""
    entries = {f[0]: f for f in (line.split(":") for line in open(file("etc/passwd")).read().split("\n") if line)}
    groups = {f[0]: f for f in (line.split(":") for line in open(file("etc/group")).read().split("\n") if line)}
    name, _, group = (user or "root").partition(":")
    entry = entries.get(name) or next((e for e in entries.values() if e[2] == name), None)
    uid = int(entry[2]) if entry else int(name)
    gid = int(entry[3]) if entry else 0
    if group:
        gid = int(groups[group][2]) if group in groups else int(group)
    return uid, gid, entry[5] if entry else "/"


def look_up(name, path):
    if "/" in name:
        return name
    for folder in path.split(":"):
        if os.access(os.path.join(folder, name), os.X_OK) and os.path.isfile(os.path.join(folder, name)):
            return os.path.join(folder, name)
    sys.exit(f"entrypoint {name}: not found in {path}")


def main():
    spec = json.load(open(sys.argv[1]))
    root = spec["root"]
    mount("overlay", root, "overlay", f"lowerdir={':'.join(spec['lower'])},upperdir={spec['upper']},workdir={spec['work']}")
    mount("proc", root + "/proc", "proc")
    devices(root + "/dev")
    socket.sethostname("corpus")
    if spec.get("loopback"):
        bring_up_loopback()
    if libc.prctl(36, 0, 0, 0, 0) != 0:  # PR_SET_CHILD_SUBREAPER off, as a container starts
        sys.exit("prctl")
    uid, gid, home = ids(spec["user"], lambda path: f"{root}/{path}")
    env = dict(e.split("=", 1) for e in spec["env"])
    env.setdefault("HOME", home)
    env.setdefault("HOSTNAME", "corpus")
    os.chroot(root)
    os.makedirs(spec["workdir"], exist_ok=True)
    os.chdir(spec["workdir"])
    os.umask(0o022)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    program = look_up(spec["args"][0], env["PATH"])
    try:
        open("/.trace-begins")
    except FileNotFoundError:
        pass
    os.execve(program, spec["args"], env)


main()
