#!/usr/bin/env python3
"""matrix.py BUILD_DIR IMAGES_DIR [IMAGE...]: scans the images that bench/images made, and prints one row each.

Columns, all of one run, taken in turns so that a machine whose speed drifts spoils no ratio:
  limit     SHA-256 of the stored bytes and inflating them, the same libraries, processors and layer schedule (bench/floor.c)
  cold      stella scan without a cache            warm      the second scan with one
  memory    of all processes together, each page once (Pss), the highest moment
  peers     syft and trivy, cold and warm, when they are on the PATH (bench/peers.md)
CSV on standard output (scenario,iterations,samples,mean,p95,max; times in ms, memory in MB); the table on standard error.
"""
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from layout import layers

IMAGES = ["alpine", "debian", "zstd", "rpm", "layers50", "tiny3m", "big4g", "large"]
PATIENCE = 15.0  # seconds that one column may take; at least MIN_SAMPLES are taken
MIN_SAMPLES, MAX_SAMPLES, PEER_SAMPLES = 3, 9, 2
PEER_TIMEOUT = 900


def memory_kib(session):
    """Proportional resident memory of all processes of a session."""
    total = 0
    for path in glob.glob("/proc/[0-9]*/smaps_rollup"):
        try:
            if os.getsid(int(path.split("/")[2])) == session:
                total += next(int(line.split()[1]) for line in open(path) if line.startswith("Pss:"))
        except (OSError, StopIteration):
            pass
    return total


def elapsed_ms(argv, env):
    begin = time.perf_counter()
    done = subprocess.run(argv, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=PEER_TIMEOUT)
    took = (time.perf_counter() - begin) * 1e3
    if done.returncode:
        sys.exit("matrix.py: %s: status %d: %s" % (" ".join(argv), done.returncode, done.stderr.decode()[-500:]))
    return took


def peak_mb(argv, env):
    child = subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    peak = 0
    while child.poll() is None:
        peak = max(peak, memory_kib(child.pid))
        time.sleep(0.002)
    return peak / 1024


class Column:
    def __init__(self, run, most=MAX_SAMPLES):
        self.run, self.most, self.samples, self.spent = run, most, [], 0.0

    def take(self):
        value = self.run()
        self.samples.append(value)
        self.spent += value / 1e3

    def wants_more(self):
        count = len(self.samples)
        return count < min(MIN_SAMPLES, self.most) or (count < self.most and self.spent < PATIENCE)

    def mean(self):
        return statistics.fmean(self.samples)

    def median(self):
        return statistics.median(self.samples)


def csv_line(scenario, samples):
    ordered = sorted(samples)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print("%s,1,%d,%.3f,%.3f,%.3f" % (scenario, len(ordered), statistics.fmean(ordered), p95, ordered[-1]), flush=True)


def peers(layout, cache):
    """name -> (cold argv, warm argv) of the scanners that are here."""
    found = {}
    if shutil.which("syft"):
        scan = ["syft", "scan", "oci-dir:" + layout, "-q", "-o", "cyclonedx-json=/dev/null"]
        found["syft"] = (scan, scan)  # it has no cache
    if shutil.which("trivy"):
        cold, warm = os.path.join(cache, "trivy-cold"), os.path.join(cache, "trivy-warm")
        empty_java_index(cold)
        empty_java_index(warm)

        def scan(where):
            return ["trivy", "image", "--input", layout, "--format", "cyclonedx", "--offline-scan", "--skip-java-db-update", "--quiet",
                    "--cache-dir", where, "-o", "/dev/null"]

        found["trivy"] = (["sh", "-c", 'rm -rf "$0/fanal"; exec "$@"', cold] + scan(cold), scan(warm))
    return found


def empty_java_index(cache):
    """Trivy wants its Java database before it looks at a jar; an empty one keeps it off the network."""
    import sqlite3
    folder = os.path.join(cache, "java-db")
    os.makedirs(folder, exist_ok=True)
    db = sqlite3.connect(os.path.join(folder, "trivy-java.db"))
    db.execute("create table if not exists artifacts(id integer primary key, group_id text, artifact_id text)")
    db.execute("create table if not exists indices(artifact_id integer, version text, sha1 blob, archive_type text)")
    db.commit()
    json.dump({"Version": 1, "NextUpdate": "2099-01-01T00:00:00Z", "UpdatedAt": "2024-01-01T00:00:00Z",
               "DownloadedAt": "2024-01-01T00:00:00Z"}, open(os.path.join(folder, "metadata.json"), "w"))


def measure(build, images, name, with_peers):
    layout = os.path.join(images, name, "oci")
    stella, floor = os.path.join(build, "bin", "stella"), os.path.join(build, "bench", "floor")
    blobs = layers(layout)
    work = tempfile.mkdtemp(prefix="stella-matrix-")
    env = dict(os.environ, XDG_CACHE_HOME=work)
    target = "oci-layout:" + layout + ":bench"

    def scan(*options, what=target):
        return [stella, "scan", what, "-q", "-o", "cyclonedx-json=/dev/null", *options]

    def limit():
        return float(subprocess.run([floor, *blobs], stdout=subprocess.PIPE, check=True).stdout.split()[0])

    columns = {"limit": Column(limit), "cold": Column(lambda: elapsed_ms(scan("--no-cache"), env))}
    elapsed_ms(scan(), env)  # fills the cache, and the page cache
    columns["warm"] = Column(lambda: elapsed_ms(scan(), env))
    archive = os.path.join(images, name, "image.tar")
    if os.path.exists(archive):
        elapsed_ms(scan(what="docker-archive:" + archive), env)
        columns["warm-docker-archive"] = Column(lambda: elapsed_ms(scan(what="docker-archive:" + archive), env))
    others = peers(layout, work) if with_peers else {}
    for peer, (cold, warm) in others.items():
        elapsed_ms(warm, env)
        columns[peer + "-cold"] = Column(lambda argv=cold: elapsed_ms(argv, env), PEER_SAMPLES)
        columns[peer + "-warm"] = Column(lambda argv=warm: elapsed_ms(argv, env), PEER_SAMPLES)
    while any(c.wants_more() for c in columns.values()):
        for column in columns.values():
            if column.wants_more():
                column.take()
    memory = {"memory": peak_mb(scan("--no-cache"), env)}
    for peer, (cold, _) in others.items():
        memory[peer + "-memory"] = peak_mb(cold, env)
    shutil.rmtree(work)
    for key, column in columns.items():
        csv_line("%s.%s_ms" % (name, key), column.samples)
    ratios = [c / l for c, l in zip(columns["cold"].samples, columns["limit"].samples)]
    csv_line("%s.cold_over_limit" % name, ratios)
    for key, value in memory.items():
        csv_line("%s.%s_mb" % (name, key), [value])
    row = {key: column.median() for key, column in columns.items()}
    return dict(row, ratio=statistics.median(ratios), stored=sum(map(os.path.getsize, blobs)) / 1e6, **memory)


def show(name, row):
    text = "%-9s %7.0f MB  limit %8.0f  cold %8.0f ms (%.2f x)  warm %6.1f ms  memory %6.0f MB" % (
        name, row["stored"], row["limit"], row["cold"], row["ratio"], row["warm"], row["memory"])
    if "warm-docker-archive" in row:
        text += "  docker-archive warm %.1f ms" % row["warm-docker-archive"]
    for peer in ("syft", "trivy"):
        if peer + "-cold" in row:
            text += "  | %s cold %.0f ms (%.1f x) warm %.0f ms (%.0f x) memory %.0f MB (%.1f x)" % (
                peer, row[peer + "-cold"], row[peer + "-cold"] / row["cold"], row[peer + "-warm"], row[peer + "-warm"] / row["warm"],
                row[peer + "-memory"], row[peer + "-memory"] / row["memory"])
    print(text, file=sys.stderr, flush=True)


def main(build, images, *names):
    print("scenario,iterations,samples,mean,p95,max")
    for name in names or [n for n in IMAGES if os.path.exists(os.path.join(images, n, "done"))]:
        slow_for_peers = name in ("tiny3m", "big4g") and not os.environ.get("STELLA_BENCH_ALL_PEERS")
        show(name, measure(build, images, name, not slow_for_peers))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
