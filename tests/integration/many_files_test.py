#!/usr/bin/env python3
"""many_files_test.py BUILD_DIR: a layer of 3,000,000 files is read, in bounded memory of all processes; one file above the
limit is refused by name, with the option that raises it."""
import glob
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time

MEMORY_MAX_MB = 300  # the goal is 250; a test leaves room for other C libraries and kernels
build = sys.argv[1]
stella = os.path.join(build, "bin", "stella")
sanitized = any(line.startswith("STELLA_SANITIZE:") and line.strip().split("=", 1)[1]
                for line in open(os.path.join(build, "CMakeCache.txt")))
count = 100000 if sanitized else 3000000
if sanitized:
    print("SKIPPED: 3,000,000 files and the measure of memory (a sanitizer build takes %d files)" % count)


def headers(first, last):
    """Headers of empty files, made by hand: tarfile would take minutes."""
    blank = bytearray(tarfile.TarInfo("x").tobuf(tarfile.USTAR_FORMAT))
    blank[0:100] = bytes(100)
    blank[148:156] = b" " * 8
    rest, out = sum(blank), bytearray()
    for number in range(first, last):
        name = b"usr/lib/d%04d/file-number-%d.so" % (number // 1000, number)
        header = blank[:]
        header[0:len(name)] = name
        header[148:156] = b"%06o\0 " % (rest + sum(name))
        out += header
    return bytes(out)


def make_image(path):
    packed = path + ".gz"
    digest = hashlib.sha256()
    with open(packed, "wb") as out:
        gzip = subprocess.Popen(["gzip", "-1nc"], stdin=subprocess.PIPE, stdout=out)
        for first in range(0, count, 1000):
            piece = headers(first, first + 1000)
            digest.update(piece)
            gzip.stdin.write(piece)
        digest.update(bytes(1024))
        gzip.stdin.write(bytes(1024))
        gzip.stdin.close()
        assert gzip.wait() == 0
    config = {"architecture": "amd64", "os": "linux",
              "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest.hexdigest()]}}
    manifest = [{"Config": "config.json", "RepoTags": ["many:1"], "Layers": ["l/layer.tar"]}]
    with tarfile.open(path, "w") as tar:
        for name, data in (("config.json", json.dumps(config).encode()), ("l/layer.tar", open(packed, "rb").read()),
                           ("manifest.json", json.dumps(manifest).encode())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def memory_kb(session):
    """Of all processes of the session: each page once."""
    total = 0
    for path in glob.glob("/proc/[0-9]*/smaps_rollup"):
        try:
            if os.getsid(int(path.split("/")[2])) == session:
                total += next(int(line.split()[1]) for line in open(path) if line.startswith("Pss:"))
        except (OSError, StopIteration):
            pass
    return total


def scan(work, *options):
    """Returns status, result, messages, and the most memory that was seen."""
    env = dict(os.environ, TMPDIR=work + "/tmp", HOME=work, XDG_CONFIG_HOME=work, XDG_DATA_HOME=work, XDG_CACHE_HOME=work)
    with open(work + "/out", "w+b") as out, open(work + "/err", "w+b") as err:
        child = subprocess.Popen([stella, "scan", "docker-archive:" + work + "/many.image", "-o", "json", *options],
                                 stdout=out, stderr=err, env=env, start_new_session=True)
        peak = 0
        while child.poll() is None:
            peak = max(peak, memory_kb(child.pid))
            time.sleep(0.05)
        assert memory_kb(child.pid) == 0, "a process is left"
        assert os.listdir(work + "/tmp") == [], "left in TMPDIR: %s" % os.listdir(work + "/tmp")
        out.seek(0)
        err.seek(0)
        return child.returncode, out.read(), err.read().decode(), peak >> 10


with tempfile.TemporaryDirectory() as work:
    os.mkdir(work + "/tmp")
    make_image(work + "/many.image")
    status, result, said, peak = scan(work)
    assert status == 0, said
    result = json.loads(result)
    assert result["layers"][0]["entries"] == count, result["layers"]
    assert result["errors"] == [], result["errors"][:3]
    print("%d files: %d MB at most in all processes" % (count, peak))
    assert sanitized or peak <= MEMORY_MAX_MB, "more than %d MB" % MEMORY_MAX_MB
    status, result, said, _ = scan(work, "--max-entries", str(count - 1))
    assert status == 3 and result == b"", (status, said)
    assert "many.image: layer 0" in said and "--max-entries" in said and str(count - 1) in said, said
    status, _, said, _ = scan(work, "--max-entries", str(count))
    assert status == 0, said
print("all as expected")
