/* An assembly has a name, and its version is no greater text than what it was made of. */
#include "plugins/scanner/analyzers/lang/dotnet/assembly.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    assembly a;
    if (!arena || assembly_read(bytes, STELLA_SV("lib/x.dll"), arena, &a, NULL) != STELLA_OK)
        return 0;
    assert(a.name.len > 0 && a.version.len <= size + 24 && a.build.len <= size);
    const stella_sv greater = assembly_greater(a.version, a.build);
    assert(a.version.len == 0 || greater.len > 0);
    return 0;
}
