#include "chain.h"

#include <stdalign.h>

struct chain_link {
    chain_link *next;
    alignas(max_align_t) unsigned char item[];
};

void *chain_add(chain *c, stella_arena *arena, size_t size) {
    chain_link *link = stella_arena_alloc(arena, 1, sizeof *link + size);
    if (!link)
        return NULL;
    if (c->last)
        c->last->next = link;
    else
        c->first = link;
    c->last = link;
    c->count++;
    return link->item;
}

void *chain_first(const chain *c) {
    return c->first ? c->first->item : NULL;
}

void *chain_next(const void *item) {
    const chain_link *link = (const void *)((const unsigned char *)item - offsetof(chain_link, item));
    return link->next ? link->next->item : NULL;
}

void *chain_array(const chain *c, stella_arena *arena, size_t size) {
    unsigned char *array = stella_arena_alloc(arena, c->count, size);
    size_t i = 0;
    for (const void *item = chain_first(c); array && item; item = chain_next(item))
        memcpy(array + size * i++, item, size);
    return array;
}
