/* RECORD and requires.txt: rows end; a path is clean and inside the root. */
#include "python/record.h"
#include "python/requires_txt.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)64 << 20);
    stella_sv rest = stella_sv_of((const char *)data, size);
    unsigned char sha256[STELLA_SHA256_SIZE];
    record_row row;
    size_t rows = 0;
    while (arena && record_next(&rest, arena, &row) > 0) {
        stella_sv path;
        if (record_path(STELLA_SV("usr/lib"), row.path, arena, &path, NULL) != STELLA_OK)
            break;
        assert(++rows <= size + 1);
        assert(path.len == 0 || (path.ptr[0] != '/' && !stella_sv_starts(path, STELLA_SV("../"))));
        record_sha256(&row, sha256);
    }
    if (arena)
        requires_txt_convert(stella_sv_of((const char *)data, size), arena);
    return 0;
}
