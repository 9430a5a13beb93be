#include "worker/sandbox.h"

#include <stella/auto.h>

#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of <linux/landlock.h>, whose version on the build machine says nothing of the kernel that runs. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH      1

#define FS_WRITE_FILE (UINT64_C(1) << 1)
#define FS_READ_FILE  (UINT64_C(1) << 2)
#define FS_READ_DIR   (UINT64_C(1) << 3)

#define FS_ABI_1  ((UINT64_C(1) << 13) - 1) /* execute .. make_sym */
#define FS_REFER  (UINT64_C(1) << 13)       /* since ABI 2 */
#define FS_TRUNC  (UINT64_C(1) << 14)       /* since ABI 3 */
#define FS_IOCTL  (UINT64_C(1) << 15)       /* since ABI 5 */
#define NET_BIND  (UINT64_C(1) << 0)        /* of TCP, since ABI 4 */
#define NET_CONN  (UINT64_C(1) << 1)
#define SCOPE_ALL UINT64_C(3) /* abstract sockets and signals outside, since ABI 6 */

typedef struct ruleset_attr {
    uint64_t handled_fs, handled_net, scoped;
} ruleset_attr;

typedef struct path_beneath_attr {
    uint64_t allowed;
    int32_t parent_fd;
} __attribute__((packed)) path_beneath_attr;

int landlock_abi(void) {
    const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    return abi > 0 ? (int)abi : 0;
}

static uint64_t all_fs(int abi) {
    return FS_ABI_1 | (abi >= 2 ? FS_REFER : 0) | (abi >= 3 ? FS_TRUNC : 0) | (abi >= 5 ? FS_IOCTL : 0);
}

/* The attribute grew with the ABI; an older kernel refuses a longer one that is not zero behind what it knows. */
static int create_ruleset(int abi, uint64_t fs, int may_connect) {
    const uint64_t net = NET_BIND | (may_connect ? 0 : NET_CONN);
    const ruleset_attr attr = {.handled_fs = fs, .handled_net = abi >= 4 ? net : 0, .scoped = abi >= 6 ? SCOPE_ALL : 0};
    const size_t size = abi >= 6 ? sizeof attr : abi >= 4 ? offsetof(ruleset_attr, scoped) : sizeof attr.handled_fs;
    return (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
}

static stella_status refuse(const char *what, stella_error *err) {
    return stella_error_set(err, STELLA_E_INTERNAL, NULL, "Landlock: %s: %s", what, strerror(errno));
}

static stella_status restrict_self(int ruleset, stella_error *err) {
    return syscall(SYS_landlock_restrict_self, ruleset, 0) ? refuse("restrict", err) : STELLA_OK;
}

stella_status landlock_forbid_writing(int abi, int may_connect, stella_error *err) {
    const uint64_t writing = all_fs(abi) & ~(FS_READ_FILE | FS_READ_DIR);
    STELLA_AUTO(stella_fd_closep) int ruleset = create_ruleset(abi, writing, may_connect);
    return ruleset < 0 ? refuse("ruleset", err) : restrict_self(ruleset, err);
}

static stella_status allow_reading(int ruleset, int fd, stella_error *err) {
    struct stat st;
    if (fstat(fd, &st) < 0)
        return refuse("stat", err);
    const path_beneath_attr rule = {.allowed = FS_READ_FILE | (S_ISDIR(st.st_mode) ? FS_READ_DIR : 0), .parent_fd = fd};
    return syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) ? refuse("rule", err) : STELLA_OK;
}

stella_status landlock_allow_reading(int abi, int may_connect, const int *dirs, uint32_t count, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int ruleset = create_ruleset(abi, all_fs(abi), may_connect);
    if (ruleset < 0)
        return refuse("ruleset", err);
    for (uint32_t i = 0; i < count; i++)
        if (dirs[i] >= 0 && allow_reading(ruleset, dirs[i], err))
            return STELLA_E_INTERNAL;
    return restrict_self(ruleset, err);
}
