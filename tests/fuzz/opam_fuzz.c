/* Fields of an opam file: every item has a field, its texts are no longer than the file. */
#include "ocaml/opam.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    assert(arena);
    opam_reader reader = opam_open(stella_sv_of((const char *)data, size), arena);
    opam_item item;
    while (opam_next(&reader, &item, NULL) == STELLA_OK && item.field.ptr)
        assert(item.field.len && item.text.len + item.filter.len < size && item.line && item.is_exact >= 0);
    return 0;
}
