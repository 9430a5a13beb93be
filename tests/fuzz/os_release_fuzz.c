/* An os-release file and what systems had before it: values have their maximum, and there is always an id. */
#include "plugins/scanner/analyzers/os/os-release/end_of_life.h"
#include "plugins/scanner/analyzers/os/os-release/release_file.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const release_parser parsers[] = {
        release_os_release, release_lsb,  release_alpine, release_redhat,           release_suse,
        release_debian,     release_arch, release_gentoo, release_apk_repositories,
    };
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    assert(arena);
    for (uint32_t i = 0; i < STELLA_COUNT(parsers); i++) {
        os_release r;
        if (parsers[i](stella_sv_of((const char *)data, size), arena, &r) != STELLA_OK)
            continue;
        assert(r.distro.id.len && r.distro.id.len <= STELLA_DISTRO_TEXT_MAX);
        assert(r.full_version.len <= STELLA_DISTRO_TEXT_MAX);
        (void)end_of_life_of(&r.distro);
    }
    return 0;
}
