/* package.json: every script can be found by its name, and is where the file has a line. */
#include "node/package.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    package p;
    if (!arena || package_parse(stella_sv_of((const char *)data, size), arena, &p, NULL) != STELLA_OK)
        return 0;
    for (uint32_t i = 0; i < p.script_count; i++) {
        assert(package_find(&p, p.scripts[i].name) == &p.scripts[i]);
        assert(p.scripts[i].at >= 1 && p.scripts[i].at <= size + 1);
    }
    return 0;
}
