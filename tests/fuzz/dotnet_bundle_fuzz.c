/* Files of a bundle lie inside the program, and inflate to no more than their size. The input is the program's data:
 * the mark is looked for in all of it. */
#include "plugins/scanner/analyzers/lang/dotnet/bundle.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    uint64_t room = 8u << 20;
    bundle list;
    if (!arena || bundle_find(bytes, bytes, &list, NULL) != STELLA_OK)
        return 0;
    bundle_file file = {0};
    while (bundle_next(&list, &file, NULL) == STELLA_OK && file.path.len) {
        stella_sv content;
        assert(file.path.len <= BUNDLE_PATH_MAX);
        assert(file.data.ptr >= bytes.ptr && file.data.len <= size);
        if (bundle_read(&file, arena, &room, &content, NULL) == STELLA_OK)
            assert(content.len == file.size);
    }
    return 0;
}
