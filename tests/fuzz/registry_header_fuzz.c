/* Header fields of a registry's answers: texts lie inside the field or are no longer than it. */
#include "plugins/scanner/sources/registry/header.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv value = {(const char *)data, size};
    challenge c;
    uint64_t first = 0;
    if (!arena)
        return 0;
    if (header_challenge(value, arena, &c, NULL) == STELLA_OK) {
        assert(size <= HEADER_CHALLENGE_BYTES_MAX);
        assert(c.realm.len + c.service.len + c.scope.len <= size);
        assert(c.has_bearer || c.realm.len == 0);
    }
    if (header_range_first(value, &first))
        assert(size > sizeof "bytes ");
    assert(header_media_type(value).len <= size);
    return 0;
}
