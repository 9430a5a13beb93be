#!/usr/bin/env python3
"""compare_files.py RESULT.json EXPECTED.files: every file that rpm lists, without directories: path, flags, digest."""
import json, stat, sys

CONFIG, GHOST = 1, 64
result = json.load(open(sys.argv[1]))
seen = sorted((c["name"], c["version"].rpartition("-")[0], "/" + f["path"], f.get("flags", 0), f.get("sha256", ""))
              for c in result["components"] for f in c.get("files", []))
wanted = []
for line in open(sys.argv[2]):
    name, version, path, mode, flags, digest = line.rstrip("\n").split("\t")
    if not stat.S_ISDIR(int(mode)):
        own = (1 if int(flags) & CONFIG else 0) | (2 if int(flags) & GHOST else 0)
        wanted.append((name, version, path, own, digest))
wrong = sorted(set(seen) ^ set(wanted))
for w in wrong:
    print("only in %s: %r" % ("the result" if w in seen else "rpm's list", w))
sys.exit(1 if wrong or not wanted or len(seen) != len(wanted) else 0)
