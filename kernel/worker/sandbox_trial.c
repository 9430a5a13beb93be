/* sandbox_trial.c - the trial's sandbox: system libraries may be opened, everything else that a plugin should not do
 * while it is loaded ends the process, by name. The naming is a courtesy to honest authors (a hostile plugin could
 * replace the handler); the confinement is Landlock's and seccomp's. */
#include "worker/sandbox.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static const char *const libraries[] = {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"};

#define LIBRARIES (sizeof libraries / sizeof libraries[0])

static crash_page *trial_page;

static uintptr_t argument(const ucontext_t *context, int index) {
#if defined(__x86_64__)
    static const int registers[] = {REG_RDI, REG_RSI, REG_RDX};
    return (uintptr_t)context->uc_mcontext.gregs[registers[index]];
#elif defined(__aarch64__)
    return (uintptr_t)context->uc_mcontext.regs[index];
#else
#error "say where this processor's system calls have their arguments"
#endif
}

static void answer(ucontext_t *context, long value) {
#if defined(__x86_64__)
    context->uc_mcontext.gregs[REG_RAX] = value;
#else
    context->uc_mcontext.regs[0] = (uint64_t)value;
#endif
}

/* The verdict is put together by hand: in a signal handler there is no printf. */
static void end_by_name(const char *attempt, const char *detail) {
    size_t at = 0;
    for (const char *parts[] = {attempt, detail}, **part = parts; part < parts + 2; part++)
        for (const char *c = *part; *c && at < sizeof trial_page->verdict - 1; c++)
            trial_page->verdict[at++] = *c;
    trial_page->verdict[at] = 0;
    _exit(1);
}

static int is_library(const char *path) {
    static const char own[] = "/proc/self/fd/"; /* the sealed copy itself */
    if (strncmp(path, own, sizeof own - 1) == 0)
        return 1;
    for (size_t i = 0; i < LIBRARIES; i++) {
        const size_t len = strlen(libraries[i]);
        if (strncmp(path, libraries[i], len) == 0 && (path[len] == '/' || path[len] == 0))
            return 1;
    }
    return 0;
}

static long open_library(int dir, const char *path, uint64_t flags) {
    const struct open_how how = {.flags = flags & (O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_DIRECTORY | O_NONBLOCK)};
    const long fd = syscall(SYS_openat2, dir, path, &how, sizeof how);
    return fd < 0 ? -errno : fd;
}

static void on_call(int number, siginfo_t *info, void *ucontext) {
    (void)number;
    ucontext_t *context = ucontext;
    const int kept = errno;
    switch (info->si_syscall) {
#ifdef SYS_open
    case SYS_open:
        end_by_name("opens files while it is loaded: ", (const char *)argument(context, 0));
        break;
#endif
    case SYS_openat: {
        const char *path = (const char *)argument(context, 1);
        if (!is_library(path) || (argument(context, 2) & O_ACCMODE) != O_RDONLY)
            end_by_name("opens files while it is loaded: ", path);
        answer(context, open_library((int)argument(context, 0), path, argument(context, 2)));
        break;
    }
    case SYS_socket:
    case SYS_socketpair:
    case SYS_connect:
        end_by_name("makes sockets while it is loaded", "");
        break;
    case SYS_clone:
        end_by_name(argument(context, 0) & 0x10000 /* CLONE_THREAD */ ? "starts a thread while it is loaded"
                                                                      : "forks while it is loaded",
                    "");
        break;
#ifdef SYS_fork
    case SYS_fork:
    case SYS_vfork:
        end_by_name("forks while it is loaded", "");
        break;
#endif
    case SYS_execve:
    case SYS_execveat:
        end_by_name("runs programs while it is loaded", "");
        break;
    default:
        end_by_name("makes a system call that no plugin needs while it is loaded", "");
    }
    errno = kept;
}

stella_status sandbox_enter_trial(const sandbox *s, crash_page *page, stella_error *err) {
    if (sandbox_level_of(s) == SANDBOX_NONE)
        return STELLA_OK;
    trial_page = page;
    const struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSYS, &action, NULL);
    stella_status st = STELLA_OK;
    if (sandbox_has_landlock(s)) {
        int dirs[LIBRARIES];
        for (size_t i = 0; i < LIBRARIES; i++)
            dirs[i] = open(libraries[i], O_RDONLY | O_CLOEXEC);
        st = landlock_allow_reading(landlock_abi(), 0, dirs, LIBRARIES, err);
        for (size_t i = 0; i < LIBRARIES; i++)
            stella_fd_closep(&dirs[i]);
    }
    if (!st)
        st = seccomp_confine_signals(0, err);
    return st ? st : seccomp_apply(sandbox_program(s, SANDBOX_TRIAL), err);
}
