/* view.h - the tree of an image: the packs of its layers, laid over each other.
 *
 * Rules of the overlay. An upper layer's entry replaces what stands at its path below; a directory over a directory
 * joins their contents, every other pair does not: a file or link that replaces a directory hides all that was in it.
 * A whiteout hides its path and all below it, an opaque directory what is below it, both in the layers underneath only:
 * an entry of the same layer stands. An entry, or an opaque mark, below a directory that its layer does not have itself
 * implies that directory. Paths are taken as they are written: a directory over a symbolic link replaces the link and
 * never touches what it points to.
 *
 * For one layer the view is the pack itself. For several it holds eight bytes an entry, and twelve for each path that
 * more than one layer speaks of. Nothing in it changes after create. [any thread] */
#ifndef SCANNER_ENGINE_VIEW_H
#define SCANNER_ENGINE_VIEW_H

#include "pack.h"

#include <stella/error.h>

#define VIEW_HOPS_MAX 40 /* symbolic links followed for one path */

typedef struct view view;

typedef struct view_entry {
    uint32_t layer;
    uint32_t row; /* of the layer's pack; PACK_NO_ROW: a directory that no layer has an entry for */
} view_entry;

/* packs  base first; NULL for a layer that is missing. Borrowed until destroy
 * out    set on success; the caller destroys it
 * Returns STELLA_E_NOMEM, or STELLA_E_LIMIT for more than 2^31 entries. */
stella_status view_create(const pack *const *packs, uint32_t count, view **out, stella_error *err);
void view_destroy(view *v);
void view_destroyp(view **v);

uint32_t view_layer_count(const view *v);

/* What stands at exactly this path (clean, no link followed): 1 and *out, or 0. The root is never an entry. */
int view_at(const view *v, stella_sv path, view_entry *out);

/* The history of a path: the first layer above `layer` in which that layer's regular file at this path is replaced or
 * hidden; view_layer_count when it is in the final tree. */
uint32_t view_end(const view *v, stella_sv path, uint32_t layer);

/* The facts of an entry. */
void view_facts(const view *v, view_entry entry, pack_row *out);

/* Where a path leads, following symbolic links inside the root: ".." and absolute targets never leave it.
 * path       need not be clean
 * follow     0: a link in the last place is not followed
 * buf        of PATH_BYTES_MAX bytes
 * canonical  set for STELLA_OK and STELLA_E_NOTFOUND, in buf: the path with every link before the last place resolved,
 *            what does not exist taken as written; empty for the root
 * entry      set for STELLA_OK
 * Returns STELLA_E_NOTFOUND, or STELLA_E_LIMIT after VIEW_HOPS_MAX links or when a path grows too long. */
stella_status view_resolve(const view *v, stella_sv path, int follow, char *buf, stella_sv *canonical,
                           view_entry *entry, stella_error *err);

#endif
