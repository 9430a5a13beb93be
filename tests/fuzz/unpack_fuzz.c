/* A gzip, zstd or xz file: never more than the limit, and an end. */
#include "common/unpack/unpack.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const unpack_source source = {.first = stella_sv_of((const char *)data, size)};
    const unpack_format format = unpack_format_of(source.first);
    if (format == UNPACK_NONE)
        return 0;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    STELLA_AUTO(unpack_destroyp) unpack *u = unpack_create(format, &source, 1u << 20, arena);
    stella_sv piece = {0};
    uint64_t total = 0;
    assert(u);
    while (unpack_next(u, &piece, NULL) == STELLA_OK && piece.len)
        total += piece.len;
    assert(total <= 1u << 20);
    return 0;
}
