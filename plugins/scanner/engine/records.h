/* records.h - what the layers' packs hold for one analyzer, as far as it is still in the tree. */
#ifndef SCANNER_ENGINE_RECORDS_H
#define SCANNER_ENGINE_RECORDS_H

#include "chain.h"
#include "layer_sets.h"
#include "view.h"

#include <stella/bom.h>

/* A kept file. Views borrow from packs and arena. */
typedef struct kept_file {
    view_entry entry;
    stella_sv path;
    stella_sv interests; /* one byte each, ascending */
    stella_sv bytes;
} kept_file;

/* What a probe learnt from a file. */
typedef struct kept_record {
    uint32_t layer;
    uint32_t run; /* in layer_sets: the layers that hold this kind and key, within the last unbroken run of layers in
                          which they were present; the first of them introduced it */
    uint32_t position; /* in order of layers and emission */
    uint32_t interest;
    stella_sv path, kind, key, bytes;
} kept_record;

typedef struct records {
    kept_file *files; /* by path */
    uint32_t file_count;
    kept_record *records; /* by path, then as they were emitted */
    uint32_t record_count;
} records;

/* Collects for the plugin of that id and binary from every layer that has its segment.
 * notes  gets a stella_bom_error for what was noted on files that are still in the tree, and for segments of another
 *        build of the plugin, which are not used
 * sets   gets the runs of the records
 * out    set on success; lives in the arena
 * Returns STELLA_E_NOMEM, or STELLA_E_FORMAT for a segment that is damaged. */
stella_status records_collect(const view *v, const pack *const *packs, stella_sv plugin, stella_sv digest,
                              stella_arena *arena, chain *notes, layer_sets *sets, records *out, stella_error *err);

/* The notes alone, as records_collect gives them; their texts live in the packs and the arena. */
stella_status records_notes(const view *v, const pack *const *packs, stella_sv plugin, stella_sv digest,
                            stella_arena *arena, chain *notes, stella_error *err);

#endif
