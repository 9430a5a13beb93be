/* meta.h - what the cache's own small files say, checked: nothing of it is believed that we would not have written.
 *
 * All texts borrow from what was parsed or live in the arena. [any thread] */
#ifndef SCANNER_CACHE_META_H
#define SCANNER_CACHE_META_H

#include "inside.h"

#define META_LAYER_SCHEMA  "stella.cache.layer/1"
#define META_FILE_SCHEMA   "stella.cache.file/1"
#define META_EXPORT_SCHEMA "stella.cache.export/1"

/* meta.json of a layer. */
typedef struct meta_layer {
    stella_sv context;
    char name[CACHE_NAME_MAX]; /* of the pack's file */
    uint64_t size;             /* of it */
    cache_pack pack;           /* fd -1; the caller ends it */
} meta_layer;

/* digest  of the layer whose folder it lies in
 * out     set on success. Returns 1, or 0. */
int meta_layer_parse(stella_sv text, const char *digest, stella_arena *arena, meta_layer *out);

/* meta.json of a file. */
typedef struct meta_file {
    stella_sv kind, digest;
    uint64_t size;
} meta_file;

/* key  under whose folder it lies */
int meta_file_parse(stella_sv text, const char *key, stella_arena *arena, meta_file *out);

/* One line of an export's list: only paths as an export writes them are taken. */
typedef struct meta_place {
    int is_layer;
    char hex[CACHE_HEX_SIZE], name[CACHE_NAME_MAX];
    stella_sv path, digest; /* as listed */
    uint64_t size;
} meta_place;

/* places, count  set on success
 * Returns STELLA_E_FORMAT, naming the line, for what is no such list; STELLA_E_NOMEM. */
stella_status meta_list_parse(stella_sv text, stella_arena *arena, meta_place **places, uint32_t *count,
                              stella_error *err);

#endif
