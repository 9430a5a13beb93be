#include "diversions.h"

#include "interests.h"

#include <stella/cursor.h>

#include <stdlib.h>

static int compare(const void *x, const void *y) {
    const diversion *a = x, *b = y;
    const int order = stella_sv_cmp(a->from, b->from);
    return order ? order : (a->to.ptr > b->to.ptr) - (a->to.ptr < b->to.ptr); /* the order of the file */
}

static stella_sv relative(stella_sv path) {
    return stella_sv_skip(path, path.len && path.ptr[0] == '/' ? 1 : 0);
}

static uint32_t count_lines(stella_sv text) {
    uint32_t count = 0;
    stella_sv line;
    for (stella_cursor c = stella_cursor_of(text.ptr, text.len); stella_cursor_line(&c, &line);)
        count++;
    return count;
}

static void parse(stella_sv text, diversions *out) {
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv from, to, by;
    while (stella_cursor_line(&c, &from) && stella_cursor_line(&c, &to) && stella_cursor_line(&c, &by))
        out->items[out->count++] = (diversion){.from = relative(from), .to = relative(to), .by = by};
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, compare);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < out->count; i++)
        if (i + 1 == out->count || !stella_sv_eq(out->items[i].from, out->items[i + 1].from))
            out->items[kept++] = out->items[i];
    out->count = kept;
}

stella_status diversions_load(stella_analysis *job, diversions *out, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_files it = stella_files_of(INTEREST_DIVERSIONS);
    diversions d = {0};
    if (stella_files_next(job, &it, &file) && file.bytes.ptr) {
        const uint32_t lines = count_lines(file.bytes);
        d.items = stella_arena_alloc(job->arena, lines / 3, sizeof *d.items);
        if (!d.items)
            return stella_error_at(err, STELLA_E_NOMEM, file.path, "no memory for %u diversions", lines / 3);
        parse(file.bytes, &d);
        if (lines % 3)
            stella_note(job, STELLA_NOTE_ERROR, file.path, lines, STELLA_SV("the last diversion is not whole"));
    }
    *out = d;
    return STELLA_OK;
}

stella_sv diversions_apply(const diversions *d, stella_sv package, stella_sv path) {
    uint32_t low = 0, high = d->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const diversion *at = &d->items[middle];
        const int order = stella_sv_cmp(at->from, path);
        if (order == 0)
            return stella_sv_eq(at->by, package) ? path : at->to;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return path;
}
