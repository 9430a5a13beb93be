/* Rockspecs and lists of files: dependencies keep to their limit, files have a path and a digest. */
#include "lua/rock_manifest.h"
#include "lua/rockspec.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    const stella_sv text = stella_sv_of((const char *)data, size);
    rockspec spec = {.line = 0};
    rock_manifest reader;
    rock_file found;
    assert(arena);
    if (rockspec_read(text, arena, &spec, NULL) == STELLA_OK)
        assert(spec.dependency_count <= ROCKSPEC_DEPENDENCIES_MAX && spec.package.len <= size + ROCKSPEC_TEXT_MAX);
    rock_manifest_open(&reader, text, arena);
    while (rock_manifest_next(&reader, &found, NULL) == STELLA_OK && found.path.ptr)
        assert(found.path.len && found.path.len <= ROCK_MANIFEST_PATH_MAX && found.md5.len == 32);
    return 0;
}
