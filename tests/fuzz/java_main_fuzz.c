/* A manifest's attributes are never longer than the manifest. */
#include "java/archive.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    archive_start start = {0};
    if (arena && archive_manifest(stella_sv_of((const char *)data, size), arena, &start, NULL) == STELLA_OK)
        assert(start.main_class.len + start.class_path.len + start.start_class.len <= size);
    return 0;
}
