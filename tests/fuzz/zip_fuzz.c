/* An archive: entries lie apart within it, and what is read has the size that was claimed and fits the purse. */
#include "plugins/scanner/analyzers/common/zip/zip.h"

#include <stella/auto.h>

#include <assert.h>

#define ROOM ((uint64_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)64 << 20);
    uint64_t room = ROOM, apart = 0, inflated = 0;
    zip archive;
    zip_entry entry;
    if (!arena || zip_open(stella_sv_of((const char *)data, size), arena, &room, &archive, NULL) != STELLA_OK)
        return 0;
    while (zip_next(&archive, &entry)) {
        stella_sv content;
        apart += entry.compressed + entry.name.len;
        assert(entry.header < size && apart <= size);
        if (zip_read(&archive, &entry, arena, ROOM, &content, NULL) != STELLA_OK)
            continue;
        assert(content.len == entry.size);
        inflated += entry.method == ZIP_DEFLATED ? entry.size : 0;
    }
    assert(inflated <= ROOM - room);
    return 0;
}
