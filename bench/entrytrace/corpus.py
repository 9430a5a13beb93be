#!/usr/bin/env python3
"""corpus.py [--write] BUILD_DIR: asks stella for every tree of the entrypoint corpus and prints the table (image, expected, got, reason) and
the totals, in Markdown; --write: into docs/entrytrace/corpus.md."""
import collections
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "tools"))
import entry_corpus  # noqa: E402
import entry_judge  # noqa: E402

HEAD = """# The entrypoint corpus

Each tree re-creates, in words of our own, how the entrypoint of a well-known image is built: its tests, wrappers, second runs of itself, and
what it hands over to. Every tree was executed once in a throw-away root under strace (`bench/entrytrace/trace.py`); what then lived is the
expectation (`tests/data/entrytrace/NAME.traced.json`, with the chain of programs that led there). `bench/entrytrace/corpus.py --write BUILD_DIR`
makes this page; the test `entrytrace.corpus` compares the same without tracing.

An entrypoint counts as resolved when every program that ran is told with its words, and nothing is told for certain that did not run. "One way
of several": what ran is told, beside ways that depend on what cannot be known before the program runs. Words that cannot be known are written
as the script writes them; a way that may be taken is marked with `?`.

"""


def cell(text):
    text = text if len(text) <= 160 else text[:157] + "..."
    return text.replace("|", "\\|").replace("<", "&lt;") or " "


def page(results):
    right = sum(1 for r in results if r[1])
    lines = [HEAD + f"**{right} of {len(results)} resolved: {100 * right / len(results):.1f} %.**"]
    by_reason = collections.Counter(r[4] for r in results if not r[1])
    if by_reason:
        lines += ["", "| not resolved, by reason | |", "|---|---|"] + [f"| {cell(w)} | {n} |" for w, n in sorted(by_reason.items())]
    lines += ["", "| image | expected | got | reason |", "|---|---|---|---|"]
    for tree, is_right, expected, got, why in results:
        shown = "the same" if is_right and got == expected else got
        lines.append(f"| {tree.name} | {cell(expected)} | {cell(shown)} | {cell(why if is_right else '**' + why + '**')} |")
    return "\n".join(lines) + "\n"


def main():
    words = [w for w in sys.argv[1:] if w != "--write"]
    if len(words) != 1:
        sys.exit(__doc__)
    trees = entry_corpus.all_trees(os.path.join(ROOT, "tests", "data", "entrytrace"))
    text = page(entry_judge.judge_all(os.path.join(words[0], "bin", "stella"), trees))
    print(text, end="")
    if "--write" in sys.argv:
        with open(os.path.join(ROOT, "docs", "entrytrace", "corpus.md"), "w", encoding="utf-8") as f:
            f.write(text)


main()
