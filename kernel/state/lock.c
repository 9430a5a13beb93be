/* lock.c - one process a state directory. The kernel frees the lock with the process, however it ends. */
#include "state/store.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

static stella_status name_owner(const char *dir, int fd, stella_error *err) {
    char text[32] = "";
    const ssize_t got = pread(fd, text, sizeof text - 1, 0);
    uint64_t pid = 0;
    const int is_known = got > 0 && stella_sv_u64(stella_sv_trim(stella_sv_of(text, (size_t)got)), INT32_MAX, &pid);
    if (!is_known)
        return stella_error_set(err, STELLA_E_BUSY, dir, "another process uses this state directory");
    return stella_error_set(err, STELLA_E_BUSY, dir,
                            "process %d uses this state directory: stop it, or name another with --state-dir",
                            (int)pid);
}

stella_status store_lock(const char *dir, int *fd, stella_error *err) {
    char path[4096], text[32];
    if ((size_t)snprintf(path, sizeof path, "%s/lock", dir) >= sizeof path)
        return stella_error_set(err, STELLA_E_LIMIT, dir, "the path is too long");
    STELLA_AUTO(stella_fd_closep) int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0)
        return stella_error_set(err, errno == EACCES ? STELLA_E_DENIED : STELLA_E_IO, path, "open: %s",
                                strerror(errno));
    if (flock(lock, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? name_owner(dir, lock, err)
                                    : stella_error_set(err, STELLA_E_IO, path, "lock: %s", strerror(errno));
    /* Only for the message above: a disk too full to hold it does not matter. */
    const int size = snprintf(text, sizeof text, "%d\n", (int)getpid());
    if (ftruncate(lock, 0) != 0 || pwrite(lock, text, (size_t)size, 0) != size)
        errno = 0;
    *fd = stella_take_fd(&lock);
    return STELLA_OK;
}
