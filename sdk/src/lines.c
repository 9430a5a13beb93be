#include <stella/lines.h>

void stella_lines_init(stella_lines *lines, stella_probe *probe, uint64_t max) {
    *lines = (stella_lines){
        .probe = probe,
        .carry = stella_buf_of(max < SIZE_MAX ? (size_t)max + 1 : SIZE_MAX) /* and a \r */,
        .max = max,
    };
}

void stella_lines_fini(stella_lines *lines) {
    stella_buf_fini(&lines->carry);
}

/* The result must not depend on where the pieces meet: a line that fits but for its carriage return is whole. */
static stella_sv finish(stella_lines *lines, stella_sv line) {
    if (line.len && !lines->is_cut && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (line.len > lines->max) {
        line.len = (size_t)lines->max;
        lines->is_cut = 1;
    }
    lines->number++;
    return line.ptr ? line : STELLA_SV("");
}

/* Keeps what fits of a piece of a line that goes on in the next chunk. */
static stella_status carry(stella_lines *lines, stella_sv piece, stella_error *err) {
    const size_t room = lines->carry.max - lines->carry.len;
    if (piece.len > room)
        lines->is_cut = 1;
    if (stella_buf_add(&lines->carry, stella_sv_first(piece, room)) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for line %u", lines->number + 1);
    return STELLA_OK;
}

stella_status stella_lines_next(stella_lines *lines, stella_sv *line, stella_error *err) {
    int has_begun = 0;
    lines->carry.len = 0;
    lines->is_cut = 0;
    for (;;) {
        if (lines->chunk.len == 0) {
            const stella_status status = stella_probe_read(lines->probe, &lines->chunk, err);
            if (status != STELLA_OK)
                return status;
        }
        if (lines->chunk.len == 0) { /* the end of the file */
            *line = has_begun ? finish(lines, stella_buf_sv(&lines->carry)) : stella_sv_of(NULL, 0);
            return STELLA_OK;
        }
        const size_t at = stella_sv_find(lines->chunk, '\n');
        const stella_sv piece = stella_sv_first(lines->chunk, at);
        const int is_whole = at < lines->chunk.len;
        lines->chunk = stella_sv_skip(lines->chunk, at + (size_t)is_whole);
        if (is_whole && !has_begun) {
            *line = finish(lines, piece);
            return STELLA_OK;
        }
        const stella_status status = carry(lines, piece, err);
        if (status != STELLA_OK)
            return status;
        has_begun = 1;
        if (is_whole) {
            *line = finish(lines, stella_buf_sv(&lines->carry));
            return STELLA_OK;
        }
    }
}
