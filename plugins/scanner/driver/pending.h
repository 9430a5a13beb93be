/* pending.h - files that analyzers asked for after they had seen the tree. Private to the driver. */
#ifndef SCANNER_DRIVER_PENDING_H
#define SCANNER_DRIVER_PENDING_H

#include <stella/json.h>

#define PENDING_MAX 100000 /* files of one reply */

typedef struct pending_file {
    uint32_t layer;
    stella_sv path;
} pending_file;

typedef struct pending {
    uint32_t count;
    const pending_file *files;
} pending;

/* Reads the "pending" list of a reply.
 * layer_count  layers of the image; a file of any other layer is refused
 * out          set on success; texts borrow from the reply
 * Returns STELLA_E_INTERNAL when the list breaks the protocol, STELLA_E_LIMIT, STELLA_E_NOMEM. */
stella_status pending_read(const stella_json *list, uint32_t layer_count, stella_arena *arena, pending *out,
                           stella_error *err);

/* The files of one layer.
 * paths  set on success; in the arena
 * Returns STELLA_E_NOMEM. */
stella_status pending_of_layer(const pending *p, uint32_t layer, stella_arena *arena, const stella_sv **paths,
                               uint32_t *count, stella_error *err);

#endif
