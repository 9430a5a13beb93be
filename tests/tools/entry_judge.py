"""Compares what `stella entrytrace` says of a tree of the corpus with what the tree ran when it was executed."""
import json
import os
import posixpath
import subprocess
import tempfile

import entry_corpus as corpus


def ask(stella, tree, folder):
    """The document for that tree, or None and what was said instead."""
    layout = os.path.join(folder, tree.name)
    corpus.write_layout(tree, layout)
    done = subprocess.run([stella, "entrytrace", "oci-layout:" + layout, "--format", "json"], capture_output=True, text=True)
    try:
        return json.loads(done.stdout), done.stderr
    except ValueError:
        return None, done.stderr.strip() or f"exit status {done.returncode}"


def real_path(tree, path):
    """Where a path of the image leads, links followed; without the first slash."""
    links = {e[0]: e[4] for e in list(corpus.base_entries(tree.base)) + list(tree.entries()) if e[1] == "link"}
    done, todo, budget = "", [p for p in path.split("/") if p], 64
    while todo and budget:
        part = todo.pop(0)
        if part == "..":
            done = posixpath.dirname(done)
            continue
        if part == ".":
            continue
        here = posixpath.join(done, part)
        if here in links:
            budget -= 1
            target = links[here]
            done = "" if target.startswith("/") else done
            todo = [p for p in target.split("/") if p] + todo
        else:
            done = here
    return done


def is_word(said, word, directory):
    """Whether that is the word, or the same path spelled from the working directory: bash's exec makes ./x absolute."""
    return said == word or said.startswith("./") and posixpath.normpath(posixpath.join(directory, said)) == word


def is_words(pattern, words, directory):
    """Whether these words may be those: one that is not known stands for one, or for any number."""
    if not pattern:
        return not words
    first, rest = pattern[0], pattern[1:]
    if isinstance(first, str):
        return bool(words) and is_word(first, words[0], directory) and is_words(rest, words[1:], directory)
    if "words" in first:
        return any(is_words(rest, words[at:], directory) for at in range(len(words) + 1))
    return bool(words) and is_words(rest, words[1:], directory)


def faces(tree, process):
    """The ways to name a process: the program that runs, and the script it was called as."""
    yield process["program"].lstrip("/"), process["args"]
    if posixpath.basename(process["program"]) == "busybox" and process["args"][0] == "busybox":
        yield process["program"].lstrip("/"), process["args"][1:]
    for at in (1, 2):  # the kernel put the interpreter, and perhaps one option, before the script
        if len(process["args"]) > at and process["args"][at].startswith("/"):
            yield real_path(tree, process["args"][at]), process["args"][at:]
    chain = process.get("chain")
    if chain:
        path = posixpath.normpath(posixpath.join(process["directory"], chain[-1]["path"]))
        yield real_path(tree, path), chain[-1]["args"]


def is_same(tree, node, process):
    said = node["args"][1:]
    directory = process.get("directory", "/")
    return any(node.get("path") == path and is_words(said, args[1:], directory) for path, args in faces(tree, process))


def named(process):
    return " ".join([process["program"].lstrip("/")] + process["args"][1:])


def node_text(node):
    words = [w if isinstance(w, str) else w.get("words") or w.get("unknown") for w in node["args"][1:]]
    return " ".join([node.get("path") or node["name"]] + words) + (" ?" if node.get("possible") else "")


def judge(tree, document, said):
    """is_right, expected, got, why: texts for people. Right: what ran is told with its words, and nothing is told for certain that did not run."""
    truth = corpus.traced(tree)
    expected = "; ".join(named(r) for r in truth["runs"])
    if document is None:
        return False, expected, "-", said.split("\n")[0]
    terminals = [n for n in document["nodes"] if "terminal" in n]
    got = "; ".join(dict.fromkeys(node_text(n) for n in terminals)) or "-"
    aside = {e["to"] for e in document["edges"] if e["step"] == "background"}
    told = terminals + [n for n in document["nodes"] if n["id"] in aside]
    missing = [r for r in truth["runs"] if not any(is_same(tree, n, r) for n in told)]
    lived = truth["runs"] + truth["beside"]
    wrong = [n for n in terminals if not n.get("possible") and not any(is_same(tree, n, p) for p in lived)]
    reasons = sorted({d["reason"] for d in document["diagnostics"]})
    if missing:
        same_file = any(n.get("path") == path for r in missing for path, _ in faces(tree, r) for n in terminals)
        return False, expected, got, ", ".join(reasons) or ("other words" if same_file else "another program")
    if wrong:
        return False, expected, got, "says what did not run: " + node_text(wrong[0])
    return True, expected, got, "one way of several" if any(n.get("possible") for n in terminals) else ""


def judge_all(stella, trees):
    """[(tree, is_right, expected, got, why)]"""
    with tempfile.TemporaryDirectory(prefix="entrytrace.") as folder:
        os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
        return [(tree, *judge(tree, *ask(stella, tree, folder))) for tree in trees]
