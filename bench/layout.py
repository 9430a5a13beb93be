#!/usr/bin/env python3
"""layout.py layers DIR: the paths of the layers of the only image in an OCI layout, base first."""
import json
import os
import sys


def blob(layout, digest):
    return os.path.join(layout, "blobs", "sha256", digest.split(":", 1)[1])


def layers(layout):
    index = json.load(open(os.path.join(layout, "index.json")))
    manifest = json.load(open(blob(layout, index["manifests"][0]["digest"])))
    return [blob(layout, layer["digest"]) for layer in manifest["layers"]]


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "layers":
        sys.exit(__doc__)
    print("\n".join(layers(sys.argv[2])))
