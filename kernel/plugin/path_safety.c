#include "plugin/path_safety.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX       40 /* followed on one path, as the kernel does */
#define WRITABLE_BY_ANY (S_IWGRP | S_IWOTH)

static stella_status check_owner(const struct stat *st, const char *path, stella_error *err) {
    if (st->st_uid == 0 || st->st_uid == geteuid())
        return STELLA_OK;
    return stella_error_set(err, STELLA_E_DENIED, path,
                            "belongs to user %u, who could change it; it must belong to root or to user %u (chown)",
                            (unsigned)st->st_uid, (unsigned)geteuid());
}

static stella_status check_mode(const struct stat *st, const char *path, int is_last, stella_error *err) {
    if (!(st->st_mode & WRITABLE_BY_ANY))
        return STELLA_OK;
    const int is_shared = S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX) && st->st_uid == 0;
    if (is_shared && !is_last)
        return STELLA_OK;
    return stella_error_set(err, STELLA_E_DENIED, path, "is writable by others (mode %04o); run: chmod go-w",
                            (unsigned)st->st_mode & 07777);
}

static stella_status missing(const char *path, stella_error *err) {
    const int is_absent = errno == ENOENT || errno == ENOTDIR;
    return stella_error_set(err, is_absent ? STELLA_E_NOTFOUND : STELLA_E_IO, path, "%s", strerror(errno));
}

/* Puts what the link at `link` names before the part of the path behind the link. Both buffers have PATH_MAX bytes. */
static stella_status follow(const char *link, const char *behind, char *path, stella_error *err) {
    char target[PATH_MAX], joined[PATH_MAX];
    const ssize_t len = readlink(link, target, sizeof target);
    if (len < 0)
        return missing(link, err);
    const char *base_end = strrchr(link, '/');
    const int base = target[0] == '/' ? 0 : (int)(base_end - link) + 1;
    const int made =
        len < PATH_MAX ? snprintf(joined, sizeof joined, "%.*s%.*s%s", base, link, (int)len, target, behind) : PATH_MAX;
    if (made < 0 || made >= PATH_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, link, "leads to a path of more than %d bytes", PATH_MAX - 1);
    memcpy(path, joined, (size_t)made + 1);
    return STELLA_OK;
}

/* The end of the component that begins behind `at`, blanks of several slashes included. */
static size_t component_end(const char *path, size_t at) {
    at += strspn(path + at, "/");
    return at + strcspn(path + at, "/");
}

/* Checks component by component; restarts with the target when it meets a symbolic link. Sets *again then. */
static stella_status walk(char *path, int *again, stella_error *err) {
    char prefix[PATH_MAX] = "/";
    size_t at = 0;
    *again = 0;
    for (;;) {
        const int is_last = path[at + strspn(path + at, "/")] == '\0';
        struct stat st;
        if (lstat(prefix, &st) != 0)
            return missing(prefix, err);
        stella_status status = check_owner(&st, prefix, err);
        if (status == STELLA_OK && S_ISLNK(st.st_mode)) {
            *again = 1;
            return follow(prefix, path + at, path, err);
        }
        if (status == STELLA_OK)
            status = check_mode(&st, prefix, is_last, err);
        if (status != STELLA_OK || is_last)
            return status;
        at = component_end(path, at);
        memcpy(prefix, path, at);
        prefix[at] = '\0';
    }
}

stella_status path_safety_check(const char *path, stella_error *err) {
    char absolute[PATH_MAX];
    char cwd[PATH_MAX] = "";
    if (path[0] != '/' && !getcwd(cwd, sizeof cwd))
        return missing(".", err);
    const int len = snprintf(absolute, sizeof absolute, "%s%s%s", cwd, cwd[0] ? "/" : "", path);
    if (len < 0 || len >= PATH_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, path, "the path is longer than %d bytes", PATH_MAX - 1);
    int again = 1;
    stella_status status = STELLA_OK;
    for (int links = 0; again && status == STELLA_OK; links++) {
        if (links > LINKS_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, path, "more than %d symbolic links", LINKS_MAX);
        status = walk(absolute, &again, err);
    }
    return status;
}

stella_status path_safety_check_last(const char *path, stella_error *err) {
    struct stat st;
    if (lstat(path, &st) != 0)
        return missing(path, err);
    if (S_ISLNK(st.st_mode))
        return path_safety_check(path, err);
    const stella_status status = check_owner(&st, path, err);
    return status == STELLA_OK ? check_mode(&st, path, 1, err) : status;
}

stella_status path_safety_open(int dir_fd, const char *name, const char *path, int *out_fd, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ELOOP)
        return stella_error_set(err, STELLA_E_DENIED, path, "is a symbolic link; put the file itself there");
    if (fd < 0)
        return missing(path, err);
    struct stat st;
    if (fstat(fd, &st) != 0)
        return missing(path, err);
    if (!S_ISREG(st.st_mode))
        return stella_error_set(err, STELLA_E_FORMAT, path, "is not a regular file");
    stella_status status = check_owner(&st, path, err);
    if (status == STELLA_OK)
        status = check_mode(&st, path, 1, err);
    if (status == STELLA_OK)
        *out_fd = stella_take_fd(&fd);
    return status;
}
