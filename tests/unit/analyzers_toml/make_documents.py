#!/usr/bin/env python3
"""Writes TOML documents into a folder, N.toml, each with what tomllib makes of it, N.dump ("refused\n" when it does).

The documents are those below and thousands of mutations of them; toml_test.c compares its own reading."""
import datetime
import os
import random
import re
import sys
import tomllib

DOCUMENTS = [
    "",
    "# comment only",
    'title = "TOML"\n[owner]\nname = "Tom"\ndob = 1979-05-27T07:32:00-08:00\n',
    "a.b.c = 1\na.b.d = 2\na.e = 3\n[a.f]\ng = 4\n",
    "[fruit]\napple.color = 1\napple.taste.sweet = true\n[fruit.apple.texture]\nsmooth = true\n",
    "[fruit]\napple.color = 1\n[fruit.apple]\n",
    "[fruit]\napple.taste.sweet = 1\n[fruit.apple.taste]\n",
    "[a.b.c]\nz = 9\n[a]\nb.c.t = 1\n",
    "[a.b.c]\nz = 9\n[a]\nt = 1\n[a.b]\nu = 1\n",
    "[x.y.z.w]\n[x]\n[x.y]\nq = 1\n",
    "[a]\n[a]\n",
    "[a]\nb = 1\n[a.b]\n",
    "[[fruits]]\nname = 'apple'\n[fruits.physical]\ncolor = 'red'\n[[fruits.varieties]]\nname = 'x'\n"
    "[[fruits.varieties]]\nname = 'y'\n[[fruits]]\nname = 'banana'\n[[fruits.varieties]]\nname = 'z'\n",
    "[fruit.physical]\n[[fruit]]\n",
    "fruits = []\n[[fruits]]\n",
    "[[fruits]]\nname = 1\n[fruits]\n",
    "[[fruits]]\n[[fruits.varieties]]\n[fruits.varieties]\n",
    "a = { b = 1, c.d = 2, c.e = [1, {f = 2}] }\n",
    "a = { b = 1 }\na.c = 2\n",
    "a = { b = 1 }\n[a.c]\n",
    "a = { b.c = 1, b = 2 }\n",
    "a = { b = 1, }\n",
    "a = { b = 1\n }\n",
    "a = [\n 1, # one\n 2,\n # none\n]\n",
    "a = [ [1, 2], ['a', \"b\"], [], {} ]\n",
    "'quoted \\' = 1\n\"quoted \\\" \\u00e9\" = 2\n'' = 3\n\"\".a = 4\n",
    "\"\" = 1\n1234 = 2\n3.14 = 5\nbare_key-x = 6\n",
    "a = \"tab\\t nl\\n q\\\" b\\\\ u\\u00E9 U\\U0001F600 \\b\\f\\r\"\n",
    "a = \"\"\"\nfirst\n  second \"quoted\" \"\"two\"\" \\\n\n   folded \\\n   \"\"\"\"\"\n",
    "a = '''\nno \\ escape ''two'' here'''''\n",
    "a = \"\"\"\"\"\"\nb = ''''''\nc = \"\"\nd = ''\n",
    "a = \"\"\"x\r\ny\r\n\"\"\"\r\nb = 1\r\n[c]\r\n",
    "a = 0\nb = +17\nc = -9_000\nd = 0xDEAD_beef\ne = 0o755\nf = 0b1101\ng = -0\nh = 1_2_3\n",
    "a = 1.5\nb = 1e10\nc = 5E+22\nd = -2.0e-2\ne = inf\nf = -nan\ng = +inf\nh = 9_224_617.445_991\n",
    "a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00.999999\nc = 1979-05-27\nd = 07:32:00.5\n",
    "a = 2024-02-29\nb = 2023-02-28t23:59:59+23:59\n",
    "a = 2023-02-29\n",
    "a = 012\n",
    "a = 1__0\n",
    "a = .5\n",
    "a = 5.\n",
    "a = \"\\x41\"\n",
    "a = \"\\ud800\"\n",
    "a = \"\n\"\n",
    "a = 1 b = 2\n",
    "a = 1\na = 2\n",
    "a.b = 1\na = 2\n",
    "a\n",
    "= 1\n",
    "[ a . 'b' . \"c\" ]\nx = true\ny=false\n",
    "[]\n",
    "[a\n",
    "[[a]\n",
    "a = [1, 2\n",
    "key = \"é ü 漢字 😀\"\n",
    "a = True\n",
    "a = # comment\n",
    '[[package]]\nname = "x"\nversion = "1.0"\nfiles = [\n    {file = "x.whl", hash = "sha256:00"},\n]\n\n'
    '[package.dependencies]\ny = {version = ">=1", extras = ["z"], optional = true}\n',
]
MUTATIONS = 6000
LETTERS = list("\"'[]{}=.,#\n\r\t \\_-+:ab01eZTxu") + ['"""', "'''", "\r\n", "\x00", "\x7f", "é", "[[", "]]", "a.b"]
DATE_LIKE = re.compile(rb"\d{4}-|\d\d:")


def text(data):
    return b"%d:%s" % (len(data), data)


def dump(value):
    if isinstance(value, dict):
        return b"{" + b"".join(text(k.encode()) + dump(v) for k, v in value.items()) + b"}"
    if isinstance(value, list):
        return b"[" + b"".join(map(dump, value)) + b"]"
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, int):
        return b"n" + text(b"%d" % value)
    if isinstance(value, bytes):
        return b"n" + text(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return b"d"
    data = value.encode()
    return b"d" if DATE_LIKE.match(data) else b"s" + text(data)


def expectation(document):
    try:
        return dump(tomllib.loads(document, parse_float=lambda digits: digits.replace("_", "").lstrip("+").encode()))
    except (tomllib.TOMLDecodeError, RecursionError):
        return b"refused\n"


def mutate(document, chance):
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(document))
        what = chance.randint(0, 3)
        if what == 0:
            document = document[:at] + chance.choice(LETTERS) + document[at:]
        elif what == 1:
            document = document[:at] + document[at + chance.randint(1, 4):]
        elif what == 2:
            other = chance.choice(DOCUMENTS)
            document = document[:at] + other[chance.randint(0, len(other)):]
        else:
            document = document + document[at:]
    return document


def is_comparable(document):
    """Where the two may differ: leap seconds and the year 0, which Python has not, and integers beyond 64 bits."""
    return not re.search(r":60|0000-|[0-9a-fA-F_]{16}|^\ufeff", document)


def main():
    chance = random.Random(4)
    documents = DOCUMENTS + [mutate(chance.choice(DOCUMENTS), chance) for _ in range(MUTATIONS)]
    for number, document in enumerate(filter(is_comparable, documents)):
        base = os.path.join(sys.argv[1], str(number))
        with open(base + ".toml", "wb") as out:
            out.write(document.encode())
        with open(base + ".dump", "wb") as out:
            out.write(expectation(document))


main()
