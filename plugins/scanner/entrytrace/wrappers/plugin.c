#include "applet.h"
#include "start_stop.h"
#include "su.h"
#include "wrap.h"

static const char *const programs[] = {"gosu",
                                       "su-exec",
                                       "setuidgid",
                                       "s6-setuidgid",
                                       "envuidgid",
                                       "s6-envuidgid",
                                       "s6-applyuidgid",
                                       "setpriv",
                                       "chpst",
                                       "chroot",
                                       "tini",
                                       "tini-static",
                                       "docker-init",
                                       "tini-amd64",
                                       "tini-arm64",
                                       "dumb-init",
                                       "catatonit",
                                       "env",
                                       "envdir",
                                       "with-contenv",
                                       "s6-envdir",
                                       "exec",
                                       "s6-env",
                                       "nice",
                                       "ionice",
                                       "chrt",
                                       "taskset",
                                       "numactl",
                                       "prlimit",
                                       "softlimit",
                                       "s6-softlimit",
                                       "setarch",
                                       "linux32",
                                       "linux64",
                                       "cpulimit",
                                       "timeout",
                                       "time",
                                       "nohup",
                                       "setsid",
                                       "pgrphack",
                                       "setlock",
                                       "s6-setlock",
                                       "flock",
                                       "s6-notifyoncheck",
                                       "s6-ipcserver-socketbinder",
                                       "s6-tcpserver-socketbinder",
                                       "unshare",
                                       "aa-exec",
                                       "authbind",
                                       "stdbuf",
                                       "catchsegv",
                                       "strace",
                                       "ltrace",
                                       "ld-linux-x86-64.so.2",
                                       "ld-linux-aarch64.so.1",
                                       "ld-linux.so.2",
                                       "ld-linux-armhf.so.3",
                                       "ld64.so.2",
                                       "ld64.so.1",
                                       "ld-linux-riscv64-lp64d.so.1",
                                       "ld-musl-x86_64.so.1",
                                       "ld-musl-aarch64.so.1",
                                       "ld-musl-armhf.so.1",
                                       "ld-musl-i386.so.1",
                                       "xvfb-run",
                                       "dbus-run-session",
                                       "dockerize",
                                       "su",
                                       "runuser",
                                       "sudo",
                                       "doas",
                                       "start-stop-daemon",
                                       "supervise-daemon",
                                       "busybox",
                                       "busybox.static",
                                       "toybox",
                                       "coreutils",
                                       NULL};

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    stella_sv name = hop_name(hop, programs);
    const stella_sv called = text_base(hop->launch->args[0].text);
    if (text_list_has(APPLET_PROGRAMS, name) && !text_list_has(APPLET_PROGRAMS, called))
        name = called; /* one program that is many was called by the name of an applet */
    if (text_list_has("su runuser", name))
        return su_resolve(hop, err);
    if (text_list_has("sudo doas", name))
        return sudo_resolve(hop, err);
    if (text_list_has("start-stop-daemon supervise-daemon", name))
        return start_stop_resolve(hop, err);
    const wrapper *w = wrapper_find(name);
    if (w)
        return wrap_resolve(hop, w, err);
    return text_list_has(APPLET_PROGRAMS, name) ? applet_resolve(hop, err) : STELLA_OK;
}

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.wrappers", "0.1.0", programs, .resolve = resolve);
