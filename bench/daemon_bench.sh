#!/bin/bash
# daemon_bench.sh: from exec to READY with every plugin verified (median of 20, told by the daemon itself over
# sd_notify), and resident memory when idle, hosts apart. CSV: name,value,unit,goal
set -eu
build=${STELLA_BUILD_DIR:-$PWD/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$build/bin/stellad" "$work" <<'PY'
import os, signal, socket, statistics, subprocess, sys, time
daemon, work = sys.argv[1:]
conf = f'{work}/bench.conf'
with open(conf, 'w') as f:
    f.write(f'http: {{ socket = "{work}/s.sock"; }};\nbus: {{ socket = "{work}/e.sock"; }};\n')
ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ready.bind(f'{work}/notify')
ready.settimeout(20)

def start():
    environment = dict(os.environ, NOTIFY_SOCKET=f'{work}/notify')
    begun = time.monotonic()
    process = subprocess.Popen([daemon, '--config', conf, '--state-dir', f'{work}/state'], env=environment,
                               stderr=subprocess.DEVNULL)
    while b'READY=1' not in ready.recv(4096):
        pass
    return process, (time.monotonic() - begun) * 1000

def resident_kb(pid, key='VmRSS'):
    with open(f'/proc/{pid}/status') as f:
        return next(int(line.split()[1]) for line in f if line.startswith(key))

def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait()
    while b'STOPPING=1' not in ready.recv(4096):
        pass

times = []
for _ in range(20):
    process, ms = start()
    times.append(ms)
    stop(process)
process, _ = start()
time.sleep(2)
rss = resident_kb(process.pid) / 1024
stop(process)
print(f'daemon.start_to_ready,{statistics.median(times):.1f},ms,50')
print(f'daemon.idle_resident,{rss:.1f},MB,12')
PY
