#include "table.h"

#include "entrytrace/common/text.h"

/* The manual pages of each program; of tini and dumb-init their help texts. */
const wrapper wrappers[] = {
    /* another user */
    {"gosu su-exec", "--help:ENDS --version:ENDS -h:ENDS -v:ENDS", "USER COMMAND", 1},
    {"setuidgid s6-setuidgid", "", "USER COMMAND", 0},
    {"envuidgid s6-envuidgid", "-i -D= -u -g -B -n", "UIDGID COMMAND", 0},
    {"s6-applyuidgid", "-z -u=USER -g=_ -G=_ -U", "COMMAND", 0},
    {"setpriv",
     "--reuid=USER --ruid=USER --euid=_ --regid=_ --rgid=_ --egid=_ --groups=_ --clear-groups --keep-groups "
     "--init-groups --inh-caps=_ --ambient-caps=_ --bounding-set=_ --securebits=_ --no-new-privs,--nnp --pdeathsig=_ "
     "--selinux-label=_ --apparmor-profile=_ --landlock-access=_ --landlock-rule=_ --seccomp-filter=_ --ptracer=_ "
     "--reset-env:CLEAR --list-caps:ENDS -d,--dump:ENDS -h,--help:ENDS -V,--version:ENDS",
     "COMMAND", 0},
    {"chpst",
     "-u=USER -U=UIDGID -b=ARGV0 -e=ENVDIR -/=ROOT -C=DIR -n=_ -l=_ -L=_ -m=_ -d=_ -o=_ -p=_ -f=_ -c=_ -r=_ -t=_ -v -V "
     "-P -0 -1 -2",
     "COMMAND", 0},
    {"chroot", "--userspec=USER --groups=_ --skip-chdir --help:ENDS --version:ENDS", "ROOT [SHELL]", 0},

    /* the first process */
    {"tini tini-static docker-init tini-amd64 tini-arm64",
     "-p=SIGNAL -e=CODE -s -v -w -g -l:ENDS -h:ENDS --version:ENDS", "COMMAND", 0},
    {"dumb-init", "-c,--single-child -r,--rewrite=_ -v,--verbose -h,--help:ENDS -V,--version:ENDS", "COMMAND", 0},
    {"catatonit", "-g -h:ENDS -L:ENDS -P:ENDS -V:ENDS", "COMMAND", 0},

    /* environment and working directory */
    {"env",
     "-i,-,--ignore-environment:CLEAR -u,--unset=UNSET -C,--chdir=DIR -S,--split-string=SPLIT -a,--argv0=ARGV0 "
     "-0,--null -v,--debug --block-signal[=_] --default-signal[=_] --ignore-signal[=_] --list-signal-handling "
     "--help:ENDS --version:ENDS",
     "ASSIGN [COMMAND]", 0},
    {"envdir", "", "ENVDIR COMMAND", 0},
    {"with-contenv", "-n -s", "COMMAND", 0}, /* s6-overlay: variables of the container */
    {"s6-envdir", "-f -L -I -i -n -c -C=_", "ENVDIR COMMAND", 0},
    {"exec", "-c:CLEAR -l -a=ARGV0", "COMMAND", 0}, /* execline's */
    {"s6-env", "-i:CLEAR -u=UNSET", "ASSIGN [COMMAND]", 0},

    /* priority, limits, place */
    {"nice", "-n,--adjustment=_ -# --help:ENDS --version:ENDS", "[COMMAND]", 0},
    {"ionice",
     "-c,--class=_ -n,--classdata=_ -t,--ignore -p,--pid=ENDS -P,--pgid=ENDS -u,--uid=ENDS -h,--help:ENDS "
     "-V,--version:ENDS",
     "[COMMAND]", 0},
    {"chrt",
     "-b,--batch -d,--deadline -f,--fifo -i,--idle -o,--other -r,--rr -R,--reset-on-fork -T,--sched-runtime=_ "
     "-P,--sched-period=_ -D,--sched-deadline=_ -a,--all-tasks -m,--max:ENDS -p,--pid:ENDS -v,--verbose -h,--help:ENDS "
     "-V,--version:ENDS",
     "PRIORITY COMMAND", 0},
    {"taskset", "-a,--all-tasks -c,--cpu-list -p,--pid:ENDS -h,--help:ENDS -V,--version:ENDS", "MASK COMMAND", 0},
    {"numactl",
     "-i,--interleave=_ -w,--weighted-interleave=_ -p,--preferred=_ -P,--preferred-many=_ -m,--membind=_ "
     "-N,--cpunodebind=_ -C,--physcpubind=_ -a,--all -l,--localalloc -b,--balancing -s,--show:ENDS -H,--hardware:ENDS "
     "-h,--help:ENDS -V,--version:ENDS",
     "COMMAND", 0},
    {"prlimit",
     "-c,--core[=_] -d,--data[=_] -e,--nice[=_] -f,--fsize[=_] -i,--sigpending[=_] -l,--memlock[=_] -m,--rss[=_] "
     "-n,--nofile[=_] -q,--msgqueue[=_] -r,--rtprio[=_] -s,--stack[=_] -t,--cpu[=_] -u,--nproc[=_] -v,--as[=_] "
     "-x,--locks[=_] -y,--rttime[=_] -o,--output=_ -p,--pid=ENDS --noheadings --raw --verbose -h,--help:ENDS "
     "-V,--version:ENDS",
     "[COMMAND]", 0},
    {"softlimit s6-softlimit", "-H -h -a=_ -c=_ -d=_ -f=_ -l=_ -m=_ -n=_ -o=_ -p=_ -r=_ -s=_ -t=_ -v=_", "COMMAND", 0},
    {"setarch",
     "-B,--32bit -F,--fdpic-funcptrs -I,--short-inode -L,--addr-compat-layout -R,--addr-no-randomize "
     "-S,--whole-seconds -T,--sticky-timeouts -X,--read-implies-exec -Z,--mmap-page-zero -3,--3gb --4gb "
     "--uname-2.6 -v,--verbose --list:ENDS -h,--help:ENDS -V,--version:ENDS",
     "ARCHITECTURE [SHELL]", 0},
    {"linux32 linux64",
     "-B,--32bit -L,--addr-compat-layout -R,--addr-no-randomize -3,--3gb --4gb --uname-2.6 -v,--verbose", "[SHELL]", 0},
    {"cpulimit",
     "-l,--limit=_ -p,--pid=ENDS -e,--exe=ENDS -P,--path=ENDS -z,--lazy -i,--include-children -b,--background "
     "-f,--foreground -k,--kill -m,--monitor-forks -q,--quiet -v,--verbose -h,--help:ENDS",
     "COMMAND", 0},

    /* time, sessions, locks */
    {"timeout",
     "-k,--kill-after=_ -s,--signal=_ -f,--foreground -p,--preserve-status -v,--verbose --help:ENDS --version:ENDS",
     "DURATION COMMAND", 0},
    {"time",
     "-f,--format=_ -o,--output=_ -a,--append -p,--portability -q,--quiet -v,--verbose -h,--help:ENDS "
     "-V,--version:ENDS",
     "COMMAND", 0},
    {"nohup", "--help:ENDS --version:ENDS", "COMMAND", 0},
    {"setsid", "-c,--ctty -f,--fork -w,--wait -h,--help:ENDS -V,--version:ENDS", "COMMAND", 0},
    {"pgrphack", "", "COMMAND", 0},
    {"setlock", "-n -N -x -X", "FILE COMMAND", 0},
    {"s6-setlock", "-n -N -r -s -w -t=_ -d=_", "FILE COMMAND", 0},
    {"flock",
     "-s,--shared -x,-e,--exclusive -u,--unlock -n,--nb,--nonblock -w,--timeout,--wait=_ -E,--conflict-exit-code=_ "
     "-o,--close -c,--command=LINE -F,--no-fork --fcntl --verbose -h,--help:ENDS -V,--version:ENDS",
     "FILE [COMMAND]", 0},
    {"s6-notifyoncheck", "-d -3=_ -s=_ -T=_ -t=_ -w=_ -n=_ -c=_", "COMMAND", 0},
    {"s6-ipcserver-socketbinder s6-tcpserver-socketbinder", "-d -D -m -M -a=_ -b=_ -B -t -T", "ADDRESS COMMAND", 0},

    /* namespaces, privileges */
    {"unshare",
     "-m,--mount[=_] -u,--uts[=_] -i,--ipc[=_] -n,--net[=_] -p,--pid[=_] -U,--user[=_] -C,--cgroup[=_] -T,--time[=_] "
     "-f,--fork --forward-signals --kill-child[=_] --mount-proc[=_] --mount-binfmt[=_] --map-user=_ --map-group=_ "
     "-r,--map-root-user -c,--map-current-user --map-auto --map-users=_ --map-groups=_ --owner=_ --propagation=_ "
     "--setgroups=_ -R,--root=ROOT -w,--wd=DIR -S,--setuid=USER -G,--setgid=_ -l,--load-interp=_ --keep-caps "
     "--monotonic=_ --boottime=_ -h,--help:ENDS -V,--version:ENDS",
     "[SHELL]", 0},
    {"aa-exec", "-p,--profile=_ -n,--namespace=_ -d,--debug -i,--immediate -v,--verbose", "COMMAND", 0},
    {"authbind", "--deep --depth=_", "COMMAND", 0},

    /* how the program is loaded and looked at */
    {"stdbuf", "-i,--input=_ -o,--output=_ -e,--error=_ --help:ENDS --version:ENDS", "COMMAND", 0},
    {"catchsegv", "--help:ENDS --version:ENDS", "COMMAND", 0},
    {"strace",
     "-a,--columns=_ -b,--detach-on=_ -c,--summary-only -C,--summary -d,--debug -D,--daemonize[=_] -e=_ "
     "-E,--env=VARIABLE "
     "-f,--follow-forks --output-separately -F -h,--help:ENDS -i,--instruction-pointer -I,--interruptible=_ "
     "-k,--stack-traces -n,--syscall-number -N,--arg-names -o,--output=_ -O,--summary-syscall-overhead=_ -p,--attach=_ "
     "-P,--trace-path=_ -q,--quiet[=_] -r,--relative-timestamps[=_] -s,--string-limit=_ -S,--summary-sort-by=_ "
     "-t,--absolute-timestamps[=_] -T,--syscall-times[=_] -u,--user=USER -U,--summary-columns=_ -v,--no-abbrev "
     "-V,--version:ENDS -w,--summary-wall-clock -x,--strings-in-hex[=_] -X,--const-print-style=_ -y,--decode-fds[=_] "
     "-Y,--decode-pids=_ -z,--successful-only -Z,--failed-only --trace=_ --signal=_ --kill-on-exit --seccomp-bpf "
     "--argv0=ARGV0 --tips[=_]",
     "COMMAND", 0},
    {"ltrace",
     "-a,--align=_ -A=_ -b,--no-signals -c -C,--demangle -D,--debug=_ -e=_ -f -F,--config=_ -i -l,--library=_ "
     "-L -n,--indent=_ -o,--output=_ -p=_ -r -s=_ -S -t -T -u=USER -w,--where=_ -x=_ -h,--help:ENDS -V,--version:ENDS",
     "COMMAND", 0},
    {"ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ld-linux.so.2 ld-linux-armhf.so.3 ld64.so.2 ld64.so.1 "
     "ld-linux-riscv64-lp64d.so.1",
     "--list:ENDS --verify:ENDS --inhibit-cache --library-path=_ --glibc-hwcaps-prepend=_ --glibc-hwcaps-mask=_ "
     "--inhibit-rpath=_ --audit=_ --preload=_ --argv0=ARGV0 --list-tunables:ENDS --list-diagnostics:ENDS --help:ENDS "
     "--version:ENDS",
     "COMMAND", 0},
    {"ld-musl-x86_64.so.1 ld-musl-aarch64.so.1 ld-musl-armhf.so.1 ld-musl-i386.so.1",
     "--list:ENDS --library-path=_ --preload=_ --argv0=ARGV0", "COMMAND", 0},
    {"xvfb-run",
     "-a,--auto-servernum -e,--error-file=_ -f,--auth-file=_ -h,--help:ENDS -n,--server-num=_ -l,--listen-tcp "
     "-p,--xauth-protocol=_ -s,--server-args=_ -w,--wait=_",
     "COMMAND", 0},
    {"dbus-run-session", "--config-file=_ --dbus-daemon=_ --help:ENDS --version:ENDS", "COMMAND", 0},
    {"dockerize",
     "-wait=_ -timeout=_ -wait-retry-interval=_ -wait-http-header=_ -template=_ -stdout=_ -stderr=_ -delims=_ -env=_ "
     "-env-section=_ -env-header=_ -no-overwrite -poll -validate-cert -version:ENDS",
     "COMMAND", 0},
};
const uint32_t wrapper_count = sizeof wrappers / sizeof wrappers[0];

const wrapper *wrapper_find(stella_sv name) {
    for (uint32_t i = 0; i < wrapper_count; i++)
        if (text_list_has(wrappers[i].names, name))
            return &wrappers[i];
    return NULL;
}
