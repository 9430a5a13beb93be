#!/usr/bin/env python3
"""Precision and recall of finding licenses by their texts.

usage: license_texts.py BUILD FOLDER...

The labelled set is what packages below the folders state themselves: package.json ("license") and METADATA
(License-Expression) that name SPDX identifiers and have license files beside them, and machine-readable Debian copyright
files in FOLDER/usr/share/doc of which the License fields' short names are SPDX identifiers. A text counts as found rightly
when its identifier is among those of the package (of a GNU license: that version of it; whether later ones may be used no
text of a license says), a package as recalled when each identifier was found. Differences are printed: metadata errs, too."""

import json
import os
import pathlib
import re
import subprocess
import sys

TEXT = re.compile(r"(?i)^(licen[cs]e|copying|unlicense|mit-license)([-._](txt|md|rst|mit|apache2?|bsd|lesser))*$")
WORDS = {"AND", "OR", "WITH"}


def family(identifier):
    return re.sub(r"(-only|-or-later|\+)$", "", identifier)


def identifiers(expression):
    found = [word for word in re.split(r"[\s()]+", expression) if word and word not in WORDS]
    return {family(word) for word in found if not word.startswith("LicenseRef-")}


def texts_in(folder):
    return [str(path) for path in folder.iterdir() if path.is_file() and TEXT.match(path.name)]


def node_package(path):
    try:
        stated = json.loads(path.read_text()).get("license")
    except (ValueError, AttributeError):
        return None
    return (identifiers(stated), texts_in(path.parent)) if isinstance(stated, str) and "SEE" not in stated else None


def python_package(path):
    stated = re.search(r"(?m)^License-Expression: (.*)$", path.read_text(errors="replace").split("\n\n")[0])
    folders = [path.parent] + [f for f in (path.parent / "licenses",) if f.is_dir()]
    return (identifiers(stated[1]), [t for f in folders for t in texts_in(f)]) if stated else None


DEBIAN = {"Expat": "MIT", "BSD-2-clause": "BSD-2-Clause", "BSD-3-clause": "BSD-3-Clause", "MIT": "MIT", "ISC": "ISC",
          "Apache-2.0": "Apache-2.0", "Zlib": "Zlib", "zlib": "Zlib", "BSL-1.0": "BSL-1.0", "MPL-2.0": "MPL-2.0"}
GNU = re.compile(r"^(A?GPL|LGPL)-([0-9])(\.[0-9])?(\.0)?\+?$")


def debian_package(path):
    text = path.read_text(errors="replace")
    if not text.startswith("Format:"):
        return None
    stated = set()
    for field in re.findall(r"(?m)^License:[ \t]*(\S.*)$", text):
        gnu = GNU.match(field)
        if not gnu and field not in DEBIAN:
            return None
        stated.add(f"{gnu[1]}-{gnu[2]}{gnu[3] or '.0'}" if gnu else DEBIAN[field])
    return (stated, [str(path)]) if stated else None


def packages(root):
    for folder, folders, files in os.walk(root):
        folder = pathlib.Path(folder)
        if "package.json" in files and "node_modules" in folder.parts:
            yield "node", node_package(folder / "package.json")
        if folder.name.endswith(".dist-info") and "METADATA" in files:
            yield "python", python_package(folder / "METADATA")
        if folder.match("usr/share/doc/*") and "copyright" in files and not folder.is_symlink():
            yield "debian", debian_package(folder / "copyright")


def classify(build, paths):
    done = subprocess.run([f"{build}/bench/license_texts_bench"], input="\n".join(paths) + "\n", text=True, check=True,
                          stdout=subprocess.PIPE)
    return {path: {family(word) for word in found.split()} for path, found in
            (line.split("\t") for line in done.stdout.splitlines())}


def main():
    build, roots = sys.argv[1], sys.argv[2:]
    labelled = [(kind, p[0], sorted(p[1])) for root in roots for kind, p in packages(root) if p and p[0] and p[1]]
    found = classify(build, sorted({text for _, _, texts in labelled for text in texts}))
    print("set,packages,found,right,stated,recalled,precision,recall")
    for kind in ("node", "python", "debian"):
        distinct = {}
        for _, stated, texts in (row for row in labelled if row[0] == kind):
            distinct[tuple(open(t, "rb").read() for t in texts)] = (stated, texts)
        all_found = right = all_stated = recalled = 0
        for stated, texts in distinct.values():
            got = set().union(*(found.get(t, set()) for t in texts))
            all_found, right = all_found + len(got), right + len(got & stated)
            all_stated, recalled = all_stated + len(stated), recalled + len(got & stated)
            if got != stated:
                print(f"{texts[0]}: states {sorted(stated)}, found {sorted(got)}", file=sys.stderr)
        if distinct:
            print(f"{kind},{len(distinct)},{all_found},{right},{all_stated},{recalled},"
                  f"{right / max(all_found, 1):.3f},{recalled / all_stated:.3f}")


main()
