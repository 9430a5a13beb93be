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
    print(f"\nconst stella_sv {name}[] = {{")
    for identifier in found:
        print(f'    STELLA_SV_INIT("{identifier}"),')
    print(f"}};\n\nconst size_t {name}_count = sizeof {name} / sizeof {name}[0];")


def main():
    source, version = pathlib.Path(sys.argv[1]), sys.argv[2]
    print(f"/* Made by scripts/spdx-table.py from SPDX License List {version}; do not edit. */")
    print('#include "spdx_table.h"')
    print(f'\nconst char stella_spdx_version[] = "{version}";')
    table("stella_spdx_licenses", identifiers(source, "license"))
    table("stella_spdx_exceptions", identifiers(source / "exceptions", "exception"))


main()
