#!/usr/bin/env python3
"""cost.py [--work DIR] [--runs N] BUILD_DIR [NAME...]: what following the entrypoint and marking what it uses adds to a scan, of the roots that views.py
makes: each as a directory and as an OCI layout of one gzip layer, scanned with and without the entrypoint, turn by turn. Prints a table: medians of user
plus system time and of wall time, the added cost as the median of the paired differences, with a cold and with a warm cache of layers."""
import argparse
import gzip
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import views  # noqa: E402


def layout(root, out, config):
    """An OCI layout of one layer; the layer's file is shared with the other layouts of that root."""
    blobs = os.path.join(out, "blobs", "sha256")
    os.makedirs(blobs, exist_ok=True)
    layer = root + ".tar.gz"
    if not os.path.exists(layer):
        tar = subprocess.run(["tar", "--sort=name", "--numeric-owner", "-cf", "-", "-C", root, "."], check=True, stdout=subprocess.PIPE).stdout
        with open(layer + ".diff", "w", encoding="ascii") as f:
            f.write("sha256:" + hashlib.sha256(tar).hexdigest())
        with open(layer + ".part", "wb") as f:
            f.write(gzip.compress(tar, 6, mtime=0))
        os.rename(layer + ".part", layer)
    bytes_of_layer = open(layer, "rb").read()

    def blob(data):
        digest = hashlib.sha256(data).hexdigest()
        with open(os.path.join(blobs, digest), "wb") as f:
            f.write(data)
        return {"digest": "sha256:" + digest, "size": len(data)}

    kind = "application/vnd.oci.image."
    description = {"architecture": "amd64", "os": "linux", "config": config,
                   "rootfs": {"type": "layers", "diff_ids": [open(layer + ".diff", encoding="ascii").read()]}}
    manifest = {"schemaVersion": 2, "mediaType": kind + "manifest.v1+json",
                "config": {"mediaType": kind + "config.v1+json", **blob(json.dumps(description).encode())},
                "layers": [{"mediaType": kind + "layer.v1.tar+gzip", **blob(bytes_of_layer)}]}
    index = {"schemaVersion": 2, "manifests": [{"mediaType": kind + "manifest.v1+json", **blob(json.dumps(manifest).encode())}]}
    for name, document in (("index.json", index), ("oci-layout", {"imageLayoutVersion": "1.0.0"})):
        with open(os.path.join(out, name), "w", encoding="ascii") as f:
            json.dump(document, f)
    return "oci-layout:" + out


def once(words):
    """User plus system time and wall time of one scan, in ms; its workers count."""
    began = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(words)}: {said.decode()}")
    return (usage.ru_utime + usage.ru_stime) * 1000, (time.monotonic() - began) * 1000


def measure(stella, plain, traced, runs, is_warm, cache):
    pairs = []
    for turn in range(runs + 1):
        pair = []
        for words in (plain, traced):
            if not is_warm:
                shutil.rmtree(cache, ignore_errors=True)
            pair.append(once([stella, "scan", *words, "-q", "-o", "json=/dev/null"]))
        if turn:  # the first warms what is to be warm
            pairs.append(pair)
    row = []
    for k in (0, 1):
        row += [statistics.median(p[0][k] for p in pairs), statistics.median(p[1][k] for p in pairs), statistics.median(p[1][k] - p[0][k] for p in pairs)]
    return row


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", default="build/views")
    options.add_argument("--runs", type=int, default=11)
    options.add_argument("build")
    options.add_argument("names", nargs="*")
    chosen = options.parse_args()
    stella, work = os.path.join(os.path.abspath(chosen.build), "bin", "stella"), os.path.abspath(chosen.work)
    cache = os.environ["XDG_CACHE_HOME"] = os.path.join(work, "cost.cache")
    print("| root | target | cache | CPU ms without | with | **added** | wall ms without | with | **added** |\n|---|---|---|---|---|---|---|---|---|")
    for name in chosen.names or views.VIEWS:
        root, start = views.make_root(name, work), views.VIEWS[name]["start"]
        entry = [w for word in start for w in ("--entrypoint", word)]
        image = layout(root, os.path.join(work, name + ".plain"), {}), layout(root, os.path.join(work, name + ".oci"), {"Entrypoint": start})
        for what, plain, traced in (("directory", ["dir:" + root], ["dir:" + root, *entry]), ("OCI layout", [image[0]], [image[1]])):
            for is_warm in (False, True):
                row = measure(stella, plain, traced, chosen.runs, is_warm, cache)
                print(f"| {name} | {what} | {'warm' if is_warm else 'cold'} | " + " | ".join(f"{v:.0f}" for v in row) + " |", flush=True)


if __name__ == "__main__":
    main()
