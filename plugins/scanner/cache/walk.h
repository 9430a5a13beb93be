/* walk.h - everything that is in the cache, an entry at a time. */
#ifndef SCANNER_CACHE_WALK_H
#define SCANNER_CACHE_WALK_H

#include "inside.h"

typedef struct walk_entry {
    cache_kind kind;
    char hex[CACHE_HEX_SIZE]; /* digest or key */
    uint64_t bytes;           /* as the files' sizes have it */
    int64_t used_s;           /* wall clock */
    uint32_t supplements;
    int is_whole; /* it has its meta.json */
} walk_entry;

typedef int (*walk_visit)(void *self, const walk_entry *entry); /* 0: that is enough */

/* Visits layers, then files, in no particular order. What a killed process left behind is removed when removes_stale.
 * stale  counts it; may be NULL
 * Returns 0 when visit stopped it. */
int walk(cache *c, int removes_stale, uint64_t *stale, walk_visit visit, void *self);

/* Removes an entry. Returns the bytes that went. */
uint64_t walk_remove(cache *c, const walk_entry *entry);

#endif
