#!/usr/bin/env python3
"""make_roots.py DIR: packages built by rpmbuild and installed by rpm below DIR/<case>, and beside each case what rpm says of
it: DIR/<case>.tsv (a package a line) and DIR/<case>.files (a file a line)."""
import os, shutil, sqlite3, struct, subprocess, sys, zlib

OUT = os.path.abspath(sys.argv[1])
ENV = dict(os.environ, SOURCE_DATE_EPOCH="1700000000", LC_ALL="C.UTF-8", HOME=OUT)
TABLE = ("%{NAME}\t%|EPOCH?{%{EPOCH}}|\t%{VERSION}\t%{RELEASE}\t%{ARCH}\t%|SOURCERPM?{%{SOURCERPM}}|\t"
         "%|MODULARITYLABEL?{%{MODULARITYLABEL}}|\t%{LICENSE}\t%|VENDOR?{%{VENDOR}}|\t%{LONGSIZE}\t%|SIGMD5?{%{SIGMD5}}|\n")
HEAD = "name\tepoch\tversion\trelease\tarch\tsourcerpm\tmodularitylabel\tlicense\tvendor\tsize\tsigmd5\n"
FILES = "[%{=NAME}\t%{=VERSION}\t%{FILENAMES}\t%{FILEMODES}\t%{FILEFLAGS}\t%{FILEDIGESTS}\n]"

SPEC = """Name: {name}
Version: {version}
Release: {release}
{extra}
Summary: The package {name}
License: {license}
URL: https://example.org/{name}
Vendor: Example Vendor
Packager: A Packager <packager@example.org>
%description
A package.
%install
mkdir -p %{{buildroot}}/etc/{name} %{{buildroot}}/usr/bin %{{buildroot}}/usr/share/doc/{name} %{{buildroot}}/var/log
echo 'key={version}' > %{{buildroot}}/etc/{name}/{name}.conf
printf '#!/bin/sh\\necho {version}\\n' > %{{buildroot}}/usr/bin/{name}
chmod 755 %{{buildroot}}/usr/bin/{name}
ln -s {name} %{{buildroot}}/usr/bin/{name}-link
echo read me > %{{buildroot}}/usr/share/doc/{name}/README
: > %{{buildroot}}/var/log/{name}.log
%files
%dir /etc/{name}
%config(noreplace) /etc/{name}/{name}.conf
/usr/bin/{name}
/usr/bin/{name}-link
%doc /usr/share/doc/{name}/README
%ghost /var/log/{name}.log
%changelog
* Tue Nov 14 2023 A Packager <packager@example.org> - {version}-{release}
- Fix CVE-2023-1234 and CVE-2022-99999, again CVE-2023-1234
- Older: CAN-2004-0001; not one: CVE-20-1, CVE-2023-12
"""


def run(*args, **kw):
    return subprocess.run(args, check=True, env=ENV, stdout=subprocess.PIPE, **kw).stdout


def build(name, version, release="1.fc39", extra="", license="MIT"):
    top = OUT + "/top"
    os.makedirs(top, exist_ok=True)
    spec = "%s/%s.spec" % (top, name)
    with open(spec, "w") as f:
        f.write(SPEC.format(name=name, version=version, release=release, extra=extra, license=license))
    run("rpmbuild", "-bb", "--quiet", "--define", "_topdir " + top, "--define", "_buildhost example", "--define",
        "use_source_date_epoch_as_buildtime 1", "--define", "dist .fc39", "--target", "noarch", spec,
        stderr=subprocess.DEVNULL)
    return "%s/RPMS/noarch/%s-%s-%s.noarch.rpm" % (top, name, version, release)


def rpm(root, *args):
    """The database alone: with --root rpm would need to be root itself."""
    os.makedirs(root + "/var/lib/rpm", exist_ok=True)
    return run("rpm", "--dbpath", root + "/var/lib/rpm", "--nodeps", "--nosignature", "--noscripts", "--justdb",
               "--ignorearch" if args[0] != "-e" else "--quiet", *args, stderr=subprocess.DEVNULL)


def rpm_query(root, *defines):
    flags = [w for d in defines for w in ("--define", d)]
    base = ["rpm", "--dbpath", root + "/var/lib/rpm", *flags, "-qa", "--qf"]
    return run(*base, TABLE, stderr=subprocess.DEVNULL).decode(), run(*base, FILES, stderr=subprocess.DEVNULL).decode()


def expect(case, table, files):
    with open(case + ".tsv", "w") as f:
        f.write(HEAD + table)
    with open(case + ".files", "w") as f:
        f.write(files)


def database(root):
    return root + "/var/lib/rpm/rpmdb.sqlite"


def settle(root):
    """Folds the log into the file: what rpm leaves when nobody else has the database open."""
    db = sqlite3.connect(database(root))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    for suffix in ("-wal", "-shm"):
        if os.path.exists(database(root) + suffix):
            os.remove(database(root) + suffix)


def headers(root):
    db = sqlite3.connect(database(root))
    rows = db.execute("SELECT hnum, blob FROM Packages ORDER BY hnum").fetchall()
    db.close()
    return rows


def only(root, name, data):
    folder = root + "/var/lib/rpm"
    os.makedirs(folder)
    with open(folder + "/" + name, "wb") as f:
        f.write(data)


def bdb_file(rows, order, page=4096):
    dump = ["VERSION=3", "format=bytevalue", "type=hash", "db_pagesize=%d" % page, "db_lorder=%d" % order, "HEADER=END"]
    number = "<I" if order == 1234 else ">I"
    for hnum, blob in [(0, struct.pack(number, rows[-1][0]))] + rows:
        dump += [" " + struct.pack(number, hnum).hex(), " " + bytes(blob).hex()]
    path = OUT + "/bdb.tmp"
    if os.path.exists(path):
        os.remove(path)
    run("db5.3_load", path, input=("\n".join(dump + ["DATA=END", ""])).encode())
    data = open(path, "rb").read()
    os.remove(path)
    return data


def ndb_file(rows, pages=1):
    """rpm's lib/backend/ndb/rpmpkg.c: a header, slots of 16 bytes, blobs in blocks of 16."""
    slots, blobs, at = [], b"", pages * 4096 // 16
    for hnum, blob in rows:
        blob = bytes(blob)
        body = struct.pack("<4sIII", b"BlbS", hnum, 1, len(blob)) + blob
        body += b"\0" * (-(len(body) + 12) % 16)
        body += struct.pack("<II4s", zlib.adler32(body), len(blob), b"BlbE")
        slots.append(struct.pack("<4sIII", b"Slot", hnum, at, len(body) // 16))
        at += len(body) // 16
        blobs += body
    free = struct.pack("<4sIII", b"Slot", 0, 0, 0)
    slots += [free] * (pages * 256 - 2 - len(slots))
    head = struct.pack("<4sIIII", b"RpmP", 0, 1, pages, rows[-1][0] + 1).ljust(32, b"\0")
    return head + b"".join(slots) + blobs


A1 = build("base", "1.0", license="GPLv2+ and (BSD or ASL 2.0)", extra="Provides: virtual(base) = 3\nRequires: base")
A2 = build("base", "1.1", license="GPLv2+ and (BSD or ASL 2.0)", extra="Provides: virtual(base) = 3")
TOOL = build("tool", "2.5~rc1", extra="Epoch: 2\nRequires: virtual(base) >= 2, /usr/bin/base\nRequires: (base if other)")
OTHER = build("other", "7", extra="Epoch: 0\nRequires: tool < 2:9\nRequires: /usr/bin/tool", license="Some Own Terms")

# one root with each container
root = OUT + "/sqlite"
os.makedirs(root)
rpm(root, "-i", A1, TOOL, OTHER)
settle(root)
shutil.rmtree(root + "/tmp", ignore_errors=True)
TABLE_OF, FILES_OF = rpm_query(root)
settle(root)
expect(root, TABLE_OF, FILES_OF)
ROWS = headers(root)
assert len(ROWS) == 3
for case, order, page in [("bdb-little", 1234, 4096), ("bdb-big", 4321, 4096), ("bdb-small-pages", 1234, 512),
                          ("bdb-large-pages", 4321, 65536)]:
    only(OUT + "/" + case, "Packages", bdb_file(ROWS, order, page))
    table, files = rpm_query(OUT + "/" + case, "_db_backend bdb_ro") if order == 1234 else (TABLE_OF, FILES_OF)
    assert sorted(table.splitlines()) == sorted(TABLE_OF.splitlines()), "bdb_ro reads something else"
    for extra in os.listdir(OUT + "/" + case + "/var/lib/rpm"):
        if extra != "Packages":
            os.remove(OUT + "/" + case + "/var/lib/rpm/" + extra)
    expect(OUT + "/" + case, table, files)
only(OUT + "/ndb", "Packages.db", ndb_file(ROWS))
expect(OUT + "/ndb", TABLE_OF, FILES_OF)

# a magic that is another kind's than the name says
only(OUT + "/misnamed", "Packages.db", bdb_file(ROWS, 1234))
expect(OUT + "/misnamed", TABLE_OF, FILES_OF)

# layers: base and tool; base upgraded; tool removed and other installed; tool back
work = OUT + "/work"
os.makedirs(work)
for i, steps in enumerate([[("-i", A1, TOOL)], [("-U", A2)], [("-e", "tool"), ("-i", OTHER)], [("-i", TOOL)]]):
    for step in steps:
        rpm(work, *step)
    settle(work)
    os.makedirs("%s/layer-%d/var/lib/rpm" % (OUT, i))
    shutil.copy(database(work), "%s/layer-%d/var/lib/rpm/" % (OUT, i))
expect(OUT + "/layers", *rpm_query(work))

# a layer of a log alone: base in the file, tool and other in the log
for layer in ("below", "above"):
    os.makedirs("%s/split-%s/var/lib/rpm" % (OUT, layer))
split = OUT + "/split-work"
os.makedirs(split + "/var/lib/rpm")
rpm(split, "-i", A1)
settle(split)
shutil.copy(database(split), OUT + "/split-below/var/lib/rpm/")
db = sqlite3.connect(database(split), isolation_level=None)
db.execute("PRAGMA journal_mode = wal")
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
shutil.copy(database(split), OUT + "/split-below/var/lib/rpm/")
for hnum, blob in ROWS[1:]:
    db.execute("INSERT INTO Packages VALUES (?, ?)", (hnum, blob))
shutil.copy(database(split) + "-wal", OUT + "/split-above/var/lib/rpm/")
assert os.path.getsize(database(split) + "-wal") > 4096
os.makedirs(OUT + "/together/var/lib/rpm")
for suffix in ("", "-wal"):
    shutil.copy(database(split) + suffix, OUT + "/together/var/lib/rpm/rpmdb.sqlite" + suffix)
db.close()
expect(OUT + "/together", TABLE_OF, FILES_OF)
