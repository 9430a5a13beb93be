/* A bbolt database: whatever is found in it has a digest that is one, and the work is bounded. */
#include "plugins/scanner/sources/containerd/images.h"

#include <stella/auto.h>
#include <stella/digest.h>

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static stella_status read_memory(void *self, uint64_t offset, void *buf, uint64_t size, uint64_t *got,
                                 stella_error *err) {
    const stella_sv *all = self;
    const stella_sv left = offset < all->len ? stella_sv_skip(*all, offset) : stella_sv_of("", 0);
    (void)err;
    *got = size < left.len ? size : left.len;
    if (*got)
        memcpy(buf, left.ptr, *got);
    return STELLA_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    stella_sv bytes = {(const char *)data, size};
    bolt b = {.arena = arena, .self = &bytes, .read = read_memory};
    images_found found;
    if (!arena || bolt_open(&b, NULL) != STELLA_OK)
        return 0;
    if (images_find(&b, STELLA_SV("alpine"), &found, NULL) == STELLA_OK)
        assert(stella_digest_is_valid(found.digest));
    if (images_find(&b, STELLA_SV(""), &found, NULL) == STELLA_OK)
        assert(stella_digest_is_valid(found.digest));
    assert(b.pages_read <= BOLT_PAGES_MAX);
    return 0;
}
