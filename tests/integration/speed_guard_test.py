#!/usr/bin/env python3
"""speed_guard_test.py BUILD_DIR: composition and emission of 5,000 packages stay below 5 s (the plan's guard, generous on any machine), and twice
the packages take no more than about twice the time: a quadratic step shows as a ratio, whatever the machine's speed. Processor time is
measured, of all processes of a scan: what else the machine does is not in it."""
import os
import resource
import shutil
import subprocess
import sys
import tempfile

PACKAGES, FILES = 5000, 12
SECONDS_MAX = 5.0
RATIO_MAX = 3.2  # 2 is linear, 4 quadratic
ROUNDS = 5

stella = os.path.join(sys.argv[1], "bin", "stella")
work = tempfile.mkdtemp(prefix="stella-guard-")


def make_root(count):
    root = os.path.join(work, "root-%d" % count)
    info = os.path.join(root, "var/lib/dpkg/info")
    os.makedirs(info)
    os.makedirs(os.path.join(root, "etc"))
    with open(os.path.join(root, "etc/os-release"), "w") as out:
        out.write('ID=debian\nVERSION_ID="12"\n')
    with open(os.path.join(root, "var/lib/dpkg/status"), "w") as status:
        for i in range(count):
            status.write("Package: part%d\nStatus: install ok installed\nInstalled-Size: 10\nMaintainer: A <a@example.org>\nArchitecture: amd64\n"
                         "Version: 1.%d-1\nDepends: part%d, part%d (>= 1.0) | part%d\nDescription: part\n\n"
                         % (i, i, (i * 7 + 1) % count, (i * 13 + 5) % count, i // 2))
            with open(os.path.join(info, "part%d.list" % i), "w") as files:
                files.write("".join("/usr/lib/part%d/file%d\n" % (i, n) for n in range(FILES)))
    return root


def used():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def scan(root):
    best = None
    for _ in range(ROUNDS):
        begin = used()
        subprocess.run([stella, "scan", "dir:" + root, "-q", "-o", "cyclonedx-json=" + os.path.join(work, "out.json")], check=True,
                       env=dict(os.environ, HOME=work, XDG_CACHE_HOME=work, XDG_CONFIG_HOME=work))
        took = used() - begin
        best = took if best is None else min(best, took)
    return best


try:
    half, whole = make_root(PACKAGES), make_root(2 * PACKAGES)
    small, large = scan(half), scan(whole)
    with open(os.path.join(work, "out.json")) as out:
        assert out.read().count('"pkg:deb/debian/part') >= 2 * PACKAGES, "the packages are not in the result"
    print("%d packages: %.3f s; %d: %.3f s; ratio %.2f" % (PACKAGES, small, 2 * PACKAGES, large, large / small))
    assert small < SECONDS_MAX, "%d packages took %.2f s, at most %.0f" % (PACKAGES, small, SECONDS_MAX)
    assert large / small < RATIO_MAX, "twice the packages take %.2f times as long" % (large / small)
finally:
    shutil.rmtree(work)
