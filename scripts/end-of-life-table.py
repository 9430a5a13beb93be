#!/usr/bin/env python3
"""Writes plugins/scanner/analyzers/os/os-release/end_of_life_table.c.

usage: end-of-life-table.py RELEASES RELEASES-DATE UBUNTU-CSV CSV-DATE > end_of_life_table.c

RELEASES    the folder releases/ of endoflife-date/release-data (MIT)
UBUNTU-CSV  ubuntu.csv of Debian's package distro-info-data, which has the dates that the other lacks
*-DATE      the day of each, YYYY-MM-DD: it is part of what a scan says

Only facts are taken: releases and dates. Rows are sorted by id and version."""

import csv
import json
import pathlib
import re
import sys

# ID of os-release(5) -> file of release-data.
PRODUCTS = {
    "alpine": "alpine-linux",
    "debian": "debian",
    "linuxmint": "linuxmint",
    "rhel": "rhel",
    "rocky": "rocky-linux",
    "sl-micro": "suse-linux-micro",
    "sle-micro": "suse-linux-micro",
    "sles": "sles",
}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def date(value):
    return value if isinstance(value, str) and DATE.fullmatch(value) else ""


def release_rows(folder, as_of):
    for system, product in PRODUCTS.items():
        releases = json.loads((folder / f"{product}.json").read_text())["releases"]
        for name, release in releases.items():
            if date(release.get("eol")):
                yield system, name, release["eol"], date(release.get("eoes")), as_of


def ubuntu_rows(path, as_of):
    with path.open(newline="") as text:
        for row in csv.DictReader(text):
            if date(row["eol"]):
                yield "ubuntu", row["version"].split()[0], row["eol"], date(row.get("eol-esm")), as_of


def main():
    releases, releases_date, ubuntu, ubuntu_date = sys.argv[1:]
    rows = sorted([*release_rows(pathlib.Path(releases), releases_date), *ubuntu_rows(pathlib.Path(ubuntu), ubuntu_date)])
    print("/* Made by scripts/end-of-life-table.py from endoflife-date/release-data of", releases_date, "and Debian's")
    print(f" * distro-info-data of {ubuntu_date}; not for editing. */\n#include \"end_of_life.h\"\n\n// clang-format off")
    print("const end_of_life end_of_life_table[] = {")
    for row in rows:
        print("    {" + ", ".join(f'STELLA_SV_INIT("{value}")' for value in row) + "},")
    print("};\n// clang-format on\n\nconst uint32_t end_of_life_count = STELLA_COUNT(end_of_life_table);")


main()
