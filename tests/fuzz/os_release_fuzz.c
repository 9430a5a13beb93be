/* An os-release file: values have their maximum, and there is always an id. */
#include "plugins/scanner/analyzers/os/os-release/os_release.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    os_release r;
    if (arena && os_release_parse(stella_sv_of((const char *)data, size), arena, &r) == STELLA_OK)
        assert(r.distro.id.len && r.distro.id.len <= STELLA_DISTRO_TEXT_MAX);
    return 0;
}
