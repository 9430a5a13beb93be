/* emitter_run.h - runs the emitter that the test is linked with. */
#ifndef TESTS_EMITTER_RUN_H
#define TESTS_EMITTER_RUN_H

#include "check.h"

#include <stella/auto.h>
#include <stella/testing.h>

#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/emitters/"

/* The caller frees it with stella_buf_fini. */
static inline stella_buf emit_bom(const stella_bom *bom, uint32_t flags, uint32_t width) {
    stella_buf text = stella_buf_of((size_t)256 << 20);
    stella_error err = {0};
    if (stella_testing_emit(&stella_plugin, bom, flags, width, &text, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    return text;
}

static inline stella_buf emit_sample(uint32_t flags, uint32_t width) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_bom *bom = stella_testing_bom(arena, 0);
    assert_non_null(bom);
    return emit_bom(bom, flags, width);
}

#endif
