/* What is read as a result can be compared with itself, and is the same. */
#include "plugins/scanner/engine/diff_changes.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const stella_sv document = stella_sv_of((const char *)data, size);
    diff_side old, new;
    diff_result result;
    if (!arena || diff_read(document, arena, &old, NULL) != STELLA_OK ||
        diff_read(document, arena, &new, NULL) != STELLA_OK)
        return 0;
    if (diff_compare(&old, &new, DIFF_INVENTORY, arena, &result, NULL) != STELLA_OK)
        return 0;
    assert(result.counts.of[DIFF_ADDED] == 0 && result.counts.of[DIFF_REMOVED] == 0);
    assert(result.layers.shared <= old.layer_count);
    return 0;
}
