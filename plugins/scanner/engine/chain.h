/* chain.h - a list that grows in an arena and becomes an array when it is whole. */
#ifndef SCANNER_ENGINE_CHAIN_H
#define SCANNER_ENGINE_CHAIN_H

#include <stella/arena.h>

typedef struct chain_link chain_link;

/* A plain value; all zero is the empty chain. [one thread] */
typedef struct chain {
    chain_link *first, *last;
    uint32_t count;
} chain;

/* Room for one more item of size bytes at the end, zeroed; NULL when the arena's budget is spent. Items of one chain
 * have one size. */
void *chain_add(chain *c, stella_arena *arena, size_t size);

/* The first item, and the one behind an item; NULL at the end. */
void *chain_first(const chain *c);
void *chain_next(const void *item);

/* A copy of all items, one behind the other; NULL when the budget is spent. */
void *chain_array(const chain *c, stella_arena *arena, size_t size);

#endif
