#include "usage_requires.h"

#include <stella/auto.h>

#include <stdlib.h>

typedef struct edge {
    uint32_t from, to;
    const finding *asker, *asked;
} edge;

static int is_followed(const finding_relation *r) {
    return r->kind == STELLA_RELATION_DEPENDS_ON && !(r->flags & STELLA_RELATION_DEV);
}

static uint32_t count_edges(const stages *all) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < all->count; i++)
        if (all->items[i]->phase == STELLA_PHASE_APPLICATIONS)
            count += all->items[i]->relations.count;
    return count;
}

static uint32_t list_edges(const stages *all, edge *edges) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->items[i]->phase != STELLA_PHASE_APPLICATIONS)
            continue;
        const finding_relation *r = chain_first(&all->items[i]->relations);
        for (; r; r = chain_next(r))
            if (is_followed(r))
                edges[count++] = (edge){.from = r->from->merged, .to = r->to->merged, .asker = r->from, .asked = r->to};
    }
    return count;
}

static int by_ends(const void *left, const void *right) {
    const edge *a = left, *b = right;
    const int order = (a->from > b->from) - (a->from < b->from);
    return order ? order : (a->to > b->to) - (a->to < b->to);
}

static uint32_t first_of(const edge *edges, uint32_t count, uint32_t from) {
    uint32_t low = 0, high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (edges[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A component is looked at again whenever one more entrypoint reaches it. */
static int spread(const edge *edges, uint32_t count, uint64_t *reaching, uint32_t *queue, unsigned char *is_queued,
                  uint32_t components, usage_requires_told told, void *self) {
    uint32_t first = 0, waiting = 0;
    for (uint32_t i = 0; i < components; i++)
        if (reaching[i]) {
            queue[waiting++] = i;
            is_queued[i] = 1;
        }
    while (waiting) {
        const uint32_t from = queue[first];
        first = first + 1 == components ? 0 : first + 1;
        waiting--;
        is_queued[from] = 0;
        for (uint32_t i = first_of(edges, count, from); i < count && edges[i].from == from; i++) {
            const uint32_t to = edges[i].to;
            const uint64_t more = reaching[from] & ~reaching[to];
            if (!more)
                continue;
            reaching[to] |= more;
            if (!told(self, to, more, edges[i].asked, edges[i].asker))
                return 0;
            if (!is_queued[to])
                queue[(first + waiting++) % components] = to;
            is_queued[to] = 1;
        }
    }
    return 1;
}

stella_status usage_requires(const stages *all, uint64_t *reaching, uint32_t components, usage_requires_told told,
                             void *self) {
    const uint32_t room = count_edges(all);
    if (!room || !components)
        return STELLA_OK;
    STELLA_AUTO(stella_freep) edge *edges = malloc(room * sizeof *edges);
    STELLA_AUTO(stella_freep) uint32_t *queue = malloc((size_t)components * sizeof *queue);
    STELLA_AUTO(stella_freep) unsigned char *is_queued = calloc(components, 1);
    if (!edges || !queue || !is_queued)
        return STELLA_E_NOMEM;
    const uint32_t count = list_edges(all, edges);
    qsort(edges, count, sizeof *edges, by_ends);
    return spread(edges, count, reaching, queue, is_queued, components, told, self) ? STELLA_OK : STELLA_E_NOMEM;
}
