/* cache.h - what earlier scans learnt, on disk: evidence packs of layers, and files under a key.
 *
 *     <root>/layers/<hex>/meta.json         of the layer with that digest: what its pack holds and was made with
 *                        /pack-<hex>        the pack; the name is derived from what it was made with
 *                        /more-<hex>        a supplement, under the set of its paths
 *     <root>/cas/<2 hex>/<hex>/meta.json    kind, size and digest of
 *                             /data         a file: a result, the description of an archive
 *     <root>/maintenance                    locked while somebody evicts; its time is when that was done last
 *     <root>/usage                          grows with what is stored: see usage.h
 *
 * A layer's digest is one that the caller computed or that a verified manifest names, never one that is only claimed.
 * Nothing here is trusted further than its owner: a directory or file of somebody else (but root), or one that others
 * may write to, is refused, and no symbolic link is followed. Files appear whole, by rename; nothing is synced, for
 * what a power cut tears carries a checksum and is dropped. Several processes may use one cache at once. A cache that
 * may not be written to is only read.
 *
 * All functions may be called from any thread, but open and close. */
#ifndef SCANNER_CACHE_CACHE_H
#define SCANNER_CACHE_CACHE_H

#include <stella/digest.h>

#define CACHE_SEGMENTS_MAX 512 /* plugins of one pack */
#define CACHE_HEX_SIZE     65  /* 64 lower-case hex digits, NUL */

typedef struct cache cache;

typedef enum cache_event {
    CACHE_HIT,
    CACHE_MISS,
    CACHE_STORED,
    CACHE_EVICTED,
    CACHE_DAMAGED,
    CACHE_EVENTS
} cache_event;
typedef enum cache_kind { CACHE_LAYER, CACHE_FILE, CACHE_KINDS } cache_kind;

typedef struct cache_options {
    const char *root;                     /* absolute; made, for its owner alone, when it is not there */
    const char *layers_name, *files_name; /* folders of the root */
    uint64_t layer_ttl_s, file_ttl_s;     /* since the last use; 0: for ever */
    uint64_t max_bytes;                   /* never more than about this; 0: no limit */
    uint64_t cold_bytes, warm_bytes;      /* above cold, the least recently used is evicted down to warm */
    uint32_t interval_s;                  /* between two maintenances */
    int has_eviction;                     /* 0: only when somebody asks for it */
    int has_files;                        /* 0: no results and no descriptions are kept */
    void (*observe)(void *self, cache_event event, cache_kind kind, uint64_t bytes); /* NULL: nobody; any thread */
    void *self;
} cache_options;

#define CACHE_DAY_S ((uint64_t)86400)
#define CACHE_OPTIONS_DEFAULT                                                                                          \
    {                                                                                                                  \
        .layers_name = "layers", .files_name = "cas", .layer_ttl_s = 45 * CACHE_DAY_S, .file_ttl_s = 30 * CACHE_DAY_S, \
        .max_bytes = (uint64_t)5 << 30, .cold_bytes = (uint64_t)4 << 30, .warm_bytes = (uint64_t)1 << 30,              \
        .interval_s = 900, .has_eviction = 1, .has_files = 1                                                           \
    }

/* Opens it. The texts of options are copied.
 * out  set on success; the caller closes it
 * Returns STELLA_E_DENIED for a root that cannot be trusted, saying what to do; STELLA_E_IO, STELLA_E_NOMEM,
 * STELLA_E_INVALID. */
stella_status cache_open(const cache_options *options, cache **out, stella_error *err);
void cache_close(cache *c);
void cache_closep(cache **c);

const char *cache_root(const cache *c);

/* What happened since it was opened. */
typedef struct cache_counters {
    uint64_t count[CACHE_EVENTS][CACHE_KINDS], bytes[CACHE_EVENTS][CACHE_KINDS];
} cache_counters;
void cache_counters_get(cache *c, cache_counters *out);

/* ---- layers --------------------------------------------------------------------------------------------------------
 */

typedef struct cache_segment {
    char plugin[128];
    char digest[STELLA_DIGEST_TEXT_SIZE]; /* of its binary */
} cache_segment;

typedef struct cache_pack {
    int fd;                                /* read-only */
    uint64_t entries, bytes;               /* of the layer, uncompressed */
    char diff_id[STELLA_DIGEST_TEXT_SIZE]; /* computed; empty when it was not */
    uint32_t segment_count;
    cache_segment *segments; /* owned */
} cache_pack;

#define CACHE_PACK_NONE                                                                                                \
    { .fd = -1 }
void cache_pack_fini(cache_pack *p); /* closes and frees; for STELLA_AUTO */

/* digest   of the layer's stored bytes: "sha256:<hex>"
 * context  digest over everything else that decides what a pack holds, but the plugins: format, limits
 * out      set when there is one; the caller ends it with cache_pack_fini
 * Returns 1, or 0 when there is none. What is damaged is dropped. */
int cache_pack_get(cache *c, const char *digest, const char *context, cache_pack *out);
int cache_pack_has(cache *c, const char *digest);

/* Stores a copy in place of what there was. Returns STELLA_E_IO (disk full), STELLA_E_LIMIT when it would be more than
 * the cache may hold; STELLA_OK also when the cache is only read. */
stella_status cache_pack_put(cache *c, const char *digest, const char *context, const cache_pack *pack,
                             stella_error *err);

/* A child could not read it: it goes, with its supplements. Returns whether it was there. */
int cache_pack_drop(cache *c, const char *digest);

/* key  over context, plugins and paths
 * fd   set when there is one, read-only; the caller closes it. Returns 1, or 0 when there is none. */
int cache_supplement_get(cache *c, const char *digest, const char key[CACHE_HEX_SIZE], int *fd);
stella_status cache_supplement_put(cache *c, const char *digest, const char key[CACHE_HEX_SIZE], int fd,
                                   stella_error *err);

/* ---- files ---------------------------------------------------------------------------------------------------------
 * kind: what it is, [a-z]; only its own kind finds it. */

int cache_file_get(cache *c, const char key[CACHE_HEX_SIZE], const char *kind, int *fd);
stella_status cache_file_put(cache *c, const char key[CACHE_HEX_SIZE], const char *kind, int fd, stella_error *err);
stella_status cache_file_put_bytes(cache *c, const char key[CACHE_HEX_SIZE], const char *kind, stella_sv bytes,
                                   stella_error *err);
int cache_file_remove(cache *c, const char key[CACHE_HEX_SIZE]);

/* ---- maintenance ---------------------------------------------------------------------------------------------------
 */

typedef struct cache_sums {
    uint64_t layers, layer_bytes, files, file_bytes; /* that are there */
    uint64_t supplements;
    int64_t oldest_s, newest_s;             /* last uses, wall clock; 0: there is nothing */
    uint64_t evicted, evicted_bytes, stale; /* stale: files that a killed process left behind */
    int is_unfinished;                      /* the time was over before everything was looked at */
} cache_sums;

/* Counts, and removes nothing. */
stella_status cache_measure(cache *c, cache_sums *out, stella_error *err);

/* What cache_prune is to keep. */
typedef struct cache_bounds {
    uint64_t layer_age_s, file_age_s;    /* unused for longer goes; 0: no such limit */
    uint64_t above_bytes, down_to_bytes; /* more than above: down to; above UINT64_MAX: no limit */
    uint32_t time_ms;                    /* 0: as long as it takes */
} cache_bounds;

/* What the options say is to be kept. */
cache_bounds cache_bounds_of(const cache *c, uint32_t time_ms);

/* Evicts. Returns STELLA_E_BUSY when somebody else is at it, STELLA_E_IO. */
stella_status cache_prune(cache *c, const cache_bounds *bounds, cache_sums *out, stella_error *err);

/* Does what the options say when it is due, for at most time_ms (0: as long as it takes). Never waits. Returns whether
 * anything was done. */
int cache_maintain(cache *c, uint32_t time_ms);

/* Removes layers and results: a layer and everything that was made of it cannot be told apart among the results, so
 * all results go with whatever goes.
 * digest, plugin  NULL: any. plugin: the layers whose packs hold something of it
 * Returns how many layers went. */
stella_status cache_invalidate(cache *c, const char *digest, const char *plugin, uint64_t *layers, stella_error *err);

/* Calls visit with every layer's pack and supplement, and checks every file's digest itself. visit returns 0 for one
 * that is damaged: it is dropped.
 * checked, dropped  set on success */
typedef int (*cache_visit)(void *self, const char *digest, int fd);
stella_status cache_verify(cache *c, cache_visit visit, void *self, uint64_t *checked, uint64_t *dropped,
                           stella_error *err);

/* ---- transfer ------------------------------------------------------------------------------------------------------
 */

/* Copies all layers and results into a directory that is empty or not there, with a list of digests. */
stella_status cache_export(cache *c, const char *dir, uint64_t *entries, stella_error *err);

/* Takes over what an export wrote. What is there already stays. Nothing is taken unless all of it is as its list says:
 * a symbolic link, a file that is not listed, a wrong digest, a listed file that is missing are refused.
 * Returns STELLA_E_FORMAT, STELLA_E_DENIED, STELLA_E_NOTFOUND, STELLA_E_IO. */
stella_status cache_import(cache *c, const char *dir, uint64_t *entries, stella_error *err);

#endif
