/* names.h - a set of texts, each with a number, in an arena; texts are borrowed. Ordered, so that no choice of texts makes
 * it slow. */
#ifndef NATIVE_NAMES_H
#define NATIVE_NAMES_H

#include <stella/arena.h>
#include <stella/error.h>

typedef struct names_entry {
    stella_sv text;
    uint32_t value;
} names_entry;

typedef struct names {
    stella_arena *arena;
    names_entry *at;
    uint32_t count, room;
} names;

names names_of(stella_arena *arena);

/* Adds at the end, for many at once; names_order before anything is looked up. Returns STELLA_E_NOMEM. */
stella_status names_push(names *n, stella_sv text, uint32_t value, stella_error *err);
void names_order(names *n);

/* Adds to an ordered set; a text that is there keeps its number. Returns STELLA_E_NOMEM. */
stella_status names_add(names *n, stella_sv text, uint32_t value, stella_error *err);

/* The number of a text. Returns 0, leaving out alone, when it is not there. */
int names_find(const names *n, stella_sv text, uint32_t *out);

#endif
