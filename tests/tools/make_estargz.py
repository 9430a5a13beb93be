#!/usr/bin/env python3
"""Writes an OCI layout whose layers are eStargz, by the format's description (stargz-snapshotter, docs/estargz.md).

    make_estargz.py OUT LIE TREE...

TREE   of one layer each (".wh." names are kept as they are); files are cut into chunks of 4,000 bytes
LIE    honest, or what is wrong with the tables of contents:
       toc-digest     the manifest's digest of the table is another
       chunk-digest   every chunk's digest is another
       outside        chunks lie behind the data
       size           files are said to be a byte longer than their chunks
       longer         files and their last chunks are said to be a thousand bytes longer
       no-chunk       chunks begin a byte too late
       footer         the last bytes name no table
       kind           an entry of an unknown type
       hard-links     hard links in a circle, to nowhere, and to themselves: no lie that would matter
       twice          every file once more, empty, before the true entry: the last one stands
       dotdot         a name that leads out of the image
"""
import gzip
import io
import os
import sys
import tarfile

import make_image

CHUNK = 4000
DIGEST = "containerd.io/snapshot/stargz/toc.digest"


def member(data):
    return gzip.compress(data, 6, mtime=0)


class Writer:
    def __init__(self):
        self.blob = b""
        self.open = b""
        self.entries = []

    def close(self):
        if self.open:
            self.blob += member(self.open)
        self.open = b""

    def add(self, info, data):
        kinds = {tarfile.REGTYPE: "reg", tarfile.DIRTYPE: "dir", tarfile.SYMTYPE: "symlink", tarfile.LNKTYPE: "hardlink"}
        entry = {"name": info.name + ("/" if info.isdir() else ""), "type": kinds[info.type], "mode": info.mode, "uid": 0, "gid": 0}
        if info.linkname:
            entry["linkName"] = info.linkname
        self.open += info.tobuf(tarfile.GNU_FORMAT)
        self.entries.append(entry)
        if not info.isreg() or not data:
            return
        entry.update(size=len(data), digest=make_image.digest(data))
        for at in range(0, len(data), CHUNK):
            self.close()
            chunk = data[at:at + CHUNK]
            part = entry if at == 0 else {"name": entry["name"], "type": "chunk"}
            part.update(offset=len(self.blob), chunkOffset=at, chunkSize=len(chunk), chunkDigest=make_image.digest(chunk))
            if at:
                self.entries.append(part)
            self.open = chunk
        self.open += bytes(-len(data) % 512)

    def finish(self, lie):
        self.close()
        text = make_image.to_json({"version": 1, "entries": tell(lie, self.entries, len(self.blob))})
        at = len(self.blob)
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w", format=tarfile.GNU_FORMAT) as tar:
            info = make_image.clean(tarfile.TarInfo("stargz.index.json"))
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
        self.blob += member(archive.getvalue())
        where = b"%016x" % at if lie != "footer" else b"somewhere-or-not"
        self.blob += (b"\x1f\x8b\x08\x04" + bytes(6) + b"\x1a\x00SG\x16\x00" + where + b"STARGZ" + b"\x01\x00\x00\xff\xff" + bytes(8))
        return self.blob, make_image.digest(text if lie != "toc-digest" else text + b" ")


def tell(lie, entries, data_bytes):
    entries = [dict(entry) for entry in entries]
    for i, entry in enumerate(entries):
        is_last = i + 1 == len(entries) or entries[i + 1]["type"] != "chunk"
        if lie == "chunk-digest" and "chunkDigest" in entry:
            entry["chunkDigest"] = make_image.digest(b"another")
        if lie == "outside" and "offset" in entry:
            entry["offset"] += data_bytes
        if lie == "no-chunk" and "offset" in entry:
            entry["offset"] += 1
        if lie in ("size", "longer") and "size" in entry:
            entry["size"] += 1 if lie == "size" else 1000
        if lie == "longer" and "offset" in entry and is_last:
            entry["chunkSize"] += 1000
    if lie == "kind":
        entries.append({"name": "strange", "type": "door"})
    if lie == "dotdot":
        entries.append({"name": "../outside", "type": "reg"})
    if lie == "hard-links":
        for name, to in (("var/lib/dpkg/status-old", "b"), ("b", "var/lib/dpkg/status-old"), ("c", "c"), ("d", "nowhere")):
            entries.append({"name": name, "type": "hardlink", "linkName": to})
    if lie == "twice":
        entries = [{"name": e["name"], "type": "reg"} for e in entries if e["type"] == "reg"] + entries
    return entries


def make_layer(tree, lie):
    writer = Writer()
    stored = make_image.tar_of_tree(tree)
    with tarfile.open(fileobj=io.BytesIO(stored)) as tar:
        for info in tar:
            file = tar.extractfile(info) if info.isreg() else None
            writer.add(info, file.read() if file else b"")
    return writer.finish(lie)


def main():
    out, lie, trees = sys.argv[1], sys.argv[2], sys.argv[3:]
    files = {"oci-layout": make_image.to_json({"imageLayoutVersion": "1.0.0"})}

    def blob(kind, data):
        files["blobs/sha256/" + make_image.digest(data)[7:]] = data
        return {"mediaType": kind, "digest": make_image.digest(data), "size": len(data)}

    layers, described = [], []
    for tree in trees:
        stored, toc = make_layer(tree, lie)
        layers.append(("gzip", gzip.decompress(stored)))
        described.append(dict(blob("application/vnd.oci.image.layer.v1.tar+gzip", stored), annotations={DIGEST: toc}))
    config = blob("application/vnd.oci.image.config.v1+json", make_image.config_of(layers))
    manifest = blob("application/vnd.oci.image.manifest.v1+json",
                    make_image.to_json({"schemaVersion": 2, "config": config, "layers": described}))
    manifest["annotations"] = {"org.opencontainers.image.ref.name": "test:1"}
    files["index.json"] = make_image.to_json({"schemaVersion": 2, "manifests": [manifest]})
    for name, data in files.items():
        path = os.path.join(out, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main()
