#include "packlist.h"

#include "common/entry.h"

int packlist_split(stella_sv path, stella_sv *root, stella_sv *module) {
    stella_sv rest = path, names;
    (void)entry_pop(&rest);
    names = rest;
    while (rest.len) {
        const stella_sv segment = entry_pop(&rest);
        if (!stella_sv_eq(segment, STELLA_SV("auto")))
            continue;
        const size_t skip = (size_t)(segment.ptr - path.ptr) + segment.len + 1;
        *root = rest;
        *module = stella_sv_skip(names, skip);
        return names.len > skip;
    }
    return 0;
}

int packlist_next(stella_sv *rest, stella_sv *path) {
    const stella_sv attribute = STELLA_SV(" type=");
    stella_sv line;
    while (rest->ptr && stella_sv_split(rest, '\n', &line)) {
        line = stella_sv_trim(line);
        const char *at = line.len ? memmem(line.ptr, line.len, attribute.ptr, attribute.len) : NULL;
        line = at ? stella_sv_of(line.ptr, (size_t)(at - line.ptr)) : line;
        if (line.len < 2 || line.ptr[0] != '/' || !entry_is_path(stella_sv_skip(line, 1)))
            continue;
        *path = stella_sv_skip(line, 1);
        return 1;
    }
    return 0;
}

static int is_version_byte(char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '_' || c == 'v';
}

/* "our $VERSION = '1.02';", "use version; our $VERSION = qv('v2.0.1');", "package Alpha::Beta 1.02;" */
static stella_sv version_of_line(stella_sv line) {
    const stella_sv word = STELLA_SV("VERSION"), package = STELLA_SV("package ");
    const char *at = line.len ? memmem(line.ptr, line.len, word.ptr, word.len) : NULL;
    stella_sv rest = stella_sv_of(NULL, 0);
    if (at) {
        rest = stella_sv_trim(stella_sv_skip(line, (size_t)(at - line.ptr) + word.len));
        if (rest.len < 2 || rest.ptr[0] != '=' || rest.ptr[1] == '=' || rest.ptr[1] == '~')
            return stella_sv_of(NULL, 0);
    } else if (stella_sv_starts(line, package)) {
        rest = stella_sv_trim(stella_sv_skip(line, package.len));
        rest = stella_sv_skip(rest, stella_sv_find(rest, ' '));
    }
    while (rest.len && !(rest.ptr[0] >= '0' && rest.ptr[0] <= '9') &&
           !(rest.ptr[0] == 'v' && rest.len > 1 && rest.ptr[1] >= '0' && rest.ptr[1] <= '9'))
        rest = stella_sv_skip(rest, 1);
    size_t len = 0;
    while (len < rest.len && is_version_byte(rest.ptr[len]))
        len++;
    return stella_sv_first(rest, len);
}

stella_sv packlist_module_version(stella_sv text) {
    stella_sv line;
    while (stella_sv_split(&text, '\n', &line)) {
        line = stella_sv_trim(line);
        if (stella_sv_eq(line, STELLA_SV("__END__")) || stella_sv_eq(line, STELLA_SV("__DATA__")))
            break;
        const stella_sv version = line.len && line.ptr[0] != '#' ? version_of_line(line) : stella_sv_of(NULL, 0);
        if (version.len)
            return version;
    }
    return stella_sv_of(NULL, 0);
}

stella_status packlist_version(stella_analysis *job, stella_sv packlist, stella_sv module, stella_sv *out,
                               stella_error *err) {
    const stella_sv end = stella_arena_printf(job->arena, "/%.*s.pm", STELLA_SV_FMT(module));
    stella_sv path;
    *out = stella_sv_of(NULL, 0);
    if (!end.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path");
    while (packlist_next(&packlist, &path)) {
        stella_file file = STELLA_FILE_INIT;
        if (!stella_sv_ends(path, end))
            continue;
        if (stella_view_read(job, path, &file, NULL) != STELLA_OK)
            return STELLA_OK; /* it may come with the next call */
        const stella_sv version = packlist_module_version(file.bytes);
        *out = stella_arena_dup(job->arena, version);
        return out->ptr || version.len == 0 ? STELLA_OK
                                            : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a version");
    }
    return STELLA_OK;
}
