#include "inside.h"

#include <stella/auto.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define COPY_BYTES ((size_t)1 << 20)

int safe_is_trusted(const struct stat *st) {
    return (st->st_uid == geteuid() || st->st_uid == 0) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

static int refused(int fd) {
    close(fd);
    errno = EACCES;
    return -1;
}

int safe_dir(int dir_fd, const char *name, int is_made) {
    struct stat st;
    if (dir_fd < 0) {
        errno = ENOENT;
        return -1;
    }
    if (is_made && mkdirat(dir_fd, name, 0700) != 0 && errno != EEXIST)
        return -1;
    const int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return -1;
    return fstat(fd, &st) == 0 && safe_is_trusted(&st) ? fd : refused(fd);
}

int safe_file(int dir_fd, const char *name, uint64_t *size) {
    struct stat st;
    const int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return -1;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !safe_is_trusted(&st))
        return refused(fd);
    if (size)
        *size = (uint64_t)st.st_size;
    return fd;
}

stella_sv safe_read(int dir_fd, const char *name, stella_arena *arena) {
    uint64_t size = 0;
    STELLA_AUTO(stella_fd_closep) int fd = safe_file(dir_fd, name, &size);
    if (fd < 0 || size == 0 || size > CACHE_META_MAX)
        return (stella_sv){0};
    char *text = stella_arena_alloc(arena, 1, size);
    if (!text || pread(fd, text, size, 0) != (ssize_t)size)
        return (stella_sv){0};
    return stella_sv_of(text, size);
}

static stella_status write_all(int fd, const char *bytes, size_t size, stella_error *err) {
    while (size) {
        const ssize_t put = write(fd, bytes, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "the cache cannot be written: %s", strerror(errno));
        bytes += put;
        size -= (size_t)put;
    }
    return STELLA_OK;
}

static stella_status copy_all(int from, int to, stella_error *err) {
    STELLA_AUTO(stella_freep) char *buf = malloc(COPY_BYTES);
    if (!buf)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to copy with");
    for (off_t at = 0;;) {
        const ssize_t got = pread(from, buf, COPY_BYTES, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "what is to be cached cannot be read: %s", strerror(errno));
        if (got == 0)
            return STELLA_OK;
        const stella_status status = write_all(to, buf, (size_t)got, err);
        if (status != STELLA_OK)
            return status;
        at += got;
    }
}

/* A file that nobody finds until it is renamed. */
static int temporary(int dir_fd, char name[CACHE_NAME_MAX]) {
    uint64_t number[2];
    if (getrandom(number, sizeof number, 0) != sizeof number)
        return -1;
    snprintf(name, CACHE_NAME_MAX, CACHE_TEMP "%016llx%016llx", (unsigned long long)number[0],
             (unsigned long long)number[1]);
    return openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static stella_status write_file(int dir_fd, const char *name, int from_fd, stella_sv bytes, stella_error *err) {
    char temp[CACHE_NAME_MAX];
    STELLA_AUTO(stella_fd_closep) int fd = temporary(dir_fd, temp);
    if (fd < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "the cache cannot be written: %s", strerror(errno));
    stella_status status = from_fd >= 0 ? copy_all(from_fd, fd, err) : write_all(fd, bytes.ptr, bytes.len, err);
    if (status == STELLA_OK && renameat(dir_fd, temp, dir_fd, name) != 0)
        status = stella_error_set(err, STELLA_E_IO, NULL, "the cache cannot be written: %s", strerror(errno));
    if (status != STELLA_OK)
        unlinkat(dir_fd, temp, 0);
    return status;
}

stella_status safe_copy(int dir_fd, const char *name, int from_fd, stella_error *err) {
    return write_file(dir_fd, name, from_fd, (stella_sv){0}, err);
}

stella_status safe_write(int dir_fd, const char *name, stella_sv bytes, stella_error *err) {
    return write_file(dir_fd, name, -1, bytes, err);
}

uint64_t safe_remove_folder(int dir_fd, const char *name) {
    struct stat st;
    uint64_t bytes = 0;
    const int fd = safe_dir(dir_fd, name, 0);
    STELLA_AUTO(stella_dir_closep) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir)
        return 0;
    unlinkat(fd, CACHE_META, 0);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(st.st_mode))
            continue;
        if (unlinkat(fd, entry->d_name, 0) == 0)
            bytes += (uint64_t)st.st_size;
    }
    unlinkat(dir_fd, name, AT_REMOVEDIR); /* stays when somebody stored something new meanwhile */
    return bytes;
}

void safe_touch(int dir_fd, const char *name) {
    struct stat st;
    if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && time(NULL) - st.st_mtime > CACHE_TOUCH_S)
        utimensat(dir_fd, name, NULL, AT_SYMLINK_NOFOLLOW);
}
