/* lookup.h - finds a number by a text: filled first, sorted once, then asked. Sorted by hash and text, so that a lookup
 * compares a few numbers, and no choice of texts makes it slower than a binary search. */
#ifndef NODE_LOOKUP_H
#define NODE_LOOKUP_H

#include <stella/arena.h>

#define LOOKUP_NONE UINT32_MAX

typedef struct lookup_entry {
    uint64_t hash;
    stella_sv text;
    uint32_t value;
    uint32_t reserved;
} lookup_entry;

/* In the caller's storage; entries live in the arena, texts are borrowed. */
typedef struct lookup {
    stella_arena *arena;
    lookup_entry *entries;
    uint32_t count, room;
} lookup;

static inline lookup lookup_in(stella_arena *arena) {
    return (lookup){.arena = arena};
}

/* Returns 0 when memory is short. */
int lookup_add(lookup *l, stella_sv text, uint32_t value);

/* Call once, before the first lookup. */
void lookup_sort(lookup *l);

/* The value of the text that is made of these parts one behind the other: of the first added when several are alike.
 * LOOKUP_NONE when there is none. */
uint32_t lookup_find(const lookup *l, stella_sv text);
uint32_t lookup_find_joined(const lookup *l, const stella_sv *parts, uint32_t count);

#endif
