#!/usr/bin/env python3
"""bad_applications_test.py BUILD_DIR SOURCE_DIR: what hostile applications cost `stella scan`: the file that is refused, by
name and reason, never another's result; the same without a cache, with a new one, and with a warm one."""
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile

build, source = sys.argv[1], sys.argv[2]
stella = os.path.join(build, "bin", "stella")
sanitized = any(line.startswith("STELLA_SANITIZE:") and line.strip().split("=", 1)[1]
                for line in open(os.path.join(build, "CMakeCache.txt")))
PACKAGE = '{"name":"%s","version":"1.0.0"}'
failures = 0


def fail(text):
    global failures
    failures += 1
    print("FAILED: " + text)


def scan(target, *options):
    env = dict(os.environ, TMPDIR=work + "/tmp", HOME=work, XDG_CONFIG_HOME=work, XDG_DATA_HOME=work, XDG_CACHE_HOME=work)
    done = subprocess.run([stella, "scan", target, "-o", "json", *options], env=env, capture_output=True, timeout=300,
                          check=False)
    if os.listdir(work + "/tmp"):
        fail("%s: left in TMPDIR" % target)
    if done.returncode not in (0, 3):
        fail("%s: exit status %d: %s" % (target, done.returncode, done.stderr[-500:].decode()))
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr.decode()


def difference(one, other):
    """Where two results part: what a failure that is seldom must say."""
    if one[0] != other[0] or not one[1] or not other[1]:
        return "status %d and %d; %s" % (one[0], other[0], other[2][-500:])
    parts = []
    for key in sorted(set(one[1]) | set(other[1])):
        a, b = one[1].get(key), other[1].get(key)
        if a == b:
            continue
        if isinstance(a, list) and isinstance(b, list):
            a, b = [x for x in a if x not in b][:3], [x for x in b if x not in a][:3]
        parts.append("%s: %.500s and %.500s" % (key, a, b))
    return "; ".join(parts)


def scans(target):
    """The result, the same three times: without a cache, into a new one, out of it."""
    shutil.rmtree(work + "/cache", ignore_errors=True)
    results = [scan(target, "--no-cache"), scan(target, "--cache-dir", work + "/cache"),
               scan(target, "--cache-dir", work + "/cache")]
    for name, other in zip(("new", "warm"), results[1:]):
        if other[:2] != results[0][:2]:
            fail("%s: a %s cache changes the result: %s" % (target, name, difference(results[0], other)))
    return results[0]


def names(result):
    return {component.get("name") for component in result["components"]} if result else set()


def errors(result, path):
    return [error for error in result["errors"] if path in str(error.get("path", ""))]


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(data if isinstance(data, bytes) else data.encode())


def a_package_json_of_50_mb_loses_itself_alone():
    root = work + "/large"
    write(root + "/app/node_modules/good/package.json", PACKAGE % "good")
    write(root + "/app/node_modules/huge/package.json",
          '{"name":"huge","version":"1.0.0","description":"%s"}' % ("x" * (50 << 20)))
    status, result, _ = scans("dir:" + root)
    if status != 0 or "good" not in names(result):
        fail("a large package.json: status %d, %s" % (status, names(result)))
    if not errors(result, "huge/package.json"):
        fail("a large package.json is not among the errors: %s" % result["errors"])
    shutil.rmtree(root)


def many_package_json_are_read():
    count = 10000 if sanitized else 200000
    path = work + "/many.tar"
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for i in range(count):
            data = (PACKAGE % ("m%d" % i)).encode()
            info = tarfile.TarInfo("app/node_modules/m%d/package.json" % i)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    status, result, _ = scan("tar:" + path, "--no-cache")
    found = len([name for name in names(result) if name and name.startswith("m")])
    if status != 0 or found != count:
        fail("%d package.json: status %d, %d found" % (count, status, found))
    os.unlink(path)


def crates_stand_without_the_dependencies_beyond_the_limit():
    root, lines = work + "/crates", ["version = 4"]
    needs = "dependencies = [%s]" % ",".join('"p%d"' % i for i in range(1000))
    for i in range(1000): # 1,000,000 dependencies
        lines += ["[[package]]", 'name = "p%d"' % i, 'version = "1.0.0"', needs]
    write(root + "/Cargo.lock", "\n".join(lines))
    status, result, _ = scan("dir:" + root, "--no-cache", "--declared", "on")
    found = len([name for name in names(result) if name and name.startswith("p")])
    if status != 0 or found != 1000:
        fail("a million dependencies: status %d, %d crates" % (status, found))
    if not any("dependencies" in str(error.get("message")) for error in errors(result, "Cargo.lock")):
        fail("a million dependencies are not said to be too many: %s" % result["errors"])
    shutil.rmtree(root)


def seeds():
    folder = source + "/tests/fuzz/seeds/"
    for target in ("go_buildinfo", "rust_audit", "dotnet_assembly", "dotnet_bundle", "macho", "elf", "pe"):
        for name in sorted(os.listdir(folder + target)):
            with open(folder + target + "/" + name, "rb") as data:
                yield target + "." + name, data.read()


def mutants(data, rng):
    """Lengths and offsets in headers set to extremes, bytes changed anywhere, cut anywhere."""
    for extreme in (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80"):
        for _ in range(4):
            one = bytearray(data)
            at = rng.randrange(4, max(5, min(len(data), 1024)))
            one[at:at + 4] = extreme
            yield bytes(one)
    for _ in range(6):
        one = bytearray(data)
        for _ in range(20):
            if one:
                one[rng.randrange(len(one))] = rng.randrange(256)
        yield bytes(one)
    for _ in range(3):
        yield data[:rng.randrange(len(data) + 1)]
    marker = data.find(b"\xff Go buildinf:") # build info whose texts claim to be as long as can be said
    if marker >= 0:
        yield data[:marker + 32] + b"\xff" * 9 + b"\x01" + data[marker + 42:]
        yield data[:marker + 16] + b"\xff" * 16 + data[marker + 32:]


def mutated_programs_cost_nothing_but_themselves():
    rng, root = random.Random(20261123), work + "/programs"
    write(root + "/app/node_modules/good/package.json", PACKAGE % "good")
    for name, data in seeds():
        for i, mutant in enumerate(mutants(data, rng)):
            path = "%s/opt/%s.%d%s" % (root, name, i, ".dll" if "dotnet_assembly" in name else "")
            write(path, mutant)
            os.chmod(path, 0o755)
    status, result, _ = scans("dir:" + root)
    if status != 0 or "good" not in names(result):
        fail("mutated programs: status %d, %s" % (status, names(result)))
    shutil.rmtree(root)


def a_hostile_tar_is_refused_or_read_in_part():
    path, rng = work + "/hostile.tar", random.Random(7)
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, kind, link in (("../../up", tarfile.REGTYPE, ""), ("/abs", tarfile.REGTYPE, ""),
                                 ("loop", tarfile.SYMTYPE, "loop"), ("h", tarfile.LNKTYPE, "../../etc/passwd"),
                                 ("app/node_modules/good/package.json", tarfile.REGTYPE, "")):
            data = (PACKAGE % "good").encode() if name.endswith(".json") else b""
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, link, len(data)
            tar.addfile(info, io.BytesIO(data))
    status, result, _ = scans("tar:" + path)
    if status != 0 or "good" not in names(result):
        fail("a hostile tar: status %d, %s" % (status, names(result)))
    whole = open(path, "rb").read()
    for i in range(20):
        one = bytearray(whole[:rng.randrange(1, len(whole))] if i % 2 else whole)
        one[rng.randrange(min(len(one), 2560))] ^= 1 << rng.randrange(8)
        write(path, bytes(one))
        status, result, said = scan("tar:" + path, "--no-cache")
        if status == 3 and "hostile.tar" not in said:
            fail("a refused tar is not named: %s" % said)


with tempfile.TemporaryDirectory() as work:
    os.mkdir(work + "/tmp")
    a_package_json_of_50_mb_loses_itself_alone()
    many_package_json_are_read()
    crates_stand_without_the_dependencies_beyond_the_limit()
    mutated_programs_cost_nothing_but_themselves()
    a_hostile_tar_is_refused_or_read_in_part()
sys.exit("%d failed" % failures if failures else 0)
