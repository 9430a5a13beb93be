#include "plugin/manifest.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    plugin_manifest m = {.file_size = 77};
    stella_error err = {0};
    if (!arena)
        return 0;
    if (plugin_manifest_parse(stella_sv_of((const char *)data, size), arena, &m, &err) != STELLA_OK) {
        assert(m.file_size == 77 && !m.id && err.code != STELLA_OK && err.message[0]);
        return 0;
    }
    assert(plugin_id_is_valid(stella_sv_cstr(m.id)) && !strchr(m.file, '/') && m.role != PLUGIN_ROLE_NONE);
    assert(m.provides_count >= 1 && m.provides_count <= PLUGIN_INTERFACES_MAX && m.json.len == size);
    return 0;
}
