#!/usr/bin/env python3
"""compare_table.py RESULT.json EXPECTED.tsv: every package of `rpm -qa --qf` and nothing else, field by field. Columns: name
epoch version release arch sourcerpm modularitylabel license vendor size sigmd5 nfiles; gpg-pubkey is no package."""
import json, sys

result = json.load(open(sys.argv[1]))
rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[2], encoding="utf-8", errors="surrogateescape")]
head, rows = rows[0], [dict(zip(rows[0], r)) for r in rows[1:]]
wrong = []


def qualifiers(ref):
    return dict(q.split("=", 1) for q in ref.partition("?")[2].split("&")) if "?" in ref else {}


def seen(c):
    props = {p["name"]: p["value"] for p in c.get("properties", [])}
    q = qualifiers(c["ref"])
    return {"name": c["name"], "epoch": q.get("epoch", ""), "version": c["version"].rpartition("-")[0],
            "release": c["version"].rpartition("-")[2], "arch": c.get("architecture", ""),
            "sourcerpm": props.get("rpm:source-rpm", ""), "modularitylabel": props.get("rpm:modularity-label", ""),
            "vendor": c.get("vendor", ""), "size": c.get("installedSize", ""), "sigmd5": props.get("rpm:sig-md5", "")}


def identity(r):
    return (r["name"], r["epoch"], r["version"], r["release"], r["arch"])


def clean(r):
    return {k: ("" if v == "(none)" else v) for k, v in r.items()}


found = {}
for c in result["components"]:
    s = seen(c)
    found.setdefault(identity(s), []).append((s, c))
wanted = [clean(r) for r in rows if r["name"] != "gpg-pubkey"]
for r in wanted:
    have = found.pop(identity(r), None)
    if not have:
        wrong.append("missing: %s" % (identity(r),))
        continue
    s, c = have[0]
    for k, v in s.items():
        if v != r[k]:
            wrong.append("%s: %s is %r, rpm says %r" % (r["name"], k, v, r[k]))
    source = r["sourcerpm"].replace(".nosrc.rpm", "").replace(".src.rpm", "").rsplit("-", 2)
    if len(source) == 3 and (c.get("sourceName"), c.get("sourceVersion")) != (source[0], source[1] + "-" + source[2]):
        wrong.append("%s: source %r" % (r["name"], (c.get("sourceName"), c.get("sourceVersion"))))
    if r["license"] and len(c.get("licenses", [])) != 1:
        wrong.append("%s: no license for %r" % (r["name"], r["license"]))
    if "nfiles" in r and len(c.get("files", [])) > int(r["nfiles"]):
        wrong.append("%s: %d files of %s" % (r["name"], len(c.get("files", [])), r["nfiles"]))
wrong += ["nothing of rpm's: %s" % (i,) for i in found]
print("\n".join(wrong[:30]), end="\n" if wrong else "")
sys.exit(1 if wrong or not wanted else 0)
