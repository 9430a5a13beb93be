/* fixture.h - the small files of tests/data/analyzers_binary, as bytes that a test may damage. */
#ifndef TESTS_BINARY_FIXTURE_H
#define TESTS_BINARY_FIXTURE_H

#include "check.h"
#include "data.h"

#include <stella/auto.h>

static inline stella_sv fixture(stella_arena *arena, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/tests/data/analyzers_binary/%s", STELLA_SOURCE_DIR, name);
    const stella_sv bytes = data_read(path, arena);
    assert_non_null(bytes.ptr);
    return bytes;
}

/* The fixture with that many bytes, least significant first, written at an offset. */
static inline stella_sv damaged(stella_arena *arena, stella_sv bytes, size_t at, uint64_t value, size_t size) {
    stella_sv copy = stella_arena_dup(arena, bytes);
    char *out = (char *)(uintptr_t)copy.ptr;
    assert_true(at + size <= copy.len);
    for (size_t i = 0; i < size; i++)
        out[at + i] = (char)(value >> 8 * i);
    return copy;
}

static inline int is(stella_sv have, const char *want) {
    return stella_sv_eq(have, stella_sv_cstr(want));
}

#endif
