/* A normalised expression normalises to itself; what is made of free text is a valid expression. */
#include <stella/auto.h>
#include <stella/spdx.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const stella_sv text = stella_sv_of((const char *)data, size);
    const stella_sv once = stella_spdx_expression(text, arena);
    if (once.ptr && once.len <= STELLA_SPDX_EXPRESSION_MAX)
        assert(stella_sv_eq(stella_spdx_expression(once, arena), once));
    const stella_sv ref = stella_spdx_ref(text, arena);
    assert(stella_sv_eq(stella_spdx_expression(ref, arena), ref));
    return 0;
}
