/* layer.h - from a layer's stored bytes to its evidence pack. Private to the driver. */
#ifndef SCANNER_DRIVER_LAYER_H
#define SCANNER_DRIVER_LAYER_H

#include "feed.h"

/* Reads one layer and puts its pack into s->layers[index]; remembers it for other scans when nothing is missing from
 * it. Returns STELLA_E_FORMAT for a layer that is not what it claims to be; err names the layer. [any thread, one a
 * layer]
 */
stella_status layer_read(scan *s, uint32_t index, stella_error *err);

/* Reads it once more for these files only, and puts the supplement into s->layers[index]. One that is no longer there
 * is no error: it is marked as gone, and who asked is told so. */
stella_status layer_supplement(scan *s, uint32_t index, const stella_sv *paths, uint32_t path_count, stella_error *err);

/* Where a layer's bytes are. owned: to be closed, when the layer is a file of its own; else untouched. */
stella_status layer_open_content(scan *s, const layer_info *info, feed_source *out, int *owned, stella_error *err);

/* Refuses bytes whose digest is not the one that is claimed. */
stella_status layer_check_digest(uint32_t index, const layer_info *info, const char *computed, stella_error *err);

/* Makes a pack anew that nobody can read, and forgets the one that is kept.
 * is_supplement  of which only the file is dropped: it is read when it is asked for */
stella_status layer_renew(scan *s, uint32_t index, int is_supplement, stella_error *err);

/* How many layers are read at once: as the user says, else the processors there are. */
uint32_t layers_at_once(const scan *s);

/* Reads all layers, several at once. The error is that of the lowest layer that failed, whichever failed first. */
stella_status layers_read(scan *s, stella_error *err);

#endif
