/* index.h - the entries of a layer as they come, then sorted and written as a pack's index.
 *
 * Made for millions: 32 bytes an entry besides its name, directories once, nothing copied when it grows.
 * [one thread] */
#ifndef SCANNER_ENGINE_INDEX_H
#define SCANNER_ENGINE_INDEX_H

#include "pack.h"

typedef struct index_builder index_builder;

typedef struct index_entry {
    stella_sv path; /* clean; empty for the root, which may only be opaque */
    uint64_t size;
    uint32_t kind, type, mode, uid, gid, flags; /* as in pack_row; of a hard link kind is REGULAR */
    stella_sv target; /* of a symbolic link as written; of a hard link its first name, clean */
} index_entry;

/* Told of what is wrong with entries, when they are sorted. */
typedef void (*index_note)(void *self, stella_sv path, const char *message);

/* entries_max  of --max-entries. NULL when memory is short. */
index_builder *index_create(uint64_t entries_max);
void index_destroy(index_builder *index);
void index_destroyp(index_builder **index);

/* Adds an entry; id names it until destroy.
 * Returns STELLA_E_LIMIT naming the option, or STELLA_E_NOMEM. */
stella_status index_add(index_builder *index, const index_entry *entry, uint32_t *id, stella_error *err);

uint32_t index_count(const index_builder *index);

/* Sorts; resolves hard links; of entries with one path keeps the last; leaves out what lies beneath a file or symbolic
 * link. Nothing can be added afterwards. */
stella_status index_sort(index_builder *index, index_note note, void *self, stella_error *err);

/* After index_sort: the row of an entry, PACK_NO_ROW when it was left out or never added. */
uint32_t index_row(const index_builder *index, uint32_t id);

/* After index_sort: whether the entry is a hard link to a regular file whose bytes are in the layer; first is the entry
 * that carries them, type what they were sniffed to be. */
int index_link(const index_builder *index, uint32_t id, uint32_t *first, uint32_t *type);

/* The full path of an entry, put into buf of PATH_BYTES_MAX bytes. */
stella_sv index_entry_path(const index_builder *index, uint32_t id, char *buf);

/* After index_sort: writes the segment. */
stella_status index_write(index_builder *index, pack_writer *w, pack_segment *out, stella_error *err);

#endif
