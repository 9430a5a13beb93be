#!/usr/bin/env python3
"""Writes a small container image, byte for byte the same every time.

    make_image.py STYLE OUT LAYER...

STYLE  oci-layout      OUT becomes a directory
       oci-archive     a tar of such a layout
       docker-archive  what docker before 25 saved: <id>/layer.tar, a layer that repeats is a link to the first
       docker-blobs    what docker since 25 saves: blobs/sha256/<hex>
LAYER  COMPRESSION:DIR, with COMPRESSION plain, gzip or zstd; DIR is the layer's tree (".wh." names are kept as they are)
"""
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile

EPOCH = 1700000000


def clean(info):
    info.mtime = EPOCH
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info


def tar_of_tree(root):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for folder, folders, files in os.walk(root):
            folders.sort()
            for name in sorted(folders + files):
                path = os.path.join(folder, name)
                relative = os.path.relpath(path, root)
                info = clean(tar.gettarinfo(path, relative))
                if info.isreg():
                    with open(path, "rb") as content:
                        tar.addfile(info, content)
                else:
                    tar.addfile(info)
    return out.getvalue()


def compress(how, data):
    if how == "gzip":
        return gzip.compress(data, 6, mtime=0)
    if how == "zstd":
        return subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def to_json(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def config_of(layers):
    return to_json({
        "architecture": "amd64", "os": "linux", "created": "2023-11-14T22:13:20Z",
        "config": {"Cmd": ["/bin/true"]},
        "rootfs": {"type": "layers", "diff_ids": [digest(tar) for _, tar in layers]},
        "history": [{"created_by": "COPY layer %d" % i} for i in range(len(layers))],
    })


def oci_files(layers):
    suffix = {"plain": "", "gzip": "+gzip", "zstd": "+zstd"}
    files = {"oci-layout": to_json({"imageLayoutVersion": "1.0.0"})}

    def blob(kind, data):
        files["blobs/sha256/" + digest(data)[7:]] = data
        return {"mediaType": kind, "digest": digest(data), "size": len(data)}

    described = [blob("application/vnd.oci.image.layer.v1.tar" + suffix[how], compress(how, tar)) for how, tar in layers]
    config = blob("application/vnd.oci.image.config.v1+json", config_of(layers))
    manifest = blob("application/vnd.oci.image.manifest.v1+json",
                    to_json({"schemaVersion": 2, "config": config, "layers": described}))
    manifest["annotations"] = {"org.opencontainers.image.ref.name": "test:1"}
    files["index.json"] = to_json({"schemaVersion": 2, "manifests": [manifest]})
    return files


def docker_entries(layers, blobs):
    """(name, data or None, link) in the order docker writes them."""
    entries, names, seen = [], [], {}
    for index, (_, tar) in enumerate(layers):
        if blobs:
            name = "blobs/sha256/" + digest(tar)[7:]
        else:
            name = "%064x/layer.tar" % (index + 1)
        if tar not in seen:
            entries.append((name, tar, None))
            seen[tar] = name
        elif not blobs:
            entries.append((name, None, "../" + seen[tar]))
        names.append(name)
    config = config_of(layers)
    config_name = ("blobs/sha256/%s" if blobs else "%s.json") % digest(config)[7:]
    entries.append((config_name, config, None))
    entries.append(("manifest.json", to_json([{"Config": config_name, "RepoTags": ["test:1"], "Layers": names}]), None))
    return entries


def write_tar(path, entries):
    with tarfile.open(path, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data, link in entries:
            info = clean(tarfile.TarInfo(name))
            info.mode = 0o644
            if link:
                info.type, info.linkname = tarfile.SYMTYPE, link
                tar.addfile(info)
            else:
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))


def main(style, out, *arguments):
    layers = [(how, tar_of_tree(tree)) for how, tree in (argument.split(":", 1) for argument in arguments)]
    if style == "oci-layout":
        for name, data in oci_files(layers).items():
            path = os.path.join(out, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
    elif style == "oci-archive":
        write_tar(out, [(name, data, None) for name, data in sorted(oci_files(layers).items())])
    elif style in ("docker-archive", "docker-blobs"):
        write_tar(out, docker_entries(layers, style == "docker-blobs"))
    else:
        sys.exit("make_image.py: no such style: " + style)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
