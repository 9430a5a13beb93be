#!/usr/bin/env python3
"""python_dists.py BUILD_DIR [COUNT]: what Python distributions cost beyond the pass over the tree that holds them.

Makes a tree of COUNT (500) distributions, 20 modules of 4 KB each, with METADATA and RECORD as pip writes them, and scans it
with and without the analyzer "python", in turns. CSV on standard output as bench/matrix.py writes it; the difference of the
medians, and syft's time when it is on the PATH, on standard error."""
import base64
import hashlib
import os
import random
import shutil
import statistics
import sys
import tempfile

from matrix import csv_line, elapsed_ms, peak_mb

MODULES, MODULE_BYTES, SAMPLES = 20, 4096, 9
SITE = "usr/lib/python3.11/site-packages"


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(data)


def make_dist(site, number, count, chance):
    name, rows = "dist%d" % number, []
    for module in range(MODULES):
        path, data = "%s/module%d.py" % (name, module), chance.randbytes(MODULE_BYTES // 2).hex().encode()
        write(os.path.join(site, path), data)
        rows.append("%s,sha256=%s,%d" % (path, digest(data), len(data)))
    needs = "".join("Requires-Dist: dist%d (>=1) ; python_version >= '3.8'\n" % chance.randrange(count) for _ in range(5))
    info = "%s-1.%d.dist-info" % (name, number)
    metadata = "Metadata-Version: 2.1\nName: %s\nVersion: 1.%d\nLicense: MIT\n%s\n%s" % (name, number, needs, "text\n" * 1000)
    write(os.path.join(site, info, "METADATA"), metadata.encode())
    write(os.path.join(site, info, "INSTALLER"), b"pip\n")
    rows += ["%s/METADATA,sha256=%s,%d" % (info, digest(metadata.encode()), len(metadata)), "%s/RECORD,," % info]
    write(os.path.join(site, info, "RECORD"), ("\n".join(sorted(rows)) + "\n").encode())


def main():
    build, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 500
    work = tempfile.mkdtemp(prefix="stella-python-")
    try:
        chance = random.Random(4)
        for number in range(count):
            make_dist(os.path.join(work, "tree", SITE), number, count, chance)
        env = dict(os.environ, XDG_CACHE_HOME=os.path.join(work, "cache"))
        scan = [os.path.join(build, "bin", "stella"), "scan", "dir:" + os.path.join(work, "tree"), "-q", "--no-cache", "-o", "json=/dev/null"]
        columns = {"with": scan, "without": scan + ["--exclude", "python"]}
        if shutil.which("syft"):
            columns["syft"] = ["syft", "scan", "dir:" + os.path.join(work, "tree"), "-q", "-o", "json=/dev/null"]
        samples = {name: [] for name in columns}
        for turn in range(SAMPLES + 1):
            for name, argv in columns.items():
                took = elapsed_ms(argv, env)
                if turn:  # the first one warms the page cache
                    samples[name].append(took)
        for name, values in samples.items():
            csv_line("python-%d-%s" % (count, name), values)
        beyond = statistics.median(samples["with"]) - statistics.median(samples["without"])
        print("%d distributions: %.1f ms beyond the pass; %.0f MB" % (count, beyond, peak_mb(scan, env)), file=sys.stderr)
    finally:
        shutil.rmtree(work)


main()
