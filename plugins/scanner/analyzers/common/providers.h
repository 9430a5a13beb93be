/* providers.h - who answers to a name: packages under their own, and what they provide; sorted, found in logarithmic
 * time. */
#ifndef ANALYZER_PROVIDERS_H
#define ANALYZER_PROVIDERS_H

#include <stella/arena.h>
#include <stella/error.h>

typedef struct provider {
    stella_sv name;
    stella_sv version; /* empty: none is stated */
    uint32_t package;  /* the caller's number of the package; the lower comes first */
    uint32_t is_own;   /* 1: the package's own name; comes before those that provide it */
} provider;

typedef struct providers {
    stella_arena *arena;
    provider *items;
    uint32_t count, room;
} providers;

/* Adds one; texts are borrowed. Returns STELLA_E_NOMEM, STELLA_E_LIMIT beyond 4294967295. */
stella_status providers_add(providers *p, provider item, stella_error *err);

/* Once, after the last addition. */
void providers_sort(providers *p);

/* Those of that name: the first one, and how many there are. NULL and 0 when there is none. */
const provider *providers_find(const providers *p, stella_sv name, uint32_t *count);

#endif
