#!/bin/bash
# go_binary_bench.sh: a Go program of 200 MB (a small one with random data embedded) as a directory and as a file, against an empty directory; and how
# much of it a scan of the directory brings into memory (mincore, readahead included).
# CSV: name,value,unit,goal
set -eu
build=${STELLA_BUILD_DIR:-$PWD/build}
command -v go >/dev/null || { echo "go_binary_bench: go is not installed (golang-go)" >&2; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/source" "$work/tree" "$work/empty"
cat >"$work/source/main.go" <<'GO'
package main

import (
	"embed"
	"fmt"
	"os"
)

//go:embed data.bin
var data embed.FS

func main() { b, _ := data.ReadFile("data.bin"); fmt.Println(len(b), os.Args) }
GO
printf 'module example.com/big\n\ngo 1.18\n' >"$work/source/go.mod"
head -c 199000000 /dev/urandom >"$work/source/data.bin"
(cd "$work/source" && CGO_ENABLED=0 go build -o "$work/tree/big" .)
rm "$work/source/data.bin"
python3 - "$build/bin/stella" "$work" <<'PY'
import ctypes, mmap, os, statistics, subprocess, sys, time
stella, work = sys.argv[1:]

def scan_ms(target):
    times = []
    for _ in range(7):
        begun = time.monotonic()
        out = subprocess.run([stella, 'scan', target, '--select', 'go', '-o', 'purls'], check=True, capture_output=True).stdout
        times.append((time.monotonic() - begun) * 1000)
    return statistics.median(times), out

def resident_bytes(path):
    with open(path, 'r+b') as f, mmap.mmap(f.fileno(), 0) as m:
        pages = (len(m) + 4095) // 4096
        vec = (ctypes.c_ubyte * pages)()
        at = ctypes.addressof(ctypes.c_char.from_buffer(m))
        if ctypes.CDLL(None, use_errno=True).mincore(ctypes.c_void_p(at), ctypes.c_size_t(len(m)), vec):
            raise OSError(ctypes.get_errno(), 'mincore')
        return sum(v & 1 for v in vec) * 4096

empty, _ = scan_ms(f'dir:{work}/empty')
directory, out = scan_ms(f'dir:{work}/tree')
assert b'pkg:golang/stdlib@' in out and b'pkg:golang/example.com/big' in out, out
file, out = scan_ms(f'file:{work}/tree/big')
assert b'pkg:golang/example.com/big' in out, out
print(f'go_binary.dir,{directory:.1f},ms,')
print(f'go_binary.dir_beyond_empty,{directory - empty:.1f},ms,< 30')
print(f'go_binary.file_beyond_empty,{file - empty:.1f},ms,< 30')
with open(f'{work}/tree/big', 'rb') as f:
    os.fsync(f.fileno())
    os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
before = resident_bytes(f'{work}/tree/big')
scan_ms(f'dir:{work}/tree')
print(f'go_binary.bytes_read,{(resident_bytes(f"{work}/tree/big") - before) / 1024:.0f},KiB,< 8192')
PY
