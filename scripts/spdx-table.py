#!/usr/bin/env python3
"""Writes sdk/src/spdx_table.c from a checkout of spdx/license-list-XML.

usage: spdx-table.py FOLDER/src LIST-VERSION > sdk/src/spdx_table.c

Only facts are taken: the identifiers. The tables are sorted by the lower-case identifier, as spdx.c searches them."""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree

NAMESPACE = "{http://www.spdx.org/license}"


def identifiers(folder, element):
    found = []
    for path in folder.glob("*.xml"):
        for node in ElementTree.parse(path).getroot().findall(NAMESPACE + element):
            found.append(node.attrib["licenseId"])
    return sorted(set(found), key=str.lower)


def table(name, found):
    """Offsets instead of pointers: what the loader would have to relocate in every plugin, at every start."""
    print(f"\nstatic const char {name}_text[] =")
    print("\n".join(f'    "{identifier}\\0"' for identifier in found) + ";")
    offset, rows = 0, []
    for identifier in found:
        rows.append(offset)
        offset += len(identifier) + 1
    print(f"\nstatic const uint16_t {name}_offsets[] = {{")
    for start in range(0, len(rows), 16):
        print("    " + " ".join(f"{row}," for row in rows[start : start + 16]))
    print(f"    {offset},\n}};")
    print(f"\nconst spdx_table {name} = {{{name}_text, {name}_offsets, {len(found)}}};")


def main():
    source, version = pathlib.Path(sys.argv[1]), sys.argv[2]
    print(f"/* Made by scripts/spdx-table.py from SPDX License List {version}; do not edit. */")
    print('#include "spdx_table.h"')
    print("\n/* C17 promises 4,095 bytes of a literal; the compilers that build this take any number. */")
    print('#pragma GCC diagnostic ignored "-Woverlength-strings"')
    print("/* clang-format off */ /* NOLINTBEGIN(bugprone-string-literal-with-embedded-nul): so they are kept apart */")
    print(f'\nconst char stella_spdx_version[] = "{version}";')
    table("stella_spdx_licenses", identifiers(source, "license"))
    table("stella_spdx_exceptions", identifiers(source / "exceptions", "exception"))
    print("/* NOLINTEND(bugprone-string-literal-with-embedded-nul) */")


main()
