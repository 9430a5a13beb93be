/* Formulas: licenses keep to their limit, one that will do stands first. */
#include "homebrew/formula.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    formula found = {.license_count = 0};
    assert(arena);
    if (formula_read(stella_sv_of((const char *)data, size), arena, &found, NULL) == STELLA_OK) {
        assert(found.license_count <= FORMULA_LICENSES_MAX && found.description.len <= size);
        for (uint32_t i = 0; i < found.license_count; i++)
            assert(found.licenses[i].ptr);
    }
    return 0;
}
