#!/usr/bin/env python3
"""analyzers_say.py SOURCE_DIR: holds what each analyzer's manifest says against its golden results, in both directions: what is said must be
shown by one of them, what one of them shows must be said. An analyzer without golden results fails."""
import json
import pathlib
import sys

DECLARED, DEV, OPTIONAL = 1, 2, 8
DEPENDS_ON = "depends-on"
# What golden results cannot decide: that relations go no deeper is nothing that one sees.
UNDECIDED = {"direct-only"}
NO_DIGEST = {"path", "flags"}


def shown_by(result):
    """The words that hold of a golden result."""
    words = set()
    for c in result.get("components", []):
        flags = c.get("flags", 0)
        words.add("declared" if flags & DECLARED else "installed")
        if flags & DEV:
            words.add("development")
        if flags & OPTIONAL:
            words.add("optional")
        if c.get("version"):
            words.add("version")
        if c.get("licenses"):
            words.add("license")
        if c.get("sourceName"):
            words.add("source-package")
        if "introduced" in c:
            words.add("introduced-layer")
        if c.get("files"):
            words.add("owned-files")
        if any(set(f) - NO_DIGEST for f in c.get("files", [])):
            words.add("digests")
        if any(p["name"].rsplit(":", 1)[-1].startswith(("sha", "integrity", "digest", "checksum", "md5"))
               for p in c.get("properties", [])):
            words.add("digests?")
    if any(r["kind"] == DEPENDS_ON for r in result.get("relations", [])):
        words.add("relations")
    return words


def check(manifest, goldens):
    name = manifest["id"].rsplit(".", 1)[1]
    said = set(manifest.get("analyzer", {}).get("says", []))
    shown = set()
    for path in goldens:
        shown |= shown_by(json.loads(path.read_text()))
    if not goldens:
        return [f"{name}: no golden result in tests/golden/{name}"]
    may_be = {w[:-1] for w in shown if w.endswith("?")}
    shown = {w for w in shown if not w.endswith("?")}
    wrong = [f"{name}: its manifest says {w}, and no golden result shows it" for w in sorted(said - shown - may_be - UNDECIDED)]
    wrong += [f"{name}: a golden result shows {w}, and its manifest does not say it" for w in sorted(shown - said)]
    if "direct-only" in said and "relations" not in said:
        wrong.append(f"{name}: direct-only is said of relations, which it does not say")
    return wrong


def self_test():
    """The check must find what is wrong, or it is worth nothing."""
    result = {"components": [{"version": "1", "introduced": 0, "flags": DECLARED, "files": [{"path": "x", "sha256": "00"}]}]}
    assert shown_by(result) == {"declared", "version", "introduced-layer", "owned-files", "digests"}
    assert shown_by({"components": [], "relations": [{"kind": "contains"}]}) == set()


def main():
    root = pathlib.Path(sys.argv[1])
    self_test()
    wrong, count = [], 0
    for path in sorted((root / "manifests").glob("*.json")):
        manifest = json.loads(path.read_text())
        if any(p.startswith("stella.analyzer/") for p in manifest["provides"]):
            name = manifest["id"].rsplit(".", 1)[1]
            wrong += check(manifest, sorted(p for folder in {name, name.replace("-", "_")} for p in (root / "tests/golden" / folder).glob("*.json")))
            count += 1
    print("\n".join(wrong) if wrong else f"{count} analyzers say what their golden results show")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
