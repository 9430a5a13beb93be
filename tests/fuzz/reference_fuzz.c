/* Image references: what is accepted makes one URL and no other, and its full name is accepted again as the same. */
#include "plugins/scanner/sources/registry/reference.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void assert_plain(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        assert(text.ptr[i] > 0x20 && text.ptr[i] < 0x7f && !strchr("?#@\\%\"", text.ptr[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    reference r, again;
    if (!arena || reference_parse((stella_sv){(const char *)data, size}, arena, &r, NULL) != STELLA_OK)
        return 0;
    assert_plain(r.host);
    assert_plain(r.repository);
    assert_plain(r.tag);
    assert(r.host.len && r.repository.len && reference_selector(&r).len);
    assert(reference_parse(reference_text(&r, arena), arena, &again, NULL) == STELLA_OK);
    assert(stella_sv_eq(r.host, again.host) && stella_sv_eq(r.repository, again.repository) &&
           stella_sv_eq(reference_selector(&r), reference_selector(&again)));
    return 0;
}
