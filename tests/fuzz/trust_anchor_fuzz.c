#include "plugin/trust.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    trust_anchor a = {.roles = 77};
    const stella_sv text = stella_sv_of((const char *)data, size);
    int64_t ms;
    if (!arena)
        return 0;
    if (trust_time_parse(text, &ms))
        assert(ms >= 0 && (size == 10 || size == 20));
    if (trust_anchor_parse(text, arena, &a, NULL) != STELLA_OK) {
        assert(a.roles == 77);
        return 0;
    }
    assert(a.interface_count >= 1 && a.prefix_count >= 1 && a.not_after_ms >= 0);
    assert(a.roles && !(a.roles & 1u << PLUGIN_ROLE_NONE));
    return 0;
}
