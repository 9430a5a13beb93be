#include "diff_layers.h"

static int is_same(const diff_layer *a, const diff_layer *b) {
    if (a->diff_id.len && b->diff_id.len)
        return stella_sv_eq(a->diff_id, b->diff_id);
    return a->digest.len && stella_sv_eq(a->digest, b->digest);
}

/* In the order of both: a layer that stands twice (an empty one) is itself and not the other. */
static void match(const diff_side *old, const diff_side *new, diff_layers *layers) {
    for (uint32_t i = 0, from = 0; i < old->layer_count; i++) {
        uint32_t k = from;
        while (k < new->layer_count && !is_same(&old->layers[i], &new->layers[k]))
            k++;
        if (k == new->layer_count)
            continue;
        layers->old_there[i] = k;
        layers->new_there[k] = i;
        layers->shared += i == k && layers->shared == i;
        from = k + 1;
    }
}

static uint32_t *make_map(uint32_t count, stella_arena *arena) {
    uint32_t *map = stella_arena_alloc(arena, count, sizeof *map);
    for (uint32_t i = 0; map && i < count; i++)
        map[i] = DIFF_NONE;
    return map;
}

stella_status diff_layers_match(const diff_side *old, const diff_side *new, stella_arena *arena, diff_layers *out,
                                stella_error *err) {
    diff_layers made = {.old_there = make_map(old->layer_count, arena), .new_there = make_map(new->layer_count, arena)};
    if (!made.old_there || !made.new_there)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the layers");
    match(old, new, &made);
    *out = made;
    return STELLA_OK;
}

/* A layer that both have took nothing away in either. */
diff_removal diff_removal_of(uint32_t layer, const uint32_t *there, const uint32_t *back, uint32_t other_count) {
    diff_removal removal = {.fate = DIFF_FATE_UNKNOWN, .first = DIFF_NONE, .last = DIFF_NONE};
    if (layer == DIFF_NONE || !other_count)
        return removal;
    if (there[layer] == DIFF_NONE) {
        removal.fate = DIFF_FATE_DROPPED;
        return removal;
    }
    for (uint32_t i = there[layer] + 1; i < other_count; i++) {
        if (back[i] != DIFF_NONE)
            continue;
        removal.fate = DIFF_FATE_REMOVED;
        removal.first = removal.first == DIFF_NONE ? i : removal.first;
        removal.last = i;
    }
    return removal;
}

int diff_is_base_changed(const diff_side *old, const diff_side *new, const diff_layers *layers) {
    if (old->layer_count && new->layer_count && !layers->shared)
        return 1;
    return old->is_tree && new->is_tree &&
           !(stella_sv_eq(old->distro_id, new->distro_id) && stella_sv_eq(old->distro_version, new->distro_version));
}
