/* sandbox_seccomp.c - which system call gets which answer.
 *
 *   listed             allowed
 *   opening, sockets   EACCES, EPERM: libraries try such things and go on without (OpenSSL its configuration); for
 *                      what a child of role connect may, see socket_calls()
 *   clone3, and newer  ENOSYS: glibc falls back to the older call, which the list knows
 *   everything else    the process is killed: fork and exec, for two, no library does unasked
 *
 * The trial is stricter: opening, sockets, threads and processes are answered by SIGSYS, whose handler names the
 * attempt and ends the process, so that a plugin which does such a thing while it is loaded is left out by name. */
#include "worker/host_process.h"
#include "worker/sandbox.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    H = 1 << SANDBOX_HOST,
    T = 1 << SANDBOX_TRIAL,
    C = 1 << SANDBOX_CHILD,
    D = 1 << SANDBOX_CHILD_DIR,
    G = 1 << SANDBOX_HOST_CONNECT,
    N = 1 << SANDBOX_CHILD_CONNECT
};

/* A child has its host's filter besides its own: what it may, its host must. */
#define HOSTS (H | G)
#define SCAN  (C | D)
#define JOBS  (SCAN | N)
#define NET   (G | N)
#define ALL   (HOSTS | T | JOBS)

typedef struct answer {
    const char *name;
    uint8_t allowed; /* profiles that may */
    uint8_t refused; /* profiles that are answered with error; the rest get the default */
    uint16_t error;
} answer;

static const answer answers[] = {
    /* Descriptors that are open already. */
    {"read", ALL, 0, 0},
    {"readv", ALL, 0, 0},
    {"pread64", ALL, 0, 0},
    {"preadv", ALL, 0, 0},
    {"write", HOSTS | T, 0, 0}, /* of a job: writing_calls() */
    {"writev", HOSTS | T, 0, 0},
    {"pwrite64", HOSTS | T, 0, 0},
    {"pwritev", HOSTS | T, 0, 0},
    {"close", ALL, 0, 0},
    {"close_range", ALL, 0, 0},
    {"lseek", ALL, 0, 0},
    {"fstat", ALL, 0, 0},
    {"newfstatat", ALL, 0, 0},
    {"statx", ALL, 0, 0},
    {"fstatfs", ALL, 0, 0},
    {"getdents64", ALL, 0, 0},
    {"ftruncate", ALL, 0, 0},
    {"fallocate", ALL, 0, 0},
    {"fadvise64", ALL, 0, 0},
    {"readahead", ALL, 0, 0},
    {"fsync", ALL, 0, 0},
    {"fdatasync", ALL, 0, 0},
    {"copy_file_range", ALL, 0, 0},
    {"sendfile", ALL, 0, 0},
    {"splice", ALL, 0, 0},
    {"dup", ALL, 0, 0},
    {"dup2", ALL, 0, 0},
    {"dup3", ALL, 0, 0},
    {"fcntl", ALL, 0, 0},
    {"poll", ALL, 0, 0},
    {"ppoll", ALL, 0, 0},
    {"select", ALL, 0, 0},
    {"pselect6", ALL, 0, 0},
    {"pipe2", ALL, 0, 0},
    {"eventfd2", ALL, 0, 0},
    {"sendmsg", ALL, 0, 0},
    {"recvmsg", ALL, 0, 0},
    {"sendto", ALL, 0, 0},
    {"recvfrom", ALL, 0, 0},
    {"ioctl", 0, ALL, ENOTTY},
    /* Memory, time, chance, threads, oneself. */
    {"munmap", ALL, 0, 0},
    {"mremap", ALL, 0, 0},
    {"madvise", ALL, 0, 0},
    {"mincore", ALL, 0, 0},
    {"mlock", ALL, 0, 0},
    {"munlock", ALL, 0, 0},
    {"brk", ALL, 0, 0},
    {"futex", ALL, 0, 0},
    {"set_robust_list", ALL, 0, 0},
    {"get_robust_list", ALL, 0, 0},
    {"set_tid_address", ALL, 0, 0},
    {"rseq", ALL, 0, 0},
    {"membarrier", ALL, 0, 0},
    {"sched_yield", ALL, 0, 0},
    {"sched_getaffinity", ALL, 0, 0},
    {"getcpu", ALL, 0, 0},
    {"clock_gettime", ALL, 0, 0},
    {"clock_getres", ALL, 0, 0},
    {"clock_nanosleep", ALL, 0, 0},
    {"nanosleep", ALL, 0, 0},
    {"gettimeofday", ALL, 0, 0},
    {"time", ALL, 0, 0},
    {"getrandom", ALL, 0, 0},
    {"getrusage", ALL, 0, 0},
    {"getrlimit", ALL, 0, 0},
    {"sysinfo", ALL, 0, 0},
    {"uname", ALL, 0, 0},
    {"getpid", ALL, 0, 0},
    {"getppid", ALL, 0, 0},
    {"gettid", ALL, 0, 0},
    {"getuid", ALL, 0, 0},
    {"geteuid", ALL, 0, 0},
    {"getgid", ALL, 0, 0},
    {"getegid", ALL, 0, 0},
    {"rt_sigaction", ALL, 0, 0},
    {"rt_sigprocmask", ALL, 0, 0},
    {"rt_sigreturn", ALL, 0, 0},
    {"rt_sigtimedwait", ALL, 0, 0},
    {"sigaltstack", ALL, 0, 0},
    {"restart_syscall", ALL, 0, 0},
    {"tgkill", ALL, 0, 0}, /* of this process: seccomp_confine_signals */
    {"exit", ALL, 0, 0},
    {"exit_group", ALL, 0, 0},
    {"arch_prctl", HOSTS | T, JOBS, EPERM},
    {"prlimit64", HOSTS, T | JOBS, EPERM},
    {"setrlimit", HOSTS, T | JOBS, EPERM},
    {"memfd_create", 0, ALL, EPERM}, /* memory that no limit counts */
    {"io_uring_setup", 0, ALL, EPERM},
    /* Names. Opening for reading: open_for_reading(). */
    {"openat2", HOSTS | T, JOBS, EACCES}, /* the trial's own handler opens libraries with it, under Landlock */
    {"open", 0, HOSTS | JOBS, EACCES},
    {"creat", 0, HOSTS | JOBS, EACCES},
    {"readlinkat", HOSTS | D | N, T | C, EACCES},
    {"readlink", HOSTS, T | JOBS, EACCES},
    {"stat", 0, ALL, EACCES},
    {"lstat", 0, ALL, EACCES},
    {"access", 0, ALL, EACCES},
    {"faccessat", 0, ALL, EACCES},
    {"faccessat2", 0, ALL, EACCES},
    {"getcwd", 0, ALL, EACCES},
    {"umask", HOSTS, T | JOBS, EPERM},
    /* The world outside. Whose sockets: socket_calls(). */
    {"socket", 0, H | SCAN, EPERM},
    {"connect", NET, H | SCAN, EPERM},
    {"bind", 0, HOSTS | JOBS, EPERM},
    {"listen", 0, HOSTS | JOBS, EPERM},
    {"sendmmsg", NET, 0, 0},
    {"recvmmsg", NET, 0, 0},
    {"getsockname", NET, 0, 0},
    {"getpeername", NET, 0, 0},
    {"getsockopt", NET, 0, 0},
    {"setsockopt", NET, 0, 0},
    {"shutdown", NET, 0, 0},
    /* What a host does: fork, reap, shut its children in. */
    {"socketpair", HOSTS, SCAN, EPERM},
    {"fork", HOSTS, 0, 0},
    {"execve", 0, HOSTS, EPERM}, /* refused, not fatal: a host's death would hide the trial's milder answer */
    {"execveat", 0, HOSTS, EPERM},
    {"wait4", HOSTS, 0, 0},
    {"waitid", HOSTS, 0, 0},
    {"kill", HOSTS, JOBS, EPERM},
    {"pidfd_open", HOSTS, 0, 0},
    {"pidfd_send_signal", HOSTS, 0, 0},
    {"signalfd4", HOSTS, 0, 0},
    {"capset", HOSTS, 0, 0},
    {"seccomp", HOSTS, 0, 0},
    {"landlock_create_ruleset", HOSTS, 0, 0},
    {"landlock_add_rule", HOSTS, 0, 0},
    {"landlock_restrict_self", HOSTS, 0, 0},
};

static int is_host(sandbox_profile profile) {
    return ((1 << profile) & HOSTS) != 0;
}

static int is_job(sandbox_profile profile) {
    return ((1 << profile) & JOBS) != 0;
}

#define READ_ONLY_FORBIDS (O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

/* Calls that glibc tries first and does without, and all that came after this list was made. */
#define FIRST_UNKNOWN_CALL 449
#define LAST_UNKNOWN_CALL  520

static int open_for_reading(scmp_filter_ctx filter, sandbox_profile profile) {
    if (profile == SANDBOX_TRIAL)
        return 0;
    if (profile == SANDBOX_CHILD)
        return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0);
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, READ_ONLY_FORBIDS, 0));
    for (unsigned bit = 1; rc == 0 && bit <= READ_ONLY_FORBIDS; bit <<= 1)
        if (READ_ONLY_FORBIDS & bit)
            rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, bit, bit));
    return rc;
}

/* Shared anonymous memory escapes RLIMIT_DATA; new code has no business in a job. */
static int memory_calls(scmp_filter_ctx filter, sandbox_profile profile) {
    if (!is_job(profile))
        return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 0) ||
               seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 0);
    const scmp_datum_t both = MAP_SHARED | MAP_ANONYMOUS, kinds[] = {0, MAP_SHARED, MAP_ANONYMOUS};
    int rc = 0;
    if (profile == SANDBOX_CHILD_CONNECT) /* a module of the name service: the resolver does without */
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(mmap), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
    for (size_t i = 0; rc == 0 && i < 3; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                              SCMP_A3(SCMP_CMP_MASKED_EQ, both, kinds[i]));
    return rc ? rc
              : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                 SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

/* A plugin that writes to whatever descriptor it finds does not get at the job's outcome, which is told with sendmsg.
 */
static int writing_calls(scmp_filter_ctx filter, sandbox_profile profile) {
    static const int calls[] = {SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(pwritev)};
    int rc = 0;
    if (!is_job(profile))
        return 0;
    for (size_t i = 0; rc == 0 && i < sizeof calls / sizeof calls[0]; i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 1, SCMP_A0(SCMP_CMP_NE, HOST_CHANNEL_FD, 0));
        if (rc == 0)
            rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EBADF), calls[i], 1, SCMP_A0(SCMP_CMP_EQ, HOST_CHANNEL_FD, 0));
    }
    return rc;
}

#define SOCKET_TYPE 0xf /* the rest of the argument are flags */

/* Of sockets, a child of role connect makes those of the internet, and pairs of streams, whose ends know nobody but each
 * other (libcurl wakes its threads by them). Sockets of this machine are handed in, connected: one that could be made
 * would reach every daemon that trusts its caller's user id. glibc asks for two more, to talk to nscd and to ask for
 * the addresses of this machine, and does without. */
static int socket_calls(scmp_filter_ctx filter, sandbox_profile profile) {
    int rc = 0;
    if (!((1 << profile) & NET))
        return 0;
    for (scmp_datum_t family = 0; rc == 0 && family <= AF_INET6; family++)
        rc = seccomp_rule_add(filter,
                              family == AF_INET || family == AF_INET6 ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EAFNOSUPPORT),
                              SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, family, 0));
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
                              SCMP_A0(SCMP_CMP_GT, AF_INET6, 0));
    for (scmp_datum_t type = 0; rc == 0 && profile == SANDBOX_CHILD_CONNECT && type <= SOCKET_TYPE; type++)
        rc = seccomp_rule_add(filter, type == SOCK_STREAM ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM),
                              SCMP_SYS(socketpair), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, SOCKET_TYPE, type));
    return rc;
}

static int process_calls(scmp_filter_ctx filter, sandbox_profile profile) {
    if (is_host(profile))
        return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 0) ||
               seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 0);
    const int naming =
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0));
    if (naming || profile == SANDBOX_TRIAL)
        return naming;
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
}

static int newer_calls(scmp_filter_ctx filter) {
    int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    for (int call = FIRST_UNKNOWN_CALL; rc == 0 && call <= LAST_UNKNOWN_CALL; call++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0);
    return rc;
}

static int listed_calls(scmp_filter_ctx filter, sandbox_profile profile) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof answers / sizeof answers[0]; i++) {
        const answer *a = &answers[i];
        const int call = seccomp_syscall_resolve_name(a->name);
        if (call == __NR_SCMP_ERROR)
            continue; /* this architecture never had it */
        if (a->allowed & (1 << profile))
            rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
        else if (a->refused & (1 << profile))
            rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(a->error), call, 0);
    }
    return rc;
}

static stella_status export(scmp_filter_ctx filter, seccomp_program *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("filter", MFD_CLOEXEC);
    struct stat st;
    if (fd < 0 || seccomp_export_bpf(filter, fd) || fstat(fd, &st) < 0)
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "seccomp: the filter cannot be compiled");
    void *code = malloc((size_t)st.st_size);
    if (!code || pread(fd, code, (size_t)st.st_size, 0) != st.st_size) {
        free(code);
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "seccomp: the filter cannot be read");
    }
    *out = (seccomp_program){.code = code, .count = (uint16_t)((size_t)st.st_size / sizeof(struct sock_filter))};
    return STELLA_OK;
}

static void release(scmp_filter_ctx *filter) {
    if (*filter)
        seccomp_release(*filter);
}

stella_status seccomp_compile(sandbox_profile profile, seccomp_program *out, stella_error *err) {
    STELLA_AUTO(release)
    scmp_filter_ctx filter = seccomp_init(profile == SANDBOX_TRIAL ? SCMP_ACT_TRAP : SCMP_ACT_KILL_PROCESS);
    if (!filter || seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) || listed_calls(filter, profile) ||
        open_for_reading(filter, profile) || memory_calls(filter, profile) || writing_calls(filter, profile) ||
        socket_calls(filter, profile) || process_calls(filter, profile) || newer_calls(filter))
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "seccomp: a rule was not accepted");
    return export(filter, out, err);
}

static stella_status apply(const struct sock_fprog *program, stella_error *err) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program))
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "seccomp: %s", strerror(errno));
    return STELLA_OK;
}

stella_status seccomp_apply(const seccomp_program *program, stella_error *err) {
    const struct sock_fprog code = {.len = program->count, .filter = program->code};
    return apply(&code, err);
}

#define COUNT(array) ((uint8_t)(sizeof(array) / sizeof((array)[0])))

/* Of fcntl, what concerns the own table of descriptors. The rest reaches further: an owner and a signal set on a pipe
 * (F_SETOWN, F_SETSIG) kill any process of the user, and flags and locks belong to files that the supervisor shares.
 * Last, for those who have sockets, flags: what connect jobs are handed besides is the supervisor's no more. */
static const uint32_t own_commands[] = {F_DUPFD, F_DUPFD_CLOEXEC,        F_GETFD, F_SETFD,
                                        F_GETFL, 1034 /* F_GET_SEALS */, F_SETFL};

static stella_status confine_fcntl(int has_sockets, stella_error *err) {
    const uint8_t count = has_sockets ? COUNT(own_commands) : COUNT(own_commands) - 1;
    struct sock_filter code[3 + COUNT(own_commands) + 2] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, count + 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])), /* an int: the low half is all */
    };
    const size_t end = 3 + (size_t)count;
    for (uint8_t i = 0; i < count; i++)
        code[3 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, own_commands[i], (uint8_t)(count - i), 0);
    code[end] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    code[end + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const struct sock_fprog program = {.len = (unsigned short)(end + 2), .filter = code};
    return apply(&program, err);
}

static stella_status confine_tgkill(stella_error *err) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])), /* low half: little endian */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};
    return apply(&program, err);
}

stella_status seccomp_confine_signals(int has_sockets, stella_error *err) {
    const stella_status st = confine_tgkill(err);
    return st ? st : confine_fcntl(has_sockets, err);
}
