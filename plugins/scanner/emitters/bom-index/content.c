#include "content.h"

#include <stdlib.h>

#define US_PER_MS INT64_C(1000)

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an index");
}

/* ---- texts, which must be UTF-8 */

static stella_sv replaced(stella_sv text, stella_arena *arena) {
    static const char mark[] = {'\xef', '\xbf', '\xbd'};
    char *out = stella_arena_alloc(arena, text.len, sizeof mark);
    size_t len = 0;
    while (out && text.len) {
        const size_t good = stella_sv_utf8_prefix(text);
        memcpy(out + len, text.ptr, good);
        len += good;
        if (good < text.len) {
            memcpy(out + len, mark, sizeof mark);
            len += sizeof mark;
        }
        text = stella_sv_skip(text, good + 1);
    }
    return stella_sv_of(out, len);
}

/* ptr is NULL when the memory is used up. */
static stella_sv proper(stella_sv text, stella_arena *arena) {
    if (text.len == 0)
        return STELLA_SV("");
    return stella_sv_utf8_prefix(text) == text.len ? text : replaced(text, arena);
}

/* ---- tables */

static stella_status make_layers(const stella_bom *bom, stella_arena *arena, bom_index_content *out,
                                 stella_error *err) {
    stella_sv *table = stella_arena_alloc(arena, bom->layers.count, sizeof *table);
    for (uint32_t i = 0; table && i < bom->layers.count; i++) {
        const stella_bom_layer *layer = STELLA_AT(bom->layers, stella_bom_layer, i);
        table[i] = proper(layer->digest.len ? layer->digest : layer->diff_id, arena);
        if (!table[i].ptr)
            return no_memory(err);
    }
    out->layers = table;
    out->layer_count = bom->layers.count;
    return table ? STELLA_OK : no_memory(err);
}

/* A text that is to be sorted, and where it was. */
typedef struct named {
    stella_sv text;
    uint32_t from;
} named;

static int by_text(const void *left, const void *right) {
    const named *a = left, *b = right;
    const int order = stella_sv_cmp(a->text, b->text);
    return order ? order : (a->from > b->from) - (a->from < b->from);
}

/* moved: of each entrypoint of the result its place in the table. In a result they are ordered and unique, but for what
 * became the same when it was made UTF-8. */
static stella_status make_entrypoints(const stella_bom *bom, stella_arena *arena, uint32_t **moved,
                                      bom_index_content *out, stella_error *err) {
    const uint32_t count = bom->entrypoints.count;
    named *all = stella_arena_alloc(arena, count, sizeof *all);
    stella_sv *table = stella_arena_alloc(arena, count, sizeof *table);
    *moved = stella_arena_alloc(arena, count, sizeof **moved);
    if (!all || !table || !*moved)
        return no_memory(err);
    for (uint32_t i = 0; i < count; i++) {
        const stella_sv launcher = STELLA_AT(bom->entrypoints, stella_bom_entrypoint, i)->launcher;
        all[i] = (named){.text = proper(launcher, arena), .from = i};
        if (!all[i].text.ptr)
            return no_memory(err);
    }
    if (count)
        qsort(all, count, sizeof *all, by_text);
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || !stella_sv_eq(all[i - 1].text, all[i].text))
            table[used++] = all[i].text;
        (*moved)[all[i].from] = used - 1;
    }
    out->entrypoints = table;
    out->entrypoint_count = used;
    return STELLA_OK;
}

static stella_status order_components(const stella_bom *bom, stella_arena *arena, named **out, stella_error *err) {
    const uint32_t count = bom->components.count;
    named *all = stella_arena_alloc(arena, count, sizeof *all);
    if (!all)
        return no_memory(err);
    for (uint32_t i = 0; i < count; i++) {
        const stella_bom_component *c = STELLA_AT(bom->components, stella_bom_component, i);
        all[i] = (named){.text = proper(c->purl.len ? c->purl : c->ref, arena), .from = i};
        if (!all[i].text.ptr)
            return no_memory(err);
    }
    if (count)
        qsort(all, count, sizeof *all, by_text);
    *out = all;
    return STELLA_OK;
}

/* ---- sets */

static int by_value(const void *left, const void *right) {
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Which list of a component, and what becomes of its values. */
typedef struct kind_of_set {
    stella_list (*list)(const stella_bom_component *c);
    const uint32_t *moved; /* NULL: they stay */
    uint32_t bound;        /* values from here on are of nothing in the table */
} kind_of_set;

static stella_list layers_of(const stella_bom_component *c) {
    return c->layers;
}

static stella_list entrypoints_of(const stella_bom_component *c) {
    return c->entrypoints;
}

/* The union of the lists of count components that are one entry. */
static const uint32_t *make_set(const stella_bom *bom, const named *same, uint32_t count, const kind_of_set *kind,
                                stella_arena *arena, uint32_t *set_count) {
    uint64_t most = 0;
    uint32_t used = 0, kept = 0;
    for (uint32_t i = 0; i < count; i++)
        most += kind->list(STELLA_AT(bom->components, stella_bom_component, same[i].from)).count;
    uint32_t *set = stella_arena_alloc(arena, most, sizeof *set);
    for (uint32_t i = 0; set && i < count; i++) {
        const stella_list list = kind->list(STELLA_AT(bom->components, stella_bom_component, same[i].from));
        for (uint32_t k = 0; k < list.count; k++) {
            const uint32_t value = *STELLA_AT(list, uint32_t, k);
            if (value < kind->bound)
                set[used++] = kind->moved ? kind->moved[value] : value;
        }
    }
    if (used > 1)
        qsort(set, used, sizeof *set, by_value);
    for (uint32_t i = 0; i < used; i++)
        if (i == 0 || set[i] != set[i - 1])
            set[kept++] = set[i];
    *set_count = kept;
    return set;
}

static uint32_t count_same(const named *all, uint32_t left) {
    uint32_t count = 1;
    while (count < left && stella_sv_eq(all[0].text, all[count].text))
        count++;
    return count;
}

static stella_status make_components(const stella_bom *bom, const uint32_t *moved, stella_arena *arena,
                                     bom_index_content *out, stella_error *err) {
    const kind_of_set in_layers = {.list = layers_of, .bound = bom->layers.count};
    const kind_of_set reached = {.list = entrypoints_of, .moved = moved, .bound = bom->entrypoints.count};
    named *all = NULL;
    const stella_status status = order_components(bom, arena, &all, err);
    if (status != STELLA_OK)
        return status;
    bom_index_component *table = stella_arena_alloc(arena, bom->components.count, sizeof *table);
    uint32_t used = 0;
    for (uint32_t i = 0, same; table && i < bom->components.count; i += same) {
        bom_index_component *entry = &table[used++];
        same = count_same(all + i, bom->components.count - i);
        entry->identity = all[i].text;
        entry->layers = make_set(bom, all + i, same, &in_layers, arena, &entry->layer_count);
        entry->entrypoints = make_set(bom, all + i, same, &reached, arena, &entry->entrypoint_count);
        if (!entry->layers || !entry->entrypoints)
            return no_memory(err);
    }
    out->components = table;
    out->component_count = used;
    return table ? STELLA_OK : no_memory(err);
}

/* -1 stands for a result without a time. */
static int64_t microseconds(int64_t ms) {
    if (ms == -1)
        return 0;
    return ms > INT64_MAX / US_PER_MS   ? INT64_MAX / US_PER_MS * US_PER_MS
           : ms < INT64_MIN / US_PER_MS ? INT64_MIN / US_PER_MS * US_PER_MS
                                        : ms * US_PER_MS;
}

stella_status content_of(const stella_bom *bom, stella_arena *arena, bom_index_content *out, stella_error *err) {
    uint32_t *moved = NULL;
    bom_index_content content = {.image_digest = proper(bom->subject_digest, arena),
                                 .generated_us = microseconds(bom->created_ms)};
    if (!content.image_digest.ptr)
        return no_memory(err);
    stella_status status = make_layers(bom, arena, &content, err);
    if (status == STELLA_OK)
        status = make_entrypoints(bom, arena, &moved, &content, err);
    if (status == STELLA_OK)
        status = make_components(bom, moved, arena, &content, err);
    if (status == STELLA_OK)
        *out = content;
    return status;
}
