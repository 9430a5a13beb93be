#include "location.h"

static stella_sv without_end(stella_sv text, stella_sv end) {
    return stella_sv_ends(text, end) ? stella_sv_first(text, text.len - end.len) : text;
}

int location_read(stella_sv address, location *out) {
    const char *mark = address.len ? memmem(address.ptr, address.len, "://", 3) : NULL;
    const stella_sv rest = mark ? stella_sv_skip(address, (size_t)(mark - address.ptr) + 3) : address;
    const size_t end = stella_sv_find(rest, mark ? '/' : ':'); /* "git@github.com:a/b" has no scheme */
    if (end == rest.len || rest.len == 0 || rest.ptr[0] == '/' || rest.ptr[0] == '.')
        return 0;
    stella_sv host = stella_sv_first(rest, end), path = stella_sv_skip(rest, end + 1);
    const size_t at = stella_sv_rfind(host, '@');
    host = at < host.len ? stella_sv_skip(host, at + 1) : host;
    host = stella_sv_first(host, stella_sv_find(host, ':'));
    while (path.len && path.ptr[0] == '/')
        path = stella_sv_skip(path, 1);
    path = without_end(without_end(path, STELLA_SV("/")), STELLA_SV(".git"));
    const size_t slash = stella_sv_rfind(path, '/');
    const location found = {.host = host,
                            .owner = stella_sv_first(path, slash < path.len ? slash : 0),
                            .name = slash < path.len ? stella_sv_skip(path, slash + 1) : path};
    if (found.host.len == 0 || found.name.len == 0)
        return 0;
    *out = found;
    return 1;
}
