#include "bom_fragment.h"

#include "bom_part.h"

#include <stella/auto.h>

#include <stdlib.h>

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a layer's part of the result");
}

static int take_evidence(const stella_list *all, uint32_t layer, stella_arena *arena, stella_list *out) {
    stella_bom_evidence *kept = stella_arena_alloc(arena, all->count, sizeof *kept);
    for (uint32_t i = 0; kept && i < all->count; i++) {
        kept[i] = *STELLA_AT(*all, stella_bom_evidence, i);
        kept[i].layer = kept[i].layer == layer ? 0 : STELLA_BOM_NO_LAYER;
    }
    *out = (stella_list){.items = kept, .count = all->count, .stride = sizeof *kept};
    return kept != NULL;
}

/* moved: of each of whole's components its index in the fragment, or BOM_PART_OUT. */
static int take_components(const stella_bom *whole, uint32_t layer, stella_arena *arena, uint32_t *moved,
                           stella_list *out) {
    static const uint32_t only[] = {0};
    uint32_t count = 0;
    for (uint32_t i = 0; i < whole->components.count; i++)
        moved[i] = STELLA_AT(whole->components, stella_bom_component, i)->introduced == layer ? count++ : BOM_PART_OUT;
    stella_bom_component *kept = stella_arena_alloc(arena, count, sizeof *kept);
    if (!kept)
        return 0;
    for (uint32_t i = 0; i < whole->components.count; i++) {
        if (moved[i] == BOM_PART_OUT)
            continue;
        stella_bom_component *c = &kept[moved[i]];
        *c = *STELLA_AT(whole->components, stella_bom_component, i);
        c->introduced = 0;
        c->layers = (stella_list){.items = only, .count = 1, .stride = sizeof only[0]};
        if (!take_evidence(&c->evidence, layer, arena, &c->evidence))
            return 0;
    }
    *out = (stella_list){.items = kept, .count = count, .stride = sizeof *kept};
    return 1;
}

static int take_errors(const stella_bom *whole, uint32_t layer, stella_arena *arena, stella_list *out) {
    stella_bom_error *kept = stella_arena_alloc(arena, whole->errors.count, sizeof *kept);
    uint32_t count = 0;
    for (uint32_t i = 0; kept && i < whole->errors.count; i++) {
        const stella_bom_error *e = STELLA_AT(whole->errors, stella_bom_error, i);
        if (e->layer != (int32_t)layer && !(e->layer < 0 && e->lost))
            continue;
        kept[count] = *e;
        kept[count++].layer = e->layer < 0 ? -1 : 0;
    }
    *out = (stella_list){.items = kept, .count = count, .stride = sizeof *kept};
    return kept != NULL;
}

/* The counters of the whole say nothing of one layer. */
static int count_layer(const stella_bom_layer *layer, stella_arena *arena, stella_list *out) {
    stella_bom_pair *pair = stella_arena_alloc(arena, 1, sizeof *pair);
    if (!pair)
        return 0;
    pair->name = STELLA_SV("entries");
    pair->value = stella_arena_printf(arena, "%llu", (unsigned long long)layer->entries);
    *out = (stella_list){.items = pair, .count = 1, .stride = sizeof *pair};
    return pair->value.ptr != NULL;
}

stella_status bom_fragment(const stella_bom *whole, uint32_t layer, stella_arena *arena, stella_bom *out,
                           stella_error *err) {
    STELLA_AUTO(stella_freep) uint32_t *moved = calloc((size_t)whole->components.count + 1, sizeof *moved);
    const stella_bom_layer *facts = STELLA_AT(whole->layers, stella_bom_layer, layer);
    stella_bom made = *whole;
    made.subject_kind = STELLA_SV("layer");
    made.subject_digest = facts->digest.len ? facts->digest : facts->diff_id;
    made.subject_config_digest = STELLA_SV("");
    made.layers = (stella_list){.items = facts, .count = 1, .stride = whole->layers.stride};
    if (!moved || !take_components(whole, layer, arena, moved, &made.components) ||
        !take_errors(whole, layer, arena, &made.errors) || !count_layer(facts, arena, &made.counters))
        return no_memory(err);
    const stella_status status = bom_part_relations(whole, made.components.count, moved, arena, &made.relations, err);
    if (status == STELLA_OK)
        *out = made;
    return status;
}
