/* matcher.h - the interests of all analyzers, compiled: one look-up a path tells who wants it.
 *
 * An interest is filed under its rarest condition (path, name, suffix, directory); a path meets a handful of hash
 * look-ups whatever the number of interests. [built by one thread, then any thread] */
#ifndef SCANNER_ENGINE_MATCHER_H
#define SCANNER_ENGINE_MATCHER_H

#include "limits.h"

#include <stella/file.h>

typedef struct matcher matcher;

typedef struct matcher_hit {
    uint16_t plugin; /* as given to matcher_add */
    uint8_t interest;
    uint8_t mode;           /* STELLA_KEEP, STELLA_PROBE, STELLA_SEEK */
    uint8_t type;           /* the sniffed type it demands besides, 0 for any */
    uint8_t by_path;        /* 1: it demands something of the path; 0: of the type alone */
    uint64_t max_bytes;     /* as stated by the interest */
    const char *companions; /* as stated by the interest; lives as long as the matcher. NULL: none */
} matcher_hit;

#define MATCHER_HITS_MAX 256u /* of one path: more are not reported */

matcher *matcher_create(void); /* NULL when memory is short */
void matcher_destroy(matcher *m);
void matcher_destroyp(matcher **m);

/* Adds a plugin's interests; their texts are copied. Refuses, adding nothing, what cannot be honest.
 * stride  bytes from one to the next
 * Returns STELLA_E_ABI or STELLA_E_INVALID saying what is wrong with them, STELLA_E_NOMEM. */
stella_status matcher_add(matcher *m, uint32_t plugin, const stella_interest *interests, uint32_t count,
                          uint32_t stride, stella_error *err);

/* The interests whose conditions on the path are met, ordered by plugin, then interest.
 * hits  room for MATCHER_HITS_MAX
 * Returns how many. */
uint32_t matcher_match(const matcher *m, stella_sv path, matcher_hit *hits);

/* The suffix at that position of an interest's companions: 1 and *out, or 0 past the last. */
int matcher_companion_at(const char *companions, uint32_t position, stella_sv *out);

/* Whether a file of this path is the companion of one that some interest may want, going by paths alone.
 * max_bytes  set when it is: the largest that such an interest takes, 0 for no limit
 * Returns 1 or 0. */
int matcher_is_companion(const matcher *m, stella_sv path, uint64_t *max_bytes);

#endif
