#include "plugin/files.h"

#include <stella/auto.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static stella_status failed(const char *path, const char *what, stella_error *err) {
    const stella_status code = errno == ENOENT ? STELLA_E_NOTFOUND : STELLA_E_IO;
    return stella_error_set(err, code, path, "%s: %s", what, strerror(errno));
}

static stella_status no_room(const char *path, stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, path, "no memory for it");
}

const char *files_join(const char *dir, const char *name, stella_arena *arena, stella_error *err) {
    const char *path = stella_arena_printf(arena, "%s/%s", dir, name).ptr;
    if (!path)
        no_room(name, err);
    return path;
}

/* ---- reading ---- */

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static stella_status collect(DIR *dir, const char *path, stella_arena *arena, files_names *out, stella_error *err) {
    for (const struct dirent *entry; (errno = 0, entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        if (out->count == FILES_NAMES_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, path, "holds more than %d names", FILES_NAMES_MAX);
        const char *name = stella_arena_cstr(arena, stella_sv_cstr(entry->d_name));
        if (!name)
            return no_room(path, err);
        out->names[out->count++] = name;
    }
    return errno ? failed(path, "cannot be listed", err) : STELLA_OK;
}

stella_status files_list(int dir_fd, const char *path, stella_arena *arena, files_names *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int own = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    STELLA_AUTO(stella_dir_closep) DIR *dir = own < 0 ? NULL : fdopendir(own);
    if (!dir)
        return failed(path, "cannot be listed", err);
    stella_take_fd(&own); /* it is the stream's now */
    files_names made = {.names = stella_arena_alloc(arena, FILES_NAMES_MAX, sizeof *made.names)};
    if (!made.names)
        return no_room(path, err);
    const stella_status status = collect(dir, path, arena, &made, err);
    if (status != STELLA_OK)
        return status;
    qsort(made.names, made.count, sizeof *made.names, by_bytes);
    *out = made;
    return STELLA_OK;
}

stella_status files_read(int fd, const char *path, uint64_t bytes_max, stella_arena *arena, stella_sv *out,
                         stella_error *err) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return failed(path, "cannot be read", err);
    if (!S_ISREG(st.st_mode))
        return stella_error_set(err, STELLA_E_FORMAT, path, "is not a regular file");
    if ((uint64_t)st.st_size > bytes_max)
        return stella_error_set(err, STELLA_E_LIMIT, path, "is larger than %llu bytes", (unsigned long long)bytes_max);
    const size_t size = (size_t)st.st_size;
    char *bytes = stella_arena_alloc(arena, 1, size + 1);
    if (!bytes)
        return no_room(path, err);
    for (size_t have = 0; have < size;) {
        const ssize_t got = pread(fd, bytes + have, size - have, (off_t)have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(path, "cannot be read", err);
        if (got == 0)
            return stella_error_set(err, STELLA_E_IO, path, "became shorter while it was read");
        have += (size_t)got;
    }
    *out = stella_sv_of(bytes, size);
    return STELLA_OK;
}

stella_status files_read_path(const char *path, uint64_t bytes_max, stella_arena *arena, stella_sv *out,
                              stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return fd < 0 ? failed(path, "cannot be opened", err) : files_read(fd, path, bytes_max, arena, out, err);
}

/* ---- writing ---- */

static stella_status write_all(int fd, stella_sv bytes, const char *path, stella_error *err) {
    while (bytes.len) {
        const ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno != EINTR)
            return failed(path, "cannot be written", err);
        bytes = stella_sv_skip(bytes, put > 0 ? (size_t)put : 0);
    }
    return STELLA_OK;
}

stella_status files_write(const char *path, stella_sv bytes, unsigned mode, stella_error *err) {
    char beside[PATH_MAX];
    const int len = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    if (len < 0 || (size_t)len >= sizeof beside)
        return stella_error_set(err, STELLA_E_LIMIT, path, "the path is longer than %d bytes", PATH_MAX - 1);
    STELLA_AUTO(stella_fd_closep) int fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0)
        return failed(path, "cannot be written", err);
    stella_status status = write_all(fd, bytes, path, err);
    if (status == STELLA_OK && (fchmod(fd, mode) != 0 || fsync(fd) != 0 || rename(beside, path) != 0))
        status = failed(path, "cannot be written", err);
    if (status != STELLA_OK)
        unlink(beside);
    return status;
}

stella_status files_make_dirs(const char *path, int is_private, stella_error *err) {
    char prefix[PATH_MAX];
    const size_t len = strlen(path);
    if (len >= sizeof prefix)
        return stella_error_set(err, STELLA_E_LIMIT, path, "the path is longer than %d bytes", PATH_MAX - 1);
    for (size_t end = 1; end <= len; end++) {
        if (path[end] != '/' && path[end] != '\0')
            continue;
        memcpy(prefix, path, end);
        prefix[end] = '\0';
        if (mkdir(prefix, is_private ? 0700 : 0755) != 0 && errno != EEXIST)
            return failed(prefix, "cannot be made", err);
    }
    return STELLA_OK;
}
