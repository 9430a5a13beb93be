#include "records.h"

#include <stella/analyzer.h>
#include <stella/auto.h>

#include <stdlib.h>

/* A record of any layer with the layers for which it held. */
typedef struct span {
    kept_record record; /* path is set when it holds to the end only */
    uint32_t end;       /* first layer in which its file is gone or another one */
} span;

typedef struct gathering {
    const view *view;
    const pack *pack;
    uint32_t layer;
    stella_sv plugin;
    stella_arena *arena;
    int notes_alone;
    chain files; /* kept_file */
    chain spans; /* span */
    chain *notes;
    uint32_t path_row; /* the row whose path and end are at hand: items of one file follow each other */
    uint32_t path_end;
    stella_sv path; /* in the arena when path_end is the count of layers */
} gathering;

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "the evidence of the layers exceeds the memory it may take");
}

/* Makes the path and the end of a row the ones at hand. */
static stella_status look_at_row(gathering *g, uint32_t row) {
    char buf[PATH_BYTES_MAX];
    if (row == g->path_row)
        return STELLA_OK;
    const stella_sv path = pack_path(g->pack, row, buf);
    g->path_end = view_end(g->view, path, g->layer);
    g->path = g->path_end == view_layer_count(g->view) ? stella_arena_dup(g->arena, path) : (stella_sv){0};
    g->path_row = row;
    return g->path.ptr || g->path_end != view_layer_count(g->view) ? STELLA_OK : STELLA_E_NOMEM;
}

static stella_status take_content(gathering *g, const pack_item *item) {
    if (g->path_end != view_layer_count(g->view))
        return STELLA_OK;
    kept_file *file = chain_add(&g->files, g->arena, sizeof *file);
    if (!file)
        return STELLA_E_NOMEM;
    *file = (kept_file){.entry = {.layer = g->layer, .row = item->row},
                        .path = g->path,
                        .interests = item->interests,
                        .bytes = item->bytes};
    return STELLA_OK;
}

static stella_status take_record(gathering *g, const pack_item *item) {
    span *s = chain_add(&g->spans, g->arena, sizeof *s);
    if (!s)
        return STELLA_E_NOMEM;
    *s = (span){.record = {.layer = g->layer,
                           .position = g->spans.count,
                           .interest = item->interests.len ? (unsigned char)item->interests.ptr[0] : 0,
                           .path = g->path,
                           .kind = item->kind,
                           .key = item->key,
                           .bytes = item->bytes},
                .end = g->path_end};
    return STELLA_OK;
}

static stella_status add_note(gathering *g, const stella_bom_error *note) {
    stella_bom_error *added = chain_add(g->notes, g->arena, sizeof *added);
    if (!added)
        return STELLA_E_NOMEM;
    *added = *note;
    return STELLA_OK;
}

static stella_status take_note(gathering *g, const pack_item *item) {
    const int is_of_row = item->row != PACK_NO_ROW;
    if (is_of_row && g->path_end != view_layer_count(g->view))
        return STELLA_OK;
    const stella_bom_error note = {
        .plugin = g->plugin,
        .code = item->code ? stella_sv_cstr(stella_status_name((stella_status)item->code)) : STELLA_SV("note"),
        .message = item->message,
        .path = is_of_row ? g->path : item->path,
        .line = item->line,
        .severity = item->severity == STELLA_NOTE_INFO ? STELLA_NOTE_INFO : STELLA_NOTE_ERROR,
        .layer = (int32_t)g->layer,
        .lost = item->severity == PACK_NOTE_LOST};
    return add_note(g, &note);
}

static stella_status take_item(gathering *g, const pack_item *item) {
    if (g->notes_alone && (item->what == PACK_CONTENT || item->what == PACK_RECORD))
        return STELLA_OK;
    if (item->row != PACK_NO_ROW) {
        const stella_status status = look_at_row(g, item->row);
        if (status != STELLA_OK)
            return status;
    }
    switch (item->what) {
    case PACK_CONTENT:
        return take_content(g, item);
    case PACK_RECORD:
        return take_record(g, item);
    default:
        return take_note(g, item);
    }
}

static stella_status take_segment(gathering *g, uint32_t position, stella_error *err) {
    pack_items it = pack_items_of(g->pack, position);
    pack_item item;
    g->path_row = PACK_NO_ROW;
    while (pack_items_next(&it, &item))
        if (take_item(g, &item) != STELLA_OK)
            return no_memory(err);
    if (!it.cursor.ok)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the evidence of layer %u is damaged", g->layer);
    return STELLA_OK;
}

static stella_status take_layer(gathering *g, stella_sv digest, stella_error *err) {
    uint32_t position;
    pack_segment segment;
    if (!g->pack || !pack_segment_find(g->pack, g->plugin, &position))
        return STELLA_OK;
    pack_segment_at(g->pack, position, &segment);
    if (stella_sv_eq(segment.digest, digest))
        return take_segment(g, position, err);
    const stella_bom_error note = {.plugin = g->plugin,
                                   .code = STELLA_SV("other-build"),
                                   .message = STELLA_SV("the layer was read by another build of this plugin"),
                                   .severity = STELLA_NOTE_ERROR,
                                   .layer = (int32_t)g->layer};
    return add_note(g, &note) == STELLA_OK ? STELLA_OK : no_memory(err);
}

/* ---- order and history --------------------------------------------------------------------------------------------
 */

static int by_key(const void *left, const void *right) {
    const span *a = left, *b = right;
    int order = stella_sv_cmp(a->record.kind, b->record.kind);
    if (!order)
        order = stella_sv_cmp(a->record.key, b->record.key);
    return order ? order : (a->record.position > b->record.position) - (a->record.position < b->record.position);
}

static int same_key(const span *a, const span *b) {
    return stella_sv_eq(a->record.kind, b->record.kind) && stella_sv_eq(a->record.key, b->record.key);
}

/* The spans of one kind and key, by layer: those that reach the end belong to its last run.
 * layers  room for one of each layer */
static stella_status set_run(span *spans, size_t count, uint32_t *layers, layer_sets *sets) {
    uint32_t held = 0, end = spans[0].end, run;
    for (size_t i = 0; i < count; i++) {
        const uint32_t layer = spans[i].record.layer;
        if (layer > end)
            held = 0;
        if (spans[i].end > end || layer > end)
            end = spans[i].end;
        if (!held || layers[held - 1] != layer)
            layers[held++] = layer;
    }
    if (layer_sets_add(sets, layers, held, &run) != STELLA_OK)
        return STELLA_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        spans[i].record.run = run;
    return STELLA_OK;
}

static stella_status set_runs(span *spans, uint32_t count, uint32_t layer_count, layer_sets *sets) {
    STELLA_AUTO(stella_freep) uint32_t *layers = calloc(layer_count + 1u, sizeof *layers);
    stella_status status = layers ? STELLA_OK : STELLA_E_NOMEM;
    for (uint32_t first = 0, next; first < count && status == STELLA_OK; first = next) {
        for (next = first + 1; next < count && same_key(&spans[first], &spans[next]);)
            next++;
        status = set_run(spans + first, next - first, layers, sets);
    }
    return status;
}

static int file_by_path(const void *left, const void *right) {
    return stella_sv_cmp(((const kept_file *)left)->path, ((const kept_file *)right)->path);
}

static int record_by_path(const void *left, const void *right) {
    const kept_record *a = left, *b = right;
    const int order = stella_sv_cmp(a->path, b->path);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static stella_status settle_records(const gathering *g, layer_sets *sets, records *out, stella_error *err) {
    const uint32_t count = g->spans.count;
    STELLA_AUTO(stella_freep) span *spans = calloc(count + 1u, sizeof *spans);
    kept_record *final = stella_arena_alloc(g->arena, count, sizeof *final);
    if (!spans || !final)
        return no_memory(err);
    uint32_t at = 0, kept = 0;
    for (const span *s = chain_first(&g->spans); s; s = chain_next(s))
        spans[at++] = *s;
    if (count)
        qsort(spans, count, sizeof *spans, by_key);
    if (set_runs(spans, count, view_layer_count(g->view), sets) != STELLA_OK)
        return no_memory(err);
    for (uint32_t i = 0; i < count; i++)
        if (spans[i].end == view_layer_count(g->view))
            final[kept++] = spans[i].record;
    if (kept)
        qsort(final, kept, sizeof *final, record_by_path);
    out->records = final;
    out->record_count = kept;
    return STELLA_OK;
}

static stella_status settle_files(const gathering *g, records *out, stella_error *err) {
    out->files = chain_array(&g->files, g->arena, sizeof *out->files);
    out->file_count = g->files.count;
    if (!out->files)
        return no_memory(err);
    if (out->file_count)
        qsort(out->files, out->file_count, sizeof *out->files, file_by_path);
    return STELLA_OK;
}

static stella_status take_layers(gathering *g, const pack *const *packs, stella_sv digest, stella_error *err) {
    stella_status status = STELLA_OK;
    for (g->layer = 0; g->layer < view_layer_count(g->view) && status == STELLA_OK; g->layer++) {
        g->pack = packs[g->layer];
        status = take_layer(g, digest, err);
    }
    return status;
}

stella_status records_notes(const view *v, const pack *const *packs, stella_sv plugin, stella_sv digest,
                            stella_arena *arena, chain *notes, stella_error *err) {
    gathering g = {.view = v, .plugin = plugin, .arena = arena, .notes = notes, .notes_alone = 1};
    return take_layers(&g, packs, digest, err);
}

stella_status records_collect(const view *v, const pack *const *packs, stella_sv plugin, stella_sv digest,
                              stella_arena *arena, chain *notes, layer_sets *sets, records *out, stella_error *err) {
    gathering g = {.view = v, .plugin = plugin, .arena = arena, .notes = notes};
    stella_status status = take_layers(&g, packs, digest, err);
    records made = {0};
    if (status == STELLA_OK)
        status = settle_files(&g, &made, err);
    if (status == STELLA_OK)
        status = settle_records(&g, sets, &made, err);
    if (status == STELLA_OK)
        *out = made;
    return status;
}
