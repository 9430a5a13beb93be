/* sandbox.h - shutting a process in: rlimits, capabilities, Landlock, seccomp. For the host and its children, and for a
 * verb that parses a file itself and ends.
 *
 * Three kinds of process, each shut in further than the one that forked it:
 *   host   no network, no writing, no exec; reads, forks, reaps
 *   trial  loads plugins that may do anything: opens system libraries only; whatever else it tries ends it by name
 *   child  does a job: opens nothing, or below one directory; see sandbox_seccomp.c for each call's answer
 *
 * What a child may besides is its role's: one of "scan" has no network; one of "connect" has internet sockets, no
 * others but those it was handed, and reads what finding a name and checking a certificate take (sandbox_connect.c).
 * Its host, whose bounds are a child's too, could make such sockets as well; plugins are tried without.
 *
 * In sanitizer builds neither seccomp nor Landlock is used (the sanitizers need calls and files of their own), nor
 * RLIMIT_DATA (they reserve terabytes): the level is then SANDBOX_NONE, and says so. */
#ifndef KERNEL_WORKER_SANDBOX_H
#define KERNEL_WORKER_SANDBOX_H

#include "worker/crash_page.h"
#include "worker/supervisor.h"

typedef enum sandbox_role { SANDBOX_ROLE_SCAN, SANDBOX_ROLE_CONNECT } sandbox_role;

/* Returns 0 for the name of a role that has no host. */
int sandbox_role_of(const char *name, sandbox_role *out);

/* The prepared filters of one host; made before the host shuts itself in. */
typedef struct sandbox sandbox;

stella_status sandbox_create(sandbox_role role, int pretend_no_landlock, sandbox **out, stella_error *err);
void sandbox_destroyp(sandbox **s); /* also for STELLA_AUTO; who is shut in stays so */

/* What this kernel and build allow. */
sandbox_level sandbox_level_of(const sandbox *s);
int sandbox_has_landlock(const sandbox *s);

/* Each shuts the calling process in for good; it must have one thread. A layer that the kernel has but that cannot be
 * applied is an error: nothing may run half shut in. */
stella_status sandbox_enter_host(const sandbox *s, stella_error *err);

/* page  where the trial's own attempts are written before it is ended */
stella_status sandbox_enter_trial(const sandbox *s, crash_page *page, stella_error *err);

typedef struct sandbox_limits {
    uint64_t data_bytes; /* RLIMIT_DATA */
    uint64_t file_bytes; /* RLIMIT_FSIZE */
    uint64_t files;      /* RLIMIT_NOFILE */
} sandbox_limits;

/* dir_fd  a directory below which the child may open files to read (needs Landlock), or -1; not for role connect */
stella_status sandbox_enter_child(const sandbox *s, const sandbox_limits *limits, int dir_fd, stella_error *err);

/* Lowers soft and hard limits. */
stella_status sandbox_limit(const sandbox_limits *limits, stella_error *err);

/* Landlock, by its raw calls: Debian 12's headers stop at ABI 2. */
int landlock_abi(void); /* 0: the kernel has none */
/* may_connect: TCP connections are not Landlock's business; waiting for them (bind) is refused all the same. */
stella_status landlock_forbid_writing(int abi, int may_connect, stella_error *err);
/* Nothing may be read or written, except reading these files and below these directories (-1: skipped). */
stella_status landlock_allow_reading(int abi, int may_connect, const int *dirs, uint32_t count, stella_error *err);
/* The same, of what a child of role connect reads. */
stella_status landlock_allow_names_and_certificates(int abi, stella_error *err);

typedef enum sandbox_profile {
    SANDBOX_HOST,
    SANDBOX_TRIAL,
    SANDBOX_CHILD,
    SANDBOX_CHILD_DIR,
    SANDBOX_HOST_CONNECT,
    SANDBOX_CHILD_CONNECT,
    SANDBOX_PROFILES
} sandbox_profile;

typedef struct seccomp_program {
    void *code; /* array of struct sock_filter */
    uint16_t count;
} seccomp_program;

stella_status seccomp_compile(sandbox_profile profile, seccomp_program *out, stella_error *err);
const seccomp_program *sandbox_program(const sandbox *s, sandbox_profile profile);
stella_status seccomp_apply(const seccomp_program *program, stella_error *err);
/* Signals to any process but this one are refused: the prepared filters cannot know who will use them.
 * has_sockets: the flags of descriptors may be changed, as whoever waits for several sockets must */
stella_status seccomp_confine_signals(int has_sockets, stella_error *err);

#endif
