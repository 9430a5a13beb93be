#include "target.h"

#include "registry/reference.h"
#include "scheme.h"
#include "stdin.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SCHEME_BYTES_MAX 32

/* Neither waits for a FIFO's writer nor makes a terminal ours. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static stella_status status_of_errno(int number) {
    return number == ENOENT || number == ENOTDIR ? STELLA_E_NOTFOUND
           : number == EACCES || number == EPERM ? STELLA_E_DENIED
                                                 : STELLA_E_IO;
}

static stella_sv split_scheme(const char *text, const char **path) {
    const size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    *path = text;
    if (len == 0 || len > SCHEME_BYTES_MAX || text[len] != ':')
        return (stella_sv){0};
    *path = text + len + 1;
    return stella_sv_of(text, len);
}

/* Where a scheme's targets are, when only a name is given: all of the text selects. */
static const char *place_of(stella_sv scheme, const char *text) {
    static const struct {
        stella_sv scheme;
        const char *path;
    } places[] = {{STELLA_SV_INIT("containerd"), "/var/lib/containerd"}};
    for (size_t i = 0; text[0] != '/' && text[0] != '.' && i < sizeof places / sizeof places[0]; i++)
        if (stella_sv_eq(scheme, places[i].scheme))
            return places[i].path;
    return NULL;
}

static stella_status open_place(const char *place, const char *text, target *out, stella_error *err) {
    const int fd = open(place, OPEN_FLAGS);
    if (fd < 0 && status_of_errno(errno) == STELLA_E_NOTFOUND)
        return stella_error_set(err, STELLA_E_NOTFOUND, place,
                                "no containerd keeps images here; of another root scan containerd:DIR:REF, "
                                "of Docker docker:REF, of a registry registry:REF");
    if (fd < 0)
        return stella_error_set(err, status_of_errno(errno), place,
                                "%s: it belongs to root, so the scan must be root's", strerror(errno));
    out->fd = fd;
    out->path = place;
    out->select = stella_sv_cstr(text);
    return STELLA_OK;
}

/* The longest beginning that exists. */
static stella_status open_longest(const char *text, stella_arena *arena, target *out, stella_error *err) {
    const stella_sv whole = stella_sv_cstr(text);
    stella_sv rest = whole;
    int first_error = 0;
    for (;;) {
        const char *path = stella_arena_cstr(arena, rest);
        if (!path)
            return stella_error_set(err, STELLA_E_NOMEM, text, "no memory for the path");
        const int fd = open(path, OPEN_FLAGS);
        if (fd >= 0) {
            out->fd = fd;
            out->path = path;
            out->select = stella_sv_skip(whole, rest.len + (rest.len < whole.len));
            return STELLA_OK;
        }
        first_error = first_error ? first_error : errno;
        if (errno == EACCES || errno == EPERM) /* it is there: this is what was meant */
            return stella_error_set(err, STELLA_E_DENIED, path, "%s", strerror(errno));
        const size_t colon = stella_sv_rfind(rest, ':');
        if (colon >= rest.len || colon == 0)
            return stella_error_set(err, status_of_errno(first_error), text, "%s", strerror(first_error));
        rest = stella_sv_first(rest, colon);
    }
}

/* The last part of a path. "." and ".." say nothing: the directory they mean does. */
static stella_sv name_of(const char *path, stella_arena *arena) {
    stella_sv name = stella_sv_cstr(path);
    while (name.len > 1 && name.ptr[name.len - 1] == '/')
        name.len--;
    const size_t slash = stella_sv_rfind(name, '/');
    if (slash < name.len)
        name = stella_sv_skip(name, slash + 1);
    if (stella_sv_eq(name, STELLA_SV(".")) || stella_sv_eq(name, STELLA_SV(".."))) {
        STELLA_AUTO(stella_freep) char *real = realpath(path, NULL);
        const char *last = real ? strrchr(real, '/') : NULL;
        name = last ? stella_arena_dup(arena, stella_sv_cstr(last + 1)) : STELLA_SV("");
    }
    return name.len ? name : STELLA_SV("rootfs"); /* the root directory has no name */
}

static int is_remote_scheme(stella_sv scheme, const target_rules *rules) {
    return scheme.len && (scheme_is_remote(scheme) || (rules->has_remote && rules->has_remote(rules->self, scheme)));
}

static int looks_like_a_path(const char *text) {
    return text[0] == '/' || text[0] == '.' || text[0] == '~';
}

static stella_status open_remote(stella_sv scheme, const char *image, const char *text, target *out,
                                 stella_error *err) {
    if (!*image)
        return stella_error_set(err, STELLA_E_INVALID, text, "the target names no image");
    *out = (target){.scheme = scheme, .path = text, .name = stella_sv_cstr(image), .fd = -1, .is_remote = 1};
    return STELLA_OK;
}

/* A scheme with a slip of the pen must not become a question to a registry far away. */
static stella_status refuse_slip(const char *meant, const char *text, const char *rest, stella_error *err) {
    return stella_error_set(err, STELLA_E_INVALID, text,
                            "there is no such file; is %s:%.60s meant? An image of that name is registry:%.60s", meant,
                            rest, text);
}

/* There is no such file. Returns STELLA_E_NOTFOUND when it can be no image's name either. */
static stella_status open_as_name(const char *text, stella_sv scheme, const char *rest, stella_arena *arena,
                                  target *out, stella_error *err) {
    reference image;
    if (scheme_is_file(scheme) || looks_like_a_path(rest))
        return STELLA_E_NOTFOUND;
    const char *meant = scheme_near(scheme);
    if (meant)
        return refuse_slip(meant, text, rest, err);
    if (reference_parse(stella_sv_cstr(text), arena, &image, NULL) == STELLA_OK) {
        const stella_status status = open_remote(STELLA_SV("registry"), text, text, out, err);
        out->is_implied = status == STELLA_OK;
        return status;
    }
    return scheme.len ? open_remote(scheme, rest, text, out, err) : STELLA_E_NOTFOUND;
}

static stella_status open_path(const char *path, stella_arena *arena, target *t, stella_error *err) {
    struct stat st;
    const char *place = place_of(t->scheme, path);
    const stella_status status = place ? open_place(place, path, t, err) : open_longest(path, arena, t, err);
    if (status != STELLA_OK)
        return status;
    STELLA_AUTO(stella_fd_closep) int fd = t->fd;
    t->fd = -1;
    if (fstat(fd, &st) != 0)
        return stella_error_set(err, STELLA_E_IO, t->path, "%s", strerror(errno));
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return stella_error_set(err, STELLA_E_FORMAT, t->path, "neither a regular file nor a directory");
    t->is_directory = S_ISDIR(st.st_mode);
    t->name = name_of(t->path, arena);
    t->fd = stella_take_fd(&fd);
    return STELLA_OK;
}

stella_status target_open(const char *text, const target_rules *rules, stella_arena *arena, target *out,
                          stella_error *err) {
    static const target_rules none = {.self = NULL};
    target t = {.fd = -1};
    const char *path = NULL;
    rules = rules ? rules : &none;
    t.scheme = split_scheme(text, &path);
    if (is_remote_scheme(t.scheme, rules))
        return open_remote(t.scheme, path, text, out, err);
    if (!*path)
        return stella_error_set(err, STELLA_E_INVALID, text, "the target names no path");
    stella_status status = STELLA_OK;
    if (strcmp(path, "-") == 0) {
        t.path = "-";
        t.name = STELLA_SV("stdin");
        status = stdin_open(rules, &t.fd, err);
    } else {
        stella_error missing = {0};
        status = open_path(path, arena, &t, &missing);
        if (status == STELLA_E_NOTFOUND) {
            const stella_status named = open_as_name(text, t.scheme, path, arena, out, err);
            if (named != STELLA_E_NOTFOUND)
                return named;
        }
        if (status != STELLA_OK && err)
            *err = missing;
    }
    if (status == STELLA_OK)
        *out = t;
    return status;
}

stella_status target_open_below(const target *t, stella_sv path, int *out_fd, stella_error *err) {
    const struct open_how how = {.flags = OPEN_FLAGS, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    char name[4096];
    if (path.len == 0 || path.len >= sizeof name || memchr(path.ptr, 0, path.len))
        return stella_error_at(err, STELLA_E_FORMAT, path, "no name of a file");
    memcpy(name, path.ptr, path.len);
    name[path.len] = 0;
    const long fd = syscall(SYS_openat2, t->fd, name, &how, sizeof how);
    if (fd < 0)
        return stella_error_at(err, status_of_errno(errno), path, "%s", strerror(errno));
    *out_fd = (int)fd;
    return STELLA_OK;
}
