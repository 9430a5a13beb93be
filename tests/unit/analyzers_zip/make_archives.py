#!/usr/bin/env python3
"""Archives of python's zipfile and of Info-ZIP's zip, each with what zipfile reads from it.

    make_archives.py OUT

writes OUT/CASE.zip and OUT/CASE.expected, a line an entry: name, method, size, CRC and SHA-1 of the content."""
import hashlib
import os
import random
import shutil
import struct
import subprocess
import sys
import zipfile

out = sys.argv[1]
noise = random.Random(7)
FILES = {
    "META-INF/": b"",
    "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\n\r\n",
    "empty": b"",
    "one": b"1",
    "text": b"The same line again and again.\n" * 3000,
    "noise": bytes(noise.randrange(256) for _ in range(70000)),
    "na\u00efve/\u65e5\u672c.txt": "caf\u00e9".encode(),
}


def expect(case):
    path = f"{out}/{case}.zip"
    with zipfile.ZipFile(path) as z, open(f"{out}/{case}.expected", "w") as f:
        for i in z.infolist():
            digest = hashlib.sha1(z.read(i)).hexdigest() if not i.flag_bits & 1 else "-"
            name = i.orig_filename.encode("utf-8" if i.flag_bits & 0x800 else "cp437").hex()
            f.write(f"{name} {i.compress_type} {i.file_size} {i.CRC:08x} {digest}\n")


def write(case, method=zipfile.ZIP_DEFLATED, files=None, force64=False, prefix=b"", suffix=b""):
    path = f"{out}/{case}.zip"
    if prefix:
        open(path, "wb").write(prefix)
    with zipfile.ZipFile(path, "a" if prefix else "w", method) as z:
        for name, content in (files or FILES).items():
            info = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            info.compress_type = method
            with z.open(info, "w", force_zip64=force64) as member:
                member.write(content)
    if suffix:
        open(path, "ab").write(suffix)
    expect(case)


def behind(case, source, prefix):
    """The archive with bytes before it that its offsets do not count, as `cat stub a.jar` makes it."""
    with open(f"{out}/{case}.zip", "wb") as f:
        f.write(prefix + open(f"{out}/{source}.zip", "rb").read())
    expect(case)


def comment(case, source, text):
    """What zipfile itself mistakes for an end record."""
    data = open(f"{out}/{source}.zip", "rb").read()
    open(f"{out}/{case}.zip", "wb").write(data[:-2] + struct.pack("<H", len(text)) + text)
    shutil.copy(f"{out}/{source}.expected", f"{out}/{case}.expected")


def zip64_directory(case):
    """zipfile writes the 64-bit records once there are more than 65,535 entries or 2 GiB; lower its threshold."""
    count, size = zipfile.ZIP_FILECOUNT_LIMIT, zipfile.ZIP64_LIMIT
    zipfile.ZIP_FILECOUNT_LIMIT, zipfile.ZIP64_LIMIT = 2, 100
    write(case, force64=True)
    zipfile.ZIP_FILECOUNT_LIMIT, zipfile.ZIP64_LIMIT = count, size


def info_zip(case, *options, source=None):
    folder = f"{out}/tree"
    for name, content in FILES.items():
        if not name.endswith("/"):
            os.makedirs(os.path.dirname(f"{folder}/{name}") or folder, exist_ok=True)
            open(f"{folder}/{name}", "wb").write(content)
    command = ["zip", "-q", *options]
    if source is None:
        subprocess.run([*command, f"../{case}.zip", "-r", "."], cwd=folder, check=True)
    else:
        data = subprocess.run([*command, "-", "-"], input=source, stdout=subprocess.PIPE, check=True).stdout
        open(f"{out}/{case}.zip", "wb").write(data)
    expect(case)


write("none", files={"only": b""})
zipfile.ZipFile(f"{out}/empty.zip", "w").close()
expect("empty")
write("deflated")
write("stored", zipfile.ZIP_STORED)
write("member64", force64=True)
zip64_directory("directory64")
write("trailer", suffix=b"\0" * 1000)
write("script", prefix=b"#!/bin/sh\nexec java -jar \"$0\"\n")  # its offsets count the prefix
comment("comment", "deflated", b"PK\x05\x06" + b"x" * 60000)
behind("prefix", "deflated", b"JM\x01\x00")
behind("prefix64", "directory64", b"#!/bin/sh\n" * 10)
write("many", zipfile.ZIP_STORED, {f"f{i}": b"" for i in range(70000)})
write("reversed", files=dict(reversed(FILES.items())))
info_zip("info")
info_zip("info-stored", "-0")
info_zip("info-streamed", source=b"from a pipe\n" * 1000)
info_zip("info-encrypted", "-P", "secret")

# Entries in the directory in another order than they lie in.
with zipfile.ZipFile(f"{out}/shuffled.zip", "w") as z:
    for name, content in FILES.items():
        z.writestr(name, content)
    z.filelist.reverse()
expect("shuffled")

# The 16-bit count of an older archiver starts again at 65,536.
data = bytearray(open(f"{out}/many.zip", "rb").read())
end64 = data.rindex(b"PK\x06\x06")
size, offset = struct.unpack_from("<QQ", data, end64 + 40)
open(f"{out}/wrapped.zip", "wb").write(
    data[:end64] + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 70000 & 0xFFFF, 70000 & 0xFFFF, size, offset, 0))
expect("wrapped")
