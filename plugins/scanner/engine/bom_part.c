#include "bom_part.h"

#include "graph.h"

#include <stella/auto.h>

#include <stdlib.h>

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a part of the result");
}

stella_status bom_part_relations(const stella_bom *whole, uint32_t nodes, const uint32_t *moved, stella_arena *arena,
                                 stella_list *out, stella_error *err) {
    STELLA_AUTO(stella_freep)
    stella_bom_relation *edges = malloc(((size_t)whole->relations.count + 1) * sizeof *edges);
    uint32_t count = 0;
    for (uint32_t i = 0; edges && i < whole->relations.count; i++) {
        const stella_bom_relation *r = STELLA_AT(whole->relations, stella_bom_relation, i);
        if (r->from == STELLA_BOM_ROOT || moved[r->from] == BOM_PART_OUT || moved[r->to] == BOM_PART_OUT)
            continue;
        edges[count] = *r;
        edges[count].from = moved[r->from];
        edges[count++].to = moved[r->to];
    }
    return edges ? graph_build(nodes, edges, count, arena, out, err) : no_memory(err);
}

stella_status bom_part(const stella_bom *whole, const unsigned char *stays, stella_arena *arena, stella_bom *out,
                       stella_error *err) {
    const uint32_t total = whole->components.count;
    STELLA_AUTO(stella_freep) uint32_t *moved = malloc(((size_t)total + 1) * sizeof *moved);
    stella_bom_component *kept = stella_arena_alloc(arena, total, sizeof *kept);
    uint32_t count = 0;
    stella_bom made = *whole;
    if (!moved || !kept)
        return no_memory(err);
    for (uint32_t i = 0; i < total; i++) {
        moved[i] = stays[i] ? count : BOM_PART_OUT;
        if (stays[i])
            kept[count++] = *STELLA_AT(whole->components, stella_bom_component, i);
    }
    made.components = (stella_list){.items = kept, .count = count, .stride = sizeof *kept};
    const stella_status status = bom_part_relations(whole, count, moved, arena, &made.relations, err);
    if (status == STELLA_OK)
        *out = made;
    return status;
}
