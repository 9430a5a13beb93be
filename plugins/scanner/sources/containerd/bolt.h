/* bolt.h - a bbolt database (version 2), read without writing to it and without its lock.
 *
 * Two meta pages take turns; the one of the later transaction whose checksum fits holds. Pages are never written over while
 * the transaction that they belong to is the last one: a reader that finds the same transaction before and after saw one
 * state (bolt_is_unchanged). Everything in the file is untrusted: pages, counts and offsets are checked, the depth and the
 * number of pages read are bounded. [one thread] */
#ifndef SCANNER_SOURCES_BOLT_H
#define SCANNER_SOURCES_BOLT_H

#include <stella/arena.h>
#include <stella/error.h>

#define BOLT_DEPTH_MAX      32u         /* pages from a bucket's root to its values */
#define BOLT_PAGES_MAX      100000u     /* read in all */
#define BOLT_PAGE_BYTES_MAX (16u << 20) /* of one page with what overflows it */

typedef struct bolt {
    stella_arena *arena; /* what is read lives here */
    void *self;
    /* Up to size bytes at that offset; fewer at the end of the file. */
    stella_status (*read)(void *self, uint64_t offset, void *buf, uint64_t size, uint64_t *got, stella_error *err);
    uint32_t page_bytes; /* this and what follows: set by bolt_open */
    uint32_t pages_read;
    uint64_t page_count, root, transaction;
} bolt;

typedef struct bolt_bucket {
    uint64_t root;    /* page; 0: the bucket is so small that its only page lies in its value: */
    stella_sv inside; /* that page */
} bolt_bucket;

/* Reads the meta pages. b->arena, self and read are set by the caller.
 * Returns STELLA_E_FORMAT when it is no bolt database, STELLA_E_UNSUPPORTED for another version or byte order. */
stella_status bolt_open(bolt *b, stella_error *err);

/* Whether no transaction has ended since bolt_open. */
int bolt_is_unchanged(const bolt *b);

/* The outermost bucket. */
bolt_bucket bolt_top(const bolt *b);

/* A bucket or a value in a bucket, by its key; out is set on success and lives in the arena.
 * Returns STELLA_E_NOTFOUND, STELLA_E_FORMAT for a damaged database, STELLA_E_LIMIT, STELLA_E_NOMEM. */
stella_status bolt_find_bucket(bolt *b, const bolt_bucket *in, stella_sv key, bolt_bucket *out, stella_error *err);
stella_status bolt_find(bolt *b, const bolt_bucket *in, stella_sv key, stella_sv *out, stella_error *err);

/* Calls visit for each key of a bucket, in the order in which they lie; a status other than STELLA_OK ends it and is
 * returned. inner: NULL for a value */
typedef stella_status (*bolt_visit)(void *self, stella_sv key, const bolt_bucket *inner, stella_error *err);
stella_status bolt_each(bolt *b, const bolt_bucket *in, bolt_visit visit, void *self, stella_error *err);

#endif
