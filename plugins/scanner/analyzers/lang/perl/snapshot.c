#include "snapshot.h"

#include "meta.h"

#include "common/entry.h"

#include <stella/cursor.h>

typedef struct reading {
    graph *g;
    const stella_file *file;
    stella_component *c; /* NULL: none, or one that was refused */
    stella_sv list;      /* "provides:" or "requirements:" */
} reading;

static void begin_distribution(reading *r, stella_sv text, uint32_t line) {
    stella_sv name, version;
    meta_split(text, &name, &version);
    const entry e = {.type = STELLA_SV("cpan"),
                     .name = name,
                     .version = version,
                     .line = line,
                     .flags = STELLA_COMPONENT_DECLARED,
                     .method = "lockfile"};
    r->list = stella_sv_of(NULL, 0);
    r->c = entry_add(r->g->job, r->file, &e);
}

static stella_status read_member(reading *r, size_t indent, stella_sv text, stella_error *err) {
    const stella_sv pathname = STELLA_SV("pathname: ");
    if (!r->c)
        return STELLA_OK;
    if (indent == 4) {
        if (stella_sv_starts(text, pathname))
            stella_component_qualifier(r->c, STELLA_SV("author"), meta_author(stella_sv_skip(text, pathname.len)));
        r->list = text;
        return STELLA_OK;
    }
    const stella_sv module = stella_sv_first(text, stella_sv_find(text, ' '));
    if (stella_sv_eq(r->list, STELLA_SV("provides:")))
        return graph_name(r->g, r->file->path, module, r->c, err);
    if (stella_sv_eq(r->list, STELLA_SV("requirements:")))
        return graph_needs(r->g, r->c, r->file->path, module, 0, err);
    return STELLA_OK;
}

stella_status snapshot_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    reading r = {.g = g, .file = file};
    stella_cursor c = stella_cursor_of(file->bytes.ptr, file->bytes.len);
    stella_status status = STELLA_OK;
    stella_sv line;
    (void)scratch;
    if (!stella_sv_starts(file->bytes, STELLA_SV("# carton snapshot format: version 1.")))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the first line is none of a snapshot of Carton, format 1");
    for (uint32_t number = 1; status == STELLA_OK && stella_cursor_line(&c, &line); number++) {
        size_t indent = 0;
        while (indent < line.len && line.ptr[indent] == ' ')
            indent++;
        const stella_sv text = stella_sv_trim(line);
        if (indent == 2 && text.len)
            begin_distribution(&r, text, number);
        else if (indent >= 4 && text.len)
            status = read_member(&r, indent, text, err);
    }
    return status;
}
