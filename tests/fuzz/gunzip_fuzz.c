/* A gzip file: never more than the limit, and an end. */
#include "common/gunzip.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    gunzip *g = arena ? gunzip_of_bytes(stella_sv_of((const char *)data, size), 1u << 20, arena) : NULL;
    stella_sv piece = {0};
    uint64_t total = 0;
    assert(g);
    while (gunzip_next(g, &piece, NULL) == STELLA_OK && piece.len)
        total += piece.len;
    assert(total <= 1u << 20);
    return 0;
}
