/* A specification of a gem: reading ends well, or says that memory or a limit was met. */
#include "ruby/gemspec.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stella_arena *arena = stella_arena_create(16u << 20);
    gemspec *spec = arena ? stella_arena_alloc(arena, 1, sizeof *spec) : NULL;
    const stella_sv text = stella_sv_of((const char *)data, size);
    if (spec && gemspec_read(text, arena, spec, NULL) == STELLA_OK) {
        assert(spec->license_count <= GEMSPEC_LICENSES_MAX && spec->license_count <= size);
        assert(spec->dependency_count <= GEMSPEC_DEPENDENCIES_MAX && spec->dependency_count <= size);
        assert(spec->name.len == 0 || (spec->line && spec->line <= size));
    }
    stella_arena_destroy(arena);
    return 0;
}
