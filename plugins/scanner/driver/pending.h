/* pending.h - files that analyzers asked for after they had seen the tree. Private to the driver. */
#ifndef SCANNER_DRIVER_PENDING_H
#define SCANNER_DRIVER_PENDING_H

#include <stella/json.h>

#define PENDING_MAX 100000 /* files of all rounds */

typedef struct pending_file {
    uint32_t layer;
    stella_sv path;
} pending_file;

/* All files asked for so far: a supplement replaces the one before it, so it is read with everything. */
typedef struct pending {
    uint32_t count;
    pending_file *files; /* PENDING_MAX of them, in the arena */
} pending;

/* Adds the "pending" list of a reply; texts are copied into the arena.
 * layer_count  layers of the image; a file of any other layer is refused
 * added        set on success: how many were new
 * Returns STELLA_E_INTERNAL when the list breaks the protocol, STELLA_E_LIMIT, STELLA_E_NOMEM. */
stella_status pending_add(pending *p, const stella_json *list, uint32_t layer_count, stella_arena *arena,
                          uint32_t *added, stella_error *err);

/* The files of one layer. paths  set on success; in the arena. Returns STELLA_E_NOMEM. */
stella_status pending_of_layer(const pending *p, uint32_t layer, stella_arena *arena, const stella_sv **paths,
                               uint32_t *count, stella_error *err);

#endif
