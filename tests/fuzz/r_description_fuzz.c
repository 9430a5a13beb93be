/* DESCRIPTION of an R package: fields and names are parts of the input. */
#include "r/description.h"

#include <assert.h>

static void check(stella_sv part, stella_sv whole) {
    assert(part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    const description d = description_read(text);
    const stella_sv parts[] = {d.package, d.version, d.license, d.title, d.maintainer, d.url, d.built, d.remote_sha};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        check(parts[i], text);
    for (int i = 0; i < 3; i++) {
        stella_sv list = d.needs[i], name;
        while (description_next(&list, &name)) {
            assert(name.len);
            check(name, text);
        }
    }
    stella_arena *arena = stella_arena_create(1u << 24);
    if (arena)
        (void)description_license(d.license, arena);
    stella_arena_destroy(arena);
    return 0;
}
