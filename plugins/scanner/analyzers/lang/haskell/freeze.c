#include "freeze.h"

freeze_reader freeze_open(stella_sv text) {
    return (freeze_reader){.rest = text};
}

/* Takes the next line with constraints. */
static int next_row(freeze_reader *r) {
    const stella_sv field = STELLA_SV("constraints:");
    stella_sv line;
    while (r->rest.ptr && stella_sv_split(&r->rest, '\n', &line)) {
        r->line++;
        const int is_continued = line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
        const stella_sv text = stella_sv_trim(line);
        if (text.len == 0 || stella_sv_starts(text, STELLA_SV("--")))
            continue;
        if (!is_continued)
            r->is_inside = stella_sv_starts(text, field);
        r->row = is_continued ? text : stella_sv_skip(text, field.len);
        if (r->is_inside)
            return 1;
    }
    return 0;
}

/* "any.text ==1.2.5.0" */
static int read_constraint(stella_sv text, freeze_entry *out) {
    text = stella_sv_trim(text);
    const char *at = text.len ? memmem(text.ptr, text.len, "==", 2) : NULL;
    if (!at)
        return 0;
    stella_sv name = stella_sv_trim(stella_sv_of(text.ptr, (size_t)(at - text.ptr)));
    const stella_sv version = stella_sv_trim(stella_sv_skip(text, (size_t)(at - text.ptr) + 2));
    const size_t dot = stella_sv_rfind(name, '.'); /* "any.", "setup.": who it constrains */
    name = dot < name.len ? stella_sv_skip(name, dot + 1) : name;
    for (size_t i = 0; i < version.len; i++)
        if (!memchr("0123456789.", version.ptr[i], 11))
            return 0; /* a wildcard or several versions: a range */
    if (name.len == 0 || version.len == 0)
        return 0;
    out->name = name;
    out->version = version;
    return 1;
}

int freeze_next(freeze_reader *r, freeze_entry *out) {
    stella_sv constraint;
    while (r->row.ptr || next_row(r)) {
        if (!stella_sv_split(&r->row, ',', &constraint) || !read_constraint(constraint, out))
            continue;
        out->line = r->line;
        return 1;
    }
    return 0;
}
