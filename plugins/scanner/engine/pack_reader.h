/* pack_reader.h - the inside of an open pack, shared by the files that read it. */
#ifndef SCANNER_ENGINE_PACK_READER_H
#define SCANNER_ENGINE_PACK_READER_H

#include "pack.h"
#include "pack_layout.h"

struct pack {
    stella_sv bytes;
    void *map; /* what to unmap, or NULL */
    pack_segment *segments;
    uint32_t segment_count;
    uint32_t rows;
    stella_sv row_bytes, blocks, names, links; /* parts of the index */
};

#endif
