/* spdx_schema.h - a test for the emitters of SPDX as JSON: the official schema, strictly, by a validator that is not
 * ours. */
#ifndef TESTS_SPDX_SCHEMA_H
#define TESTS_SPDX_SCHEMA_H

#include "unit/emitter_hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline int validate(const stella_bom *bom, const char *data) {
    char path[] = "/tmp/stella-spdx-XXXXXX", command[1024];
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(bom, 0, 0);
    STELLA_AUTO(stella_fd_closep) int fd = mkstemp(path);
    assert_int_equal(write(fd, text.ptr, text.len), (ssize_t)text.len);
    snprintf(command, sizeof command, "python3 %s/tests/check_spdx.py %s/schemas/spdx %s", STELLA_SOURCE_DIR, data,
             path);
    const int result = system(command);
    unlink(path);
    return result;
}

static inline void holds_to_the_official_schema(void **state) {
    (void)state;
    const char *data = getenv("STELLA_TEST_DATA");
    if (!data) {
        print_message("STELLA_TEST_DATA names no folder with schemas: this part is skipped\n");
        skip();
    }
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    assert_int_equal(validate(stella_testing_bom(arena, 0), data), 0);
    assert_int_equal(validate(hostile_bom(arena), data), 0);
}

#endif
