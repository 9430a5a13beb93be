#include "walk.h"

#include "inside.h"

#include <stella/auto.h>

static stella_status read_one(graph *g, const stella_file *file, stella_arena *scratch, walk_read read,
                              stella_error *err) {
    stella_error why = {0};
    const stella_status status = read(g, file, scratch, &why);
    if (status == STELLA_E_FORMAT || status == STELLA_E_LIMIT) {
        stella_note(g->job, STELLA_NOTE_ERROR, file->path, 0, stella_sv_cstr(why.message));
        return STELLA_OK;
    }
    if (status != STELLA_OK && err)
        *err = why;
    return status;
}

int walk_next(stella_analysis *job, stella_files *it, int is_lock, stella_file *out, stella_status *status,
              stella_error *err) {
    while (*status == STELLA_OK && (is_lock ? inside_skip_next(job, it, out) : stella_files_next(job, it, out))) {
        if (stella_cancelled(job))
            *status = stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        else if (out->bytes.ptr) /* else the host has said why */
            return 1;
    }
    return 0;
}

static stella_status walk(graph *g, uint32_t interest, int is_lock, walk_read read, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create(WALK_SCRATCH_MAX);
    if (!scratch)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read files");
    stella_file file = STELLA_FILE_INIT;
    stella_files it = stella_files_of(interest);
    stella_status status = STELLA_OK;
    while (walk_next(g->job, &it, is_lock, &file, &status, err)) {
        status = read_one(g, &file, scratch, read, err);
        stella_arena_reset(scratch);
    }
    return status;
}

stella_status walk_files(graph *g, uint32_t interest, walk_read read, stella_error *err) {
    return walk(g, interest, 0, read, err);
}

stella_status walk_locks(graph *g, uint32_t interest, walk_read read, stella_error *err) {
    return walk(g, interest, 1, read, err);
}

stella_status walk_tree(const stella_file *file, walk_parse parse, stella_arena *scratch, const stella_json **out,
                        stella_error *err) {
    const stella_sv mark = STELLA_SV("\xef\xbb\xbf");
    const stella_sv text = stella_sv_starts(file->bytes, mark) ? stella_sv_skip(file->bytes, mark.len) : file->bytes;
    const stella_status status = parse(text, scratch, out, err);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the document has too many values to be read");
    return status;
}

stella_status walk_json(const stella_file *file, stella_arena *scratch, const stella_json **out, stella_error *err) {
    return walk_tree(file, stella_json_parse, scratch, out, err);
}
