#include "cli/output.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUTPUT_MODE  0644
#define OUTPUT_NAMES 100 /* tries to find a free name beside the file */
#define COPY_BYTES   65536

static stella_status fail(stella_error *err, const char *path, const char *what) {
    return stella_error_set(err, errno == EACCES || errno == EPERM || errno == EROFS ? STELLA_E_DENIED : STELLA_E_IO,
                            path, "%s: %s", what, strerror(errno));
}

/* The result waits in memory until it can go out in one piece. */
static stella_status open_memory(output *o, stella_error *err) {
    o->fd = memfd_create("stella-output", MFD_CLOEXEC);
    return o->fd >= 0 ? STELLA_OK : fail(err, o->file ? o->file : "standard output", "no memory for the result");
}

/* The path with its links followed: they are to keep pointing at the file. */
static char *resolve(const char *file) {
    char *real = realpath(file, NULL);
    return real ? real : strdup(file);
}

static stella_status open_file(output *o, stella_error *err) {
    struct stat st;
    o->path = resolve(o->file);
    if (!o->path)
        return stella_error_set(err, STELLA_E_NOMEM, o->file, "out of memory");
    const int exists = stat(o->path, &st) == 0;
    if (exists && S_ISDIR(st.st_mode))
        return stella_error_set(err, STELLA_E_INVALID, o->file, "is a directory");
    if (exists && !S_ISREG(st.st_mode)) {
        o->is_stream = 1;
        return open_memory(o, err);
    }
    const char *slash = strrchr(o->path, '/');
    STELLA_AUTO(stella_freep) char *dir = slash ? strndup(o->path, (size_t)(slash - o->path) + 1) : strdup(".");
    o->dir_fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (o->dir_fd < 0)
        return fail(err, o->file, "cannot be written");
    o->fd = openat(o->dir_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, OUTPUT_MODE);
    if (o->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) /* a file system without the like */
        return faccessat(o->dir_fd, ".", W_OK, AT_EACCESS) == 0 ? open_memory(o, err)
                                                                : fail(err, o->file, "cannot be written");
    return o->fd >= 0 ? STELLA_OK : fail(err, o->file, "cannot be written");
}

stella_status output_open(cli_context *cli, const char *argument, output *out, stella_error *err) {
    output o = {.dir_fd = -1, .fd = -1};
    const char *equals = strchr(argument, '=');
    const size_t len = equals ? (size_t)(equals - argument) : strlen(argument);
    if (len == 0 || (equals && !equals[1]))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "-o takes FORMAT[@VERSION] or FORMAT[@VERSION]=FILE");
    o.format = stella_arena_cstr(cli->arena, stella_sv_of(argument, len));
    if (!o.format)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "out of memory");
    if (equals && strcmp(equals + 1, "-") != 0)
        o.file = equals + 1;
    const stella_status status = o.file ? open_file(&o, err) : open_memory(&o, err);
    if (status == STELLA_OK)
        *out = o;
    else
        output_fini(&o);
    return status;
}

static const char *base_of(const output *o) {
    const char *slash = strrchr(o->path, '/');
    return slash ? slash + 1 : o->path;
}

int output_is_same(const output *a, const output *b) {
    struct stat left, right;
    return a->dir_fd >= 0 && b->dir_fd >= 0 && strcmp(base_of(a), base_of(b)) == 0 && fstat(a->dir_fd, &left) == 0 &&
           fstat(b->dir_fd, &right) == 0 && left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

static stella_status copy(int from, int to, const char *name, stella_error *err) {
    char buf[COPY_BYTES];
    ssize_t got = 0;
    for (off_t at = 0; (got = pread(from, buf, sizeof buf, at)) > 0; at += got)
        for (ssize_t done = 0; done < got;) {
            const ssize_t n = write(to, buf + done, (size_t)(got - done));
            if (n < 0 && errno != EINTR)
                return fail(err, name, "cannot be written");
            done += n > 0 ? n : 0;
        }
    return got == 0 ? STELLA_OK : fail(err, name, "cannot be read back");
}

static stella_status publish_stream(const output *o, stella_error *err) {
    if (!o->file)
        return copy(o->fd, STDOUT_FILENO, "standard output", err);
    STELLA_AUTO(stella_fd_closep) int fd = open(o->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return fd >= 0 ? copy(o->fd, fd, o->file, err) : fail(err, o->file, "cannot be written");
}

/* Gives the unnamed file, or a copy of it, a name of its own. Returns 0 with errno set. */
static int put_name(const output *o, const char *name, stella_error *err) {
    char self[32];
    snprintf(self, sizeof self, "/proc/self/fd/%d", o->fd);
    if (linkat(AT_FDCWD, self, o->dir_fd, name, AT_SYMLINK_FOLLOW) == 0)
        return 1;
    if (errno == EEXIST)
        return 0;
    STELLA_AUTO(stella_fd_closep)
    int fd = openat(o->dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, OUTPUT_MODE);
    if (fd < 0)
        return 0;
    if (copy(o->fd, fd, o->file, err) == STELLA_OK && fsync(fd) == 0)
        return 1;
    const int kept = errno;
    unlinkat(o->dir_fd, name, 0);
    errno = kept;
    return 0;
}

static stella_status publish_file(const output *o, stella_error *err) {
    const char *base = base_of(o);
    char name[NAME_MAX + 1];
    int is_put = 0;
    if (fsync(o->fd) != 0 && errno != EINVAL)
        return fail(err, o->file, "cannot be written");
    for (int i = 0; i < OUTPUT_NAMES && !is_put; i++) {
        snprintf(name, sizeof name, ".%.200s.stella-%d.%d", base, (int)getpid(), i);
        is_put = put_name(o, name, err);
        if (!is_put && errno != EEXIST)
            break;
    }
    if (!is_put)
        return fail(err, o->file, "cannot be written");
    if (renameat(o->dir_fd, name, o->dir_fd, base) == 0)
        return STELLA_OK;
    const stella_status status = fail(err, o->file, "cannot be replaced");
    unlinkat(o->dir_fd, name, 0);
    return status;
}

stella_status output_publish(output *o, stella_error *err) {
    return o->file && !o->is_stream ? publish_file(o, err) : publish_stream(o, err);
}

stella_status output_withdraw(output *o, stella_error *err) {
    if (o->dir_fd < 0 || unlinkat(o->dir_fd, base_of(o), 0) == 0 || errno == ENOENT)
        return STELLA_OK;
    return fail(err, o->file, "cannot be removed");
}

void output_fini(output *o) {
    stella_fd_closep(&o->fd);
    stella_fd_closep(&o->dir_fd);
    free(o->path);
    o->path = NULL;
}
