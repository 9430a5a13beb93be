#include "path.h"

#include <stdint.h>

static int needs_cleaning(stella_sv name) {
    if (name.ptr[0] == '/' || name.ptr[name.len - 1] == '/')
        return 1;
    for (const char *at = name.ptr, *end = at + name.len; at < end;) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        const char *stop = slash ? slash : end;
        if (stop == at || at[0] == '.')
            return 1; /* perhaps only a name that begins with a dot: the slow way decides */
        at = stop + 1;
    }
    return 0;
}

static int is_dots(const char *part, size_t len, size_t dots) {
    return len == dots && memcmp(part, "..", dots) == 0;
}

/* Copies the components that count. */
static int rebuild(stella_sv name, char *buf, size_t room, stella_sv *out) {
    size_t used = 0;
    stella_sv rest = name, part;
    while (stella_sv_split(&rest, '/', &part)) {
        if (part.len == 0 || is_dots(part.ptr, part.len, 1))
            continue;
        if (is_dots(part.ptr, part.len, 2))
            return PATH_DOTDOT;
        if (part.len + (used > 0) > room - used)
            return PATH_TOO_LONG;
        if (used)
            buf[used++] = '/';
        memcpy(buf + used, part.ptr, part.len);
        used += part.len;
    }
    if (used == 0)
        return PATH_ROOT;
    *out = stella_sv_of(buf, used);
    return PATH_OK;
}

int path_clean(stella_sv name, char *buf, size_t room, stella_sv *out, int *was_absolute) {
    if (name.len == 0)
        return PATH_ROOT;
    if (memchr(name.ptr, '\0', name.len))
        return PATH_NUL;
    const int absolute = name.ptr[0] == '/';
    while (name.len > 2 && name.ptr[0] == '.' && name.ptr[1] == '/' && name.ptr[2] != '/')
        name = stella_sv_skip(name, 2); /* "./usr/bin": what most tars look like, without a copy */
    int result = PATH_OK;
    stella_sv cleaned = name;
    if (needs_cleaning(name))
        result = rebuild(name, buf, room, &cleaned);
    else if (name.len > room)
        result = PATH_TOO_LONG;
    if (result == PATH_OK) {
        *out = cleaned;
        if (was_absolute)
            *was_absolute = absolute;
    }
    return result;
}

/* The first difference, eight bytes at a time: paths of one layer begin alike. */
size_t path_common(stella_sv a, stella_sv b) {
    const size_t shorter = a.len < b.len ? a.len : b.len;
    size_t at = 0;
    for (; at + 8 <= shorter; at += 8) {
        uint64_t left, right;
        memcpy(&left, a.ptr + at, 8);
        memcpy(&right, b.ptr + at, 8);
        if (left != right)
            break;
    }
    while (at < shorter && a.ptr[at] == b.ptr[at])
        at++;
    return at;
}

static int rank(stella_sv path, size_t at) {
    if (at == path.len)
        return -1;
    return path.ptr[at] == '/' ? 0 : (unsigned char)path.ptr[at] + 1;
}

int path_cmp(stella_sv a, stella_sv b) {
    const size_t at = path_common(a, b);
    return rank(a, at) - rank(b, at);
}

void path_split(stella_sv path, stella_sv *dir, stella_sv *name) {
    const size_t slash = stella_sv_rfind(path, '/');
    *dir = stella_sv_first(path, slash == path.len ? 0 : slash);
    *name = slash == path.len ? path : stella_sv_skip(path, slash + 1);
}

int path_below(stella_sv path, stella_sv dir) {
    return dir.len == 0 || (path.len > dir.len && stella_sv_starts(path, dir) && path.ptr[dir.len] == '/');
}
