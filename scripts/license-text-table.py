#!/usr/bin/env python3
"""Writes plugins/scanner/analyzers/common/license_text/table.c from a checkout of spdx/license-list-XML.

usage: license-text-table.py FOLDER/src LIST-VERSION > table.c

Only facts are taken: of each license, and of the notice that refers to it, the hashes of pairs of words that follow each
other. Parts that the list calls optional or replaceable by any words, titles, copyright lines and bullets are left out, and no pair
reaches over such a gap. Of a text with more pairs, those with the smallest hashes are a sample. Words and hashes are
made as words.c makes them; a test of matching licenses would see a difference."""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

NAMESPACE = "{http://www.spdx.org/license}"
SAMPLE = 192  # hashes of one text
LEAST = 20  # pairs below which a text is found in too much else
GAP = "\0"
LEFT_OUT = {"optional", "copyrightText", "titleText", "standardLicenseHeader", "notes"}


def is_left_out(alt):
    """One of a few words is mostly the one that the list shows; one of any words is not."""
    return bool("".join(alt.itertext()).strip()) and bool(re.search(r"\.[+*{]", alt.attrib["match"]))


def text_of(node, found):
    found.append(node.text or "")
    for child in node:
        name = child.tag.replace(NAMESPACE, "") if isinstance(child.tag, str) else "comment"
        if name in LEFT_OUT or name == "alt" and is_left_out(child):
            found.append(f" {GAP} ")
        elif name == "bullet" or name == "comment":
            found.append(" ")
        else:
            found.append(" ")
            text_of(child, found)
            found.append(" ")
        found.append(child.tail or "")
    return found


def hash_of(first, second):
    value = 2166136261
    for byte in f"{first} {second}".encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    value = ((value ^ value >> 16) * 0x85EBCA6B) & 0xFFFFFFFF
    value = ((value ^ value >> 13) * 0xC2B2AE35) & 0xFFFFFFFF
    return value ^ value >> 16


def pairs_of(node):
    pairs = set()
    for piece in "".join(text_of(node, [])).split(GAP):
        words = re.findall("[a-z0-9]+", re.sub("[A-Z]", lambda m: m.group().lower(), piece))
        pairs |= set(zip(words, words[1:]))
    return pairs


def decisive_of(pairs):
    """Pairs in which a version is named: notices of two versions of a license differ in little else."""
    return {hash_of(*pair) for pair in pairs if pair[0].isdigit() or pair[1].isdigit()}


def texts(folder):
    """Of each text its identifier, whether it is a notice, and its pairs."""
    for path in sorted(folder.glob("*.xml"), key=lambda p: p.name.lower()):
        for node in ElementTree.parse(path).getroot().findall(NAMESPACE + "license"):
            identifier = node.attrib["licenseId"]
            if "deprecatedVersion" in node.attrib:
                continue
            if not identifier.endswith("-or-later"):  # the text of -only, in which nothing says "or later"
                yield identifier, 0, pairs_of(node.find(NAMESPACE + "text"))
            notice = next(node.iter(NAMESPACE + "standardLicenseHeader"), None)
            if notice is not None:
                yield identifier, 1, pairs_of(notice)


def distinct(found):
    """Of texts with the same pairs the one with the shortest identifier: "GFDL-1.3-only" of all that are GFDL-1.3."""
    best = {}
    for identifier, is_notice, pairs in found:
        key = (is_notice, frozenset(pairs))
        if len(pairs) >= LEAST and (key not in best or len(identifier) < len(best[key])):
            best[key] = identifier
    rows = [(identifier, is_notice, pairs) for (is_notice, pairs), identifier in best.items()]
    return sorted(rows, key=lambda row: (row[0].lower(), row[1], len(row[2])))


def main():
    folder, version = pathlib.Path(sys.argv[1]), sys.argv[2]
    rows, hashes = [], []
    for identifier, is_notice, pairs in distinct(texts(folder)):
        decisive = sorted(decisive_of(pairs)) if is_notice else []
        sample = sorted({hash_of(*pair) for pair in pairs} - set(decisive))[: SAMPLE - len(decisive)]
        rows.append((identifier, is_notice, len(hashes), len(decisive + sample), len(pairs), len(decisive)))
        hashes += decisive + sample
    print(f"/* Made by scripts/license-text-table.py from SPDX License List {version}; do not edit. */")
    print('#include "table.h"\n\n/* clang-format off */')
    print(f'const char license_table_version[] = "{version}";\n\nconst license_table_text license_table[] = {{')
    for identifier, is_notice, first, count, pairs, decisive in rows:
        print(f'    {{STELLA_SV_INIT("{identifier}"), {first}, {count}, {pairs}, {is_notice}, {decisive}}},')
    print("};\n\nconst uint32_t license_table_count = sizeof license_table / sizeof license_table[0];\n")
    print("const uint32_t license_table_hashes[] = {")
    for start in range(0, len(hashes), 12):
        print("".join(f"0x{value:x}," for value in hashes[start : start + 12]))
    print("};")


main()
