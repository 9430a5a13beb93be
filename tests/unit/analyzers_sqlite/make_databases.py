#!/usr/bin/env python3
"""make_databases.py DIR: databases in DIR/<case>/db (and db-wal), each with what SQLite itself reads from table t of a
copy of them in DIR/<case>/expected: a line a row, its row id and its columns."""
import os, random, shutil, sqlite3, struct, subprocess, sys

OUT = sys.argv[1]
RANDOM = random.Random(7)


def dump_value(v):
    if v is None:
        return "n"
    if isinstance(v, int):
        return "i%d" % v
    if isinstance(v, float):
        return "r"
    return ("t" + v.encode().hex()) if isinstance(v, str) else "b" + v.hex()


def expect(case):
    copy = case + ".copy"
    shutil.copytree(case, copy)
    db = sqlite3.connect(copy + "/db")
    with open(case + "/expected", "w") as out:
        for row in db.execute("SELECT rowid, id, name, data, n FROM t ORDER BY rowid"):
            # the reader sees the alias of the row id as it is stored: NULL
            out.write("\t".join([str(row[0]), "n"] + [dump_value(v) for v in row[2:]]) + "\n")
    db.close()
    shutil.rmtree(copy)


def fill(db, first, count, longest=9000):
    rows = []
    for i in range(first, first + count):
        data = RANDOM.randbytes(RANDOM.choice([0, 1, 20, 400, 1000, longest]))
        n = RANDOM.choice([None, 0, 1, -1, 127, -129, 40000, -(1 << 23), 1 << 40, -(1 << 50), (1 << 63) - 1, 1.5])
        rows.append((i * 3 if i % 7 else i * 3 - 1, "name-%d" % i, data, n))
    db.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)


def create(name, *pragmas, reserve=0):
    case = os.path.join(OUT, name)
    os.makedirs(case)
    if reserve:
        subprocess.run(["sqlite3", case + "/db"], check=True, stdout=subprocess.DEVNULL, text=True,
                       input=".filectrl reserve_bytes %d\nVACUUM;\nCREATE TABLE x (y);\nDROP TABLE x;\n" % reserve)
    db = sqlite3.connect(case + "/db", isolation_level=None)
    for p in pragmas:
        db.execute("PRAGMA " + p)
    db.execute("CREATE TABLE other (a, b)")
    db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, data BLOB, n)")
    db.execute("CREATE INDEX by_name ON t (name)")
    return case, db


def plain(name, *pragmas, rows=300, reserve=0, longest=9000):
    case, db = create(name, *pragmas, reserve=reserve)
    db.execute("BEGIN")
    fill(db, 1, rows, longest)
    db.execute("COMMIT")
    db.close()
    if reserve:
        assert open(case + "/db", "rb").read(21)[20] == reserve, "sqlite3 reserved no bytes"
    expect(case)


def checkpointed(name, page=4096):
    """A database of 200 rows in the main file, and its open connection in WAL mode."""
    case, db = create(name, "page_size = %d" % page, "journal_mode = wal", "wal_autocheckpoint = 0")
    fill(db, 1, 200)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return case, db


def keep(case, db):
    """What lies on the disk while the connection is open: closing would fold the log in."""
    shutil.copytree(case, case + ".now")
    db.close()
    shutil.rmtree(case)
    os.rename(case + ".now", case)
    if os.path.exists(case + "/db-shm"):
        os.remove(case + "/db-shm")


def wal_committed():
    case, db = checkpointed("wal-committed")
    db.execute("BEGIN")
    fill(db, 1000, 100)
    db.execute("COMMIT")
    db.execute("DELETE FROM t WHERE id % 5 = 0")
    db.execute("UPDATE t SET name = 'changed' WHERE id % 11 = 0")
    keep(case, db)
    expect(case)


def wal_uncommitted():
    case, db = checkpointed("wal-uncommitted")
    fill(db, 1000, 3)
    db.execute("PRAGMA cache_size = 2")
    before = os.path.getsize(case + "/db-wal")
    db.execute("BEGIN")
    fill(db, 2000, 300)
    assert os.path.getsize(case + "/db-wal") > before, "no page of the open transaction was written"
    keep(case, db)
    expect(case)


def wal_torn(cut):
    case, db = checkpointed("wal-torn-%d" % cut)
    fill(db, 1000, 5)
    fill(db, 2000, 5, 30000)
    keep(case, db)
    with open(case + "/db-wal", "r+b") as f:
        f.truncate(os.path.getsize(case + "/db-wal") - cut)
    expect(case)


def wal_damaged():
    case, db = checkpointed("wal-damaged")
    for i in range(10):
        fill(db, 1000 + i * 10, 5)
    keep(case, db)
    with open(case + "/db-wal", "r+b") as f:
        f.seek(os.path.getsize(case + "/db-wal") // 2)
        f.write(b"\xff\x00\xff\x00")
    expect(case)


def wal_of_an_earlier_round():
    """Frames behind the last commit that an earlier round left: their salts differ."""
    case, db = checkpointed("wal-reused")
    db.execute("BEGIN")
    fill(db, 1000, 200)
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(RESTART)")
    fill(db, 3000, 2)
    keep(case, db)
    expect(case)


def wal_checksum(words, pair, order):
    a, b = pair
    for x, y in struct.iter_unpack(order + "II", words):
        a = (a + x + b) & 0xFFFFFFFF
        b = (b + y + a) & 0xFFFFFFFF
    return a, b


def wal_other_byte_order():
    """The same log as a machine of the other byte order writes it."""
    case, db = checkpointed("wal-other-byte-order")
    db.execute("BEGIN")
    fill(db, 1000, 60)
    db.execute("COMMIT")
    keep(case, db)
    log = bytearray(open(case + "/db-wal", "rb").read())
    magic, = struct.unpack_from(">I", log)
    order = "<" if magic & 1 else ">"
    struct.pack_into(">I", log, 0, magic ^ 1)
    pair = wal_checksum(log[:24], (0, 0), order)
    struct.pack_into(">II", log, 24, *pair)
    for at in range(32, len(log), 24 + 4096):
        pair = wal_checksum(log[at:at + 8], pair, order)
        pair = wal_checksum(log[at + 24:at + 24 + 4096], pair, order)
        struct.pack_into(">II", log, at + 16, *pair)
    open(case + "/db-wal", "wb").write(log)
    expect(case)


def wal_of_a_shrunken_database():
    case, db = create("wal-shrunken", "page_size = 1024", "auto_vacuum = full", "journal_mode = wal", "wal_autocheckpoint = 0")
    fill(db, 1, 300)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("DELETE FROM t WHERE id > 30")
    keep(case, db)
    expect(case)


for size in [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536]:
    plain("page-%d" % size, "page_size = %d" % size)
plain("empty-table", rows=0)
plain("one-row", rows=1)
plain("deep", "page_size = 512", rows=6000, longest=30)
plain("auto-vacuum", "auto_vacuum = full")
plain("incremental-vacuum", "auto_vacuum = incremental", "page_size = 1024")
plain("reserved", reserve=32)
plain("reserved-most", reserve=200)
wal_committed()
wal_uncommitted()
for cut in [1, 100, 4096, 4097, 4120]:
    wal_torn(cut)
wal_damaged()
wal_of_an_earlier_round()
wal_other_byte_order()
wal_of_a_shrunken_database()
