/* Licenses in texts: whatever the bytes are, what is found is in the list, scored as promised, and each once. */
#include "common/license_text/match.h"

#include <stella/auto.h>
#include <stella/spdx.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(LICENSE_TEXT_ARENA_BYTES);
    license_text_matches m;
    assert(license_text_match(stella_sv_of((const char *)data, size), arena, &m) == STELLA_OK);
    assert(m.count <= LICENSE_TEXT_FOUND_MAX);
    for (uint32_t i = 0; i < m.count; i++) {
        assert(m.items[i].score >= LICENSE_TEXT_SCORE_LEAST && m.items[i].score <= 100);
        assert(stella_spdx_license(m.items[i].id).ptr);
        for (uint32_t k = 0; k < i; k++)
            assert(!stella_sv_eq(m.items[i].id, m.items[k].id));
    }
    return 0;
}
