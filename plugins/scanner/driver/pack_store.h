/* pack_store.h - evidence packs of layers that were read before, for the scans of one process.
 *
 * A pack is found under the digest of the layer's stored bytes as the supervisor computed it while it fed the child,
 * and under everything else that decides what is in a pack: the plugins and the options. A digest that an image merely
 * claims never becomes a key, and a pack from which something is missing is never remembered: so no image decides what
 * is known of another one's layer. */
#ifndef SCANNER_DRIVER_PACK_STORE_H
#define SCANNER_DRIVER_PACK_STORE_H

#include <stella/digest.h>

#define PACK_STORE_MAX 1024 /* packs remembered; later ones are not */

typedef struct pack_store pack_store;

typedef struct pack_key {
    unsigned char sha256[STELLA_SHA256_SIZE];
} pack_key;

/* A pack and what was learnt with it. */
typedef struct pack_entry {
    int fd; /* read-only */
    uint64_t entries, bytes;
    char diff_id[STELLA_DIGEST_TEXT_SIZE]; /* computed; empty when it was not */
} pack_entry;

/* NULL when memory is short. */
pack_store *pack_store_create(void);
void pack_store_destroy(pack_store *store);
void pack_store_destroyp(pack_store **store);

/* digest   of the stored bytes, computed
 * context  digest over the plugins and options that the pack depends on */
pack_key pack_key_of(const char *digest, stella_sv context);

/* Finds a pack. Returns 0 when there is none. The descriptor in out is the caller's to close. [any thread] */
int pack_store_get(pack_store *store, const pack_key *key, pack_entry *out);

/* Whether there is one. [any thread] */
int pack_store_has(pack_store *store, const pack_key *key);

/* Remembers a pack; the descriptor is duplicated. The first under a key stands. [any thread] */
void pack_store_put(pack_store *store, const pack_key *key, const pack_entry *entry);

#endif
