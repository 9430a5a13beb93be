#!/usr/bin/env python3
"""entrytrace_corpus_test.py BUILD_DIR SOURCE_DIR: of the entrypoints of tests/data/entrytrace as many as ever are resolved to what the trees ran
when they were executed (bench/entrytrace/trace.py; what it saw is committed beside them). The floor is what was reached; the goal is 97 %."""
import os
import sys

build, source = sys.argv[1:3]
sys.path.insert(0, os.path.join(source, "tests", "tools"))
import entry_corpus  # noqa: E402
import entry_judge  # noqa: E402

FLOOR_PERCENT, TREES_MIN = 97, 160

trees = entry_corpus.all_trees(os.path.join(source, "tests", "data", "entrytrace"))
if len(trees) < TREES_MIN:
    sys.exit(f"{len(trees)} trees, at least {TREES_MIN} are wanted")
results = entry_judge.judge_all(os.path.join(build, "bin", "stella"), trees)
right = sum(1 for r in results if r[1])
for tree, is_right, expected, got, why in results:
    if not is_right:
        print(f"{tree.name}: {why}\n  ran  {expected}\n  said {got}")
print(f"{right} of {len(results)} entrypoints resolved, {100 * right / len(results):.1f} %")
if 100 * right < FLOOR_PERCENT * len(results):
    sys.exit(f"fewer than {FLOOR_PERCENT} %")
