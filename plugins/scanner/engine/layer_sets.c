#include "layer_sets.h"

#include <string.h>

#define FIRST_ROOM 64

static uint32_t hash_of(const uint32_t *layers, uint32_t count) {
    uint64_t hash = count;
    for (uint32_t i = 0; i < count; i++) {
        hash = (hash ^ layers[i]) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

static int is_same(const layer_set *set, const uint32_t *layers, uint32_t count) {
    return set->count == count && memcmp(set->layers, layers, count * sizeof *layers) == 0;
}

static uint32_t *slot_of(const layer_sets *all, const uint32_t *layers, uint32_t count) {
    const uint32_t mask = 2 * all->room - 1;
    uint32_t i = hash_of(layers, count) & mask;
    while (all->slots[i] && !is_same(all->sets[all->slots[i] - 1], layers, count))
        i = (i + 1) & mask;
    return &all->slots[i];
}

static stella_status grow(layer_sets *all) {
    const uint32_t room = all->room ? 2 * all->room : FIRST_ROOM;
    const layer_set **sets = room <= UINT32_MAX / 4 ? stella_arena_alloc(all->arena, room, sizeof(layer_set *)) : NULL;
    uint32_t *slots = sets ? stella_arena_alloc(all->arena, 2 * room, sizeof *slots) : NULL;
    if (!slots)
        return STELLA_E_NOMEM;
    if (all->count)
        memcpy(sets, all->sets, all->count * sizeof(layer_set *));
    all->sets = sets;
    all->slots = slots;
    all->room = room;
    for (uint32_t i = 0; i < all->count; i++)
        *slot_of(all, sets[i]->layers, sets[i]->count) = i + 1;
    return STELLA_OK;
}

stella_status layer_sets_add(layer_sets *all, const uint32_t *layers, uint32_t count, uint32_t *index) {
    if (all->count == all->room && grow(all) != STELLA_OK)
        return STELLA_E_NOMEM;
    uint32_t *slot = slot_of(all, layers, count);
    if (!*slot) {
        layer_set *set = stella_arena_alloc(all->arena, 1, sizeof *set + count * sizeof *layers);
        if (!set)
            return STELLA_E_NOMEM;
        set->count = count;
        memcpy(set->layers, layers, count * sizeof *layers);
        all->sets[all->count] = set;
        *slot = ++all->count;
    }
    *index = *slot - 1;
    return STELLA_OK;
}

const layer_set *layer_sets_at(const layer_sets *all, uint32_t index) {
    return all->sets[index];
}
