/* BOM-Index: what is opened is written again byte by byte, and each set is within its table. */
#include "bom_index/bom_index.h"

#include <stella/arena.h>
#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The set's values, of which there are as many as it says. */
static const uint32_t *values_of(const roaring *set, uint32_t bound, stella_arena *arena) {
    uint32_t *values = stella_arena_alloc(arena, set->count, sizeof *values);
    uint32_t first, last, count = 0;
    for (roaring_walk walk = roaring_begin(set); values && roaring_next(&walk, &first, &last);) {
        assert(first <= last && last < bound);
        for (uint32_t value = first; value <= last; value++)
            values[count++] = value;
    }
    assert(!values || count == set->count);
    return values;
}

static const stella_sv *texts_of(bom_index_texts texts, uint32_t count, stella_arena *arena) {
    stella_sv *all = stella_arena_alloc(arena, count, sizeof *all), text;
    uint32_t found = 0;
    while (all && bom_index_text_next(&texts, &text)) {
        assert(found < count);
        all[found++] = text;
    }
    assert(!all || found == count);
    return all;
}

/* Returns 0 when the memory is used up: a few bytes stand for thousands of values. */
static int content_of(const bom_index *index, stella_arena *arena, bom_index_content *out) {
    bom_index_component *components = stella_arena_alloc(arena, index->component_count, sizeof *components);
    bom_index_row row;
    uint32_t i = 0;
    for (bom_index_rows rows = bom_index_begin(index); components && bom_index_row_next(&rows, &row); i++) {
        assert(i < index->component_count);
        components[i] = (bom_index_component){
            .identity = row.identity,
            .layers = values_of(&row.layers, index->layer_count, arena),
            .layer_count = (uint32_t)row.layers.count,
            .entrypoints = values_of(&row.entrypoints, index->entrypoint_count, arena),
            .entrypoint_count = (uint32_t)row.entrypoints.count,
        };
        if (!components[i].layers || !components[i].entrypoints)
            return 0;
    }
    assert(!components || i == index->component_count);
    *out = (bom_index_content){
        .image_digest = index->image_digest,
        .generated_us = index->generated_us,
        .layers = texts_of(bom_index_layers(index), index->layer_count, arena),
        .layer_count = index->layer_count,
        .entrypoints = texts_of(bom_index_entrypoints(index), index->entrypoint_count, arena),
        .entrypoint_count = index->entrypoint_count,
        .components = components,
        .component_count = index->component_count,
    };
    return components && out->layers && out->entrypoints;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)64 << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf again = stella_buf_of(size);
    const stella_sink sink = stella_buf_sink(&again);
    bom_index index = {0};
    bom_index_content content;
    if (!arena || bom_index_open(stella_sv_of((const char *)data, size), &index, NULL) != STELLA_OK ||
        !content_of(&index, arena, &content))
        return 0;
    assert(bom_index_write(&content, &sink, NULL) == STELLA_OK);
    assert(again.len == size && memcmp(again.ptr, data, size) == 0);
    return 0;
}
