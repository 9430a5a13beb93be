#include "worker/sandbox.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct sandbox {
    sandbox_role role;
    int abi; /* of Landlock; 0: none */
    int has_seccomp;
    seccomp_program programs[SANDBOX_PROFILES];
};

int sandbox_role_of(const char *name, sandbox_role *out) {
    static const char *const names[] = {[SANDBOX_ROLE_SCAN] = "scan", [SANDBOX_ROLE_CONNECT] = "connect"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        *out = (sandbox_role)i;
        return 1;
    }
    return 0;
}

#ifndef STELLA_SANITIZED
/* Compiling a filter takes the better part of a millisecond, so a role does without those of the other. */
static int is_of_role(sandbox_role role, sandbox_profile profile) {
    const int is_connects = profile == SANDBOX_HOST_CONNECT || profile == SANDBOX_CHILD_CONNECT;
    return profile == SANDBOX_TRIAL || is_connects == (role == SANDBOX_ROLE_CONNECT);
}
#endif

void sandbox_destroyp(sandbox **s) {
    for (int i = 0; *s && i < SANDBOX_PROFILES; i++)
        free((*s)->programs[i].code);
    free(*s);
    *s = NULL;
}

stella_status sandbox_create(sandbox_role role, int pretend_no_landlock, sandbox **out, stella_error *err) {
    STELLA_AUTO(sandbox_destroyp) sandbox *s = calloc(1, sizeof *s);
    if (!s)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "out of memory");
    s->role = role;
#ifndef STELLA_SANITIZED
    s->abi = pretend_no_landlock ? 0 : landlock_abi();
    s->has_seccomp = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
    for (int i = 0; s->has_seccomp && i < SANDBOX_PROFILES; i++)
        if (is_of_role(role, (sandbox_profile)i) && seccomp_compile((sandbox_profile)i, &s->programs[i], err))
            return STELLA_E_INTERNAL;
#else
    (void)pretend_no_landlock;
#endif
    *out = STELLA_TAKE(s);
    return STELLA_OK;
}

sandbox_level sandbox_level_of(const sandbox *s) {
    return !s->has_seccomp ? SANDBOX_NONE : s->abi ? SANDBOX_FULL : SANDBOX_SECCOMP;
}

int sandbox_has_landlock(const sandbox *s) {
    return s->abi > 0;
}

const seccomp_program *sandbox_program(const sandbox *s, sandbox_profile profile) {
    return &s->programs[profile];
}

static stella_status set_limit(int which, rlim_t value, stella_error *err) {
    struct rlimit limit;
    if (getrlimit(which, &limit) < 0)
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "getrlimit: %s", strerror(errno));
    if (limit.rlim_max != RLIM_INFINITY && value > limit.rlim_max)
        value = limit.rlim_max;
    limit = (struct rlimit){value, value};
    if (setrlimit(which, &limit) < 0)
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "setrlimit: %s", strerror(errno));
    return STELLA_OK;
}

stella_status sandbox_limit(const sandbox_limits *limits, stella_error *err) {
    stella_status st = set_limit(RLIMIT_CORE, 0, err);
    if (!st)
        st = set_limit(RLIMIT_FSIZE, limits->file_bytes, err);
    if (!st)
        st = set_limit(RLIMIT_NOFILE, limits->files, err);
#ifndef STELLA_SANITIZED
    if (!st)
        st = set_limit(RLIMIT_DATA, limits->data_bytes, err);
#endif
    return st;
}

static stella_status drop_capabilities(stella_error *err) {
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[2] = {0};
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (syscall(SYS_capset, &head, none))
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "capset: %s", strerror(errno));
    return STELLA_OK;
}

/* Landlock and seccomp both demand it; without them it is set all the same. */
static stella_status renounce(stella_error *err) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "no_new_privs: %s", strerror(errno));
    return drop_capabilities(err);
}

stella_status sandbox_enter_host(const sandbox *s, stella_error *err) {
    stella_status st = renounce(err);
    if (!st && s->abi)
        st = landlock_forbid_writing(s->abi, s->role == SANDBOX_ROLE_CONNECT, err);
    if (!st && s->has_seccomp)
        st = seccomp_apply(&s->programs[s->role == SANDBOX_ROLE_CONNECT ? SANDBOX_HOST_CONNECT : SANDBOX_HOST], err);
    return st;
}

static stella_status allow_reading(const sandbox *s, int dir_fd, stella_error *err) {
    return s->role == SANDBOX_ROLE_CONNECT ? landlock_allow_names_and_certificates(s->abi, err)
                                           : landlock_allow_reading(s->abi, 0, &dir_fd, 1, err);
}

static sandbox_profile profile_of_child(const sandbox *s, int dir_fd) {
    return s->role == SANDBOX_ROLE_CONNECT ? SANDBOX_CHILD_CONNECT
           : dir_fd >= 0 && s->abi         ? SANDBOX_CHILD_DIR
                                           : SANDBOX_CHILD;
}

stella_status sandbox_enter_child(const sandbox *s, const sandbox_limits *limits, int dir_fd, stella_error *err) {
    stella_status st = sandbox_limit(limits, err);
    if (!st)
        st = renounce(err);
    if (!st && s->abi)
        st = allow_reading(s, dir_fd, err);
    if (!st && s->has_seccomp)
        st = seccomp_confine_signals(s->role == SANDBOX_ROLE_CONNECT, err);
    if (!st && s->has_seccomp)
        st = seccomp_apply(&s->programs[profile_of_child(s, dir_fd)], err);
    return st;
}
