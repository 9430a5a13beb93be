/* evidence_store.h - the inside of evidence, shared by the files that collect and write it.
 *
 * Waiting items: size u64 of what follows, then the item as in the pack, but with the entry's id in place of its row.
 */
#ifndef SCANNER_ENGINE_EVIDENCE_STORE_H
#define SCANNER_ENGINE_EVIDENCE_STORE_H

#include "evidence.h"
#include "pack_layout.h"

#define EVIDENCE_SPILL (4u << 20) /* bytes that wait in memory */

typedef struct evidence_extent {
    uint64_t offset, size; /* in the scratch file */
} evidence_extent;

struct evidence {
    scratch *spill;
    stella_buf buf;
    evidence_extent *extents;
    uint32_t extent_count, extent_room;
    uint64_t spilled; /* bytes in extents */
    uint64_t items;
    uint64_t notes, notes_lost;
};

#endif
