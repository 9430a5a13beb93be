"""What the comparisons of this folder share: Stella's side of a set, the difference of two sets, a folder to install into."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.parse


def run(*words, cwd=None, env=None):
    """What a tool prints. Its complaints stay on standard error."""
    return subprocess.run([str(w) for w in words], cwd=cwd, env={**os.environ, **(env or {})}, check=True, stdout=subprocess.PIPE,
                          text=True).stdout


def components(stella, root, kind, *options):
    """Stella's components of a purl type below a folder."""
    out = run(stella, "scan", f"dir:{root}", "-q", "--no-cache", *options, "-o", "json")
    return [c for c in json.loads(out)["components"] if (c.get("purl") or "").startswith(f"pkg:{kind}/")]


def names(found, without=()):
    """Name and version by the purl, of those that have none of the properties `without`."""
    result = set()
    for c in found:
        if not {p["name"] for p in c.get("properties", [])} & set(without):
            path = c["purl"].partition("/")[2].partition("?")[0].partition("#")[0]
            result.add((urllib.parse.unquote(path.rpartition("@")[0] if "@" in path else path), c.get("version", "")))
    return result


def compare(tool, prepare):
    """The whole script: prepare(folder, stella) installs into the folder and answers the tool's set and Stella's. 1 when they differ,
    77 when the tool is not there."""
    if not shutil.which(tool):
        print(f"{tool}: is not there")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        want, have = prepare(pathlib.Path(folder), pathlib.Path(sys.argv[1]).resolve())
    for label, rows in (("missing", want - have), ("extra", have - want)):
        for row in sorted(rows):
            print(label, *row)
    print(f"{tool} lists {len(want)}, Stella {len(have)}, both {len(want & have)}")
    return 0 if want and want == have else 1
