#!/usr/bin/env python3
"""Holds results of `stella scan` against what dpkg itself says.

    check_sbom.py graph DOCUMENT               every component can be reached from the root, every edge leads somewhere
    check_sbom.py packages DOCUMENT ADMINDIR   name, version and architecture are those of dpkg-query
    check_sbom.py files RESULT ROOT            the owned files are those of dpkg-query -L, without directories; none is missing
    check_sbom.py agree RESULT...              the results tell the same of components, relations and system
    check_sbom.py says DOCUMENT NAME KEY=VALUE...   a|b: in any order, of all components of that name
DOCUMENT is CycloneDX JSON, RESULT our own."""
import json
import os
import subprocess
import sys
import urllib.parse

INSTALLED = ("installed", "triggers-awaited", "triggers-pending")


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def differ(what, expected, got):
    missing, extra = sorted(expected - got), sorted(got - expected)
    if missing or extra:
        sys.exit(f"{what}: {len(missing)} missing {missing[:5]}, {len(extra)} too many {extra[:5]}")


def graph(path):
    document = load(path)
    refs = [c["bom-ref"] for c in document["components"]]
    root = document["metadata"]["component"]["bom-ref"]
    known = set(refs) | {root}
    if len(known) != len(refs) + 1:
        sys.exit("a bom-ref stands there twice")
    edges = {}
    for entry in document["dependencies"]:
        if entry["ref"] in edges or not known.issuperset({entry["ref"], *entry.get("dependsOn", [])}):
            sys.exit(f"dependencies of {entry['ref']}: twice, or of something that is not there")
        edges[entry["ref"]] = entry.get("dependsOn", [])
    reached, open_ends = {root}, [root]
    while open_ends:
        for ref in edges.get(open_ends.pop(), []):
            if ref not in reached:
                reached.add(ref)
                open_ends.append(ref)
    differ("reachable from the root", known, reached)


def query(*arguments):
    return subprocess.run(["dpkg-query", *arguments], stdout=subprocess.PIPE, check=True, text=True).stdout


def packages(path, admindir):
    listing = query("--admindir", admindir, "-W", "-f", "${db:Status-Status} ${Package} ${Version} ${Architecture}\n")
    expected = {tuple(line.split()[1:]) for line in listing.splitlines() if line.split()[0] in INSTALLED}
    got = set()
    for component in load(path)["components"]:
        purl = component.get("purl", "")
        if not purl.startswith("pkg:deb/"):
            continue
        name, _, qualifiers = purl.partition("?")
        arch = urllib.parse.parse_qs(qualifiers)["arch"][0]
        version = urllib.parse.unquote(name.rpartition("@")[2])
        if (urllib.parse.unquote(name.split("/")[-1].split("@")[0]), version) != (component["name"], component["version"]):
            sys.exit(f"{purl}: not what the component says")
        got.add((component["name"], version, arch))
    if not expected:
        sys.exit(f"dpkg-query finds nothing in {admindir}")
    differ("packages", expected, got)


def is_directory(root, path):
    """As packages see it: links are files, but for the aliases of a merged /usr."""
    full = os.path.join(root, path)
    if os.path.islink(full):
        return "/" not in path and os.readlink(full).lstrip("/") == "usr/" + path
    return os.path.isdir(full)


def files(path, root):
    admindir = os.path.join(root, "var/lib/dpkg")
    for component in load(path)["components"]:
        if component["type"] != "deb":
            continue
        instance = f"{component['name']}:{component['architecture']}"
        listing = query("--admindir", admindir, "-L", instance).splitlines()
        listed = {line.lstrip("/") for line in listing if line not in ("/.", "")}
        expected = {entry for entry in listed if not is_directory(root, entry)}
        owned = component.get("files", [])
        differ("files of " + instance, expected, {file["path"] for file in owned})
        for file in owned:
            plain = os.path.isfile(os.path.join(root, file["path"])) and not os.path.islink(os.path.join(root, file["path"]))
            if plain and "digest" not in file:
                sys.exit(f"{instance}: no digest of {file['path']}")


def drop_layers(result):
    for component in result["components"]:
        for key in ("layers", "introducedLayer"):
            component.pop(key)
    for place in [e for component in result["components"] for e in component["evidence"]] + result["errors"]:
        place.pop("layer", None)


def agree(*paths):
    results = [load(path) for path in paths]
    if len({result["subject"]["kind"] for result in results}) > 1:  # a directory knows nothing of layers
        for result in results:
            drop_layers(result)
    first = results[0]
    for path, result in zip(paths[1:], results[1:]):
        for key in ("components", "relations", "errors", "distro", "tool"):
            value = result[key]
            if value != first[key]:
                sys.exit(f"{paths[0]} and {path} differ in {key}")


def value_of(document, component, key):
    if key.startswith("property:"):
        values = [p["value"] for p in component["properties"] if p["name"] == key[9:]]
    elif key == "dependsOn":
        names = {c["bom-ref"]: c["name"] for c in document["components"]}
        refs = next(d["dependsOn"] for d in document["dependencies"] if d["ref"] == component["bom-ref"])
        values = [",".join(sorted({names[ref] for ref in refs}))]
    elif key == "licenses":
        values = [entry.get("expression") or entry["license"].get("id") or entry["license"]["name"] for entry in component["licenses"]]
    else:
        found = component
        for part in key.split("."):
            found = found[part]
        values = [found]
    return values


def says(path, name, *wanted):
    document = load(path)
    components = [c for c in document["components"] if c["name"] == name]
    for text in wanted:
        key, _, expected = text.partition("=")
        got = [value for component in components for value in value_of(document, component, key)]
        if not got or not set(got).issubset(expected.split("|")) or (len(components) > 1 and set(got) != set(expected.split("|"))):
            sys.exit(f"{name}: {key} is {got}, expected {expected}")


if __name__ == "__main__":
    {"graph": graph, "packages": packages, "files": files, "agree": agree, "says": says}[sys.argv[1]](*sys.argv[2:])
