/* walk_entry.h - one entry of an archive, or of a table of contents, on its way to the collector. [one thread] */
#ifndef SCANNER_ENGINE_WALK_ENTRY_H
#define SCANNER_ENGINE_WALK_ENTRY_H

#include "collect.h"
#include "tar.h"

typedef struct walker walker;

walker *walker_create(collector *c); /* NULL when memory is short; the collector is borrowed */
void walker_destroyp(walker **w);    /* for STELLA_AUTO */

/* Takes the entry: whiteout markers become flags; what could lead out of the image is left out with a note.
 * flags    PACK_* of its row, besides those that the entry itself says
 * content  of a regular file; NULL when there is none to be had
 * Returns what collector_take returns. */
stella_status walker_take(walker *w, const tar_entry *from, uint32_t flags, body *content, stella_error *err);

#endif
