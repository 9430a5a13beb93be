#include "ways.h"

/* Relations are ordered by from: where those of each component begin; the last entry is the subject's. */
static uint32_t *index_relations(const stella_bom *bom, stella_arena *arena) {
    const uint32_t count = bom->components.count;
    uint32_t *first = stella_arena_alloc(arena, (uint64_t)count + 2, sizeof *first);
    uint32_t at = 0;
    for (uint32_t from = 0; first && from <= count; from++) {
        first[from] = at;
        const uint32_t wanted = from == count ? STELLA_BOM_ROOT : from;
        while (at < bom->relations.count && STELLA_AT(bom->relations, stella_bom_relation, at)->from == wanted)
            at++;
    }
    if (first)
        first[count + 1] = at;
    return first;
}

static void spread(const ways *w, const uint32_t *first, uint32_t *queue) {
    const uint32_t count = w->bom->components.count;
    uint32_t head = 0, tail = 0;
    queue[tail++] = count; /* the subject */
    while (head < tail) {
        const uint32_t from = queue[head++];
        const uint32_t distance = from == count ? 0 : w->distance[from];
        for (uint32_t i = first[from]; i < first[from + 1]; i++) {
            const uint32_t to = STELLA_AT(w->bom->relations, stella_bom_relation, i)->to;
            if (to >= count || w->distance[to] != WAYS_FAR)
                continue;
            w->distance[to] = distance + 1;
            w->before[to] = from == count ? STELLA_BOM_ROOT : from;
            queue[tail++] = to;
        }
    }
}

stella_status ways_find(const stella_bom *bom, stella_arena *arena, ways *out, stella_error *err) {
    const uint32_t count = bom->components.count;
    const uint32_t *first = index_relations(bom, arena);
    uint32_t *queue = stella_arena_alloc(arena, (uint64_t)count + 1, sizeof *queue);
    ways made = {.bom = bom,
                 .distance = stella_arena_alloc(arena, count, sizeof *made.distance),
                 .before = stella_arena_alloc(arena, count, sizeof *made.before)};
    if (!first || !queue || !made.distance || !made.before)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the relations");
    for (uint32_t i = 0; i < count; i++)
        made.distance[i] = made.before[i] = WAYS_FAR;
    spread(&made, first, queue);
    *out = made;
    return STELLA_OK;
}
