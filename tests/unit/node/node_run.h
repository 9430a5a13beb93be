/* node_run.h - runs of the analyzer, and the packages in their text as sorted lines "name@version". */
#ifndef TESTS_NODE_RUN_H
#define TESTS_NODE_RUN_H

#include "os_run.h"

#include <stella/json.h>

#define DATA   STELLA_SOURCE_DIR "/tests/data/node/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/node/"

static inline stella_buf run_over(const char *root) {
    return run_as(NULL, &root, 1, 0);
}

static inline int by_text(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Adds them in order, each once, a line each. */
static inline void add_sorted(stella_buf *out, char **lines, size_t count) {
    qsort(lines, count, sizeof *lines, by_text);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(lines[i - 1], lines[i]) != 0)
            assert_int_equal(stella_buf_printf(out, "%s\n", lines[i]), STELLA_OK);
}

/* "pkg:npm/%40scope/a@1.0.0" as "@scope/a@1.0.0". */
static inline char *plain_name(stella_arena *arena, stella_sv ref) {
    ref = stella_sv_skip(ref, strlen("pkg:npm/"));
    if (stella_sv_starts(ref, STELLA_SV("%40")))
        ref = stella_arena_printf(arena, "@%.*s", STELLA_SV_FMT(stella_sv_skip(ref, 3)));
    return stella_arena_cstr(arena, ref);
}

/* The packages of a run's text whose flags (STELLA_COMPONENT_*), of those in the mask, are these. */
static inline stella_buf packages_of(const stella_buf *text, uint64_t mask, uint64_t flags) {
    stella_arena *arena = stella_arena_create((uint64_t)512 << 20);
    const stella_json *root = NULL;
    stella_buf out = stella_buf_of((size_t)1 << 24);
    assert_int_equal(stella_json_parse(stella_buf_sv(text), arena, &root, NULL), STELLA_OK);
    const stella_json *components = stella_json_get(root, "components");
    char **lines = stella_arena_alloc(arena, components->count + 1, sizeof *lines);
    size_t count = 0;
    for (uint32_t i = 0; i < components->count; i++) {
        uint64_t has = 0;
        (void)stella_json_u64(stella_json_get(&components->items[i], "flags"), &has);
        if ((has & mask) == flags)
            lines[count++] = plain_name(arena, stella_json_str(stella_json_get(&components->items[i], "ref")));
    }
    add_sorted(&out, lines, count);
    stella_arena_destroy(arena);
    return out;
}

static inline void assert_packages(const stella_buf *text, uint64_t mask, uint64_t flags, const char *wanted) {
    STELLA_AUTO(stella_buf_fini) stella_buf got = packages_of(text, mask, flags);
    assert_string_equal(got.len ? got.ptr : "", wanted);
}

#endif
