#include "small_file.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

stella_status small_file_read(const char *path, size_t max, stella_arena *arena, stella_sv *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    if (fd < 0)
        return stella_error_set(err,
                                errno == ENOENT || errno == ENOTDIR ? STELLA_E_NOTFOUND
                                : errno == EACCES                   ? STELLA_E_DENIED
                                                                    : STELLA_E_IO,
                                path, "%s", strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return stella_error_set(err, STELLA_E_IO, path, "not a regular file");
    if ((uint64_t)st.st_size > max)
        return stella_error_set(err, STELLA_E_LIMIT, path, "%lld bytes, at most %zu", (long long)st.st_size, max);
    char *bytes = stella_arena_alloc(arena, 1, (size_t)st.st_size + 1);
    if (!bytes)
        return stella_error_set(err, STELLA_E_NOMEM, path, "no memory for it");
    size_t len = 0;
    for (ssize_t got; (got = pread(fd, bytes + len, (size_t)st.st_size - len, (off_t)len)) != 0; len += (size_t)got)
        if (got < 0)
            return stella_error_set(err, STELLA_E_IO, path, "read: %s", strerror(errno));
    *out = stella_sv_of(bytes, len);
    return STELLA_OK;
}
