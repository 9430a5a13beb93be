/* store.h - a state store in a directory of its own, for the tests of this folder. */
#ifndef TESTS_UNIT_STATE_STORE_H
#define TESTS_UNIT_STATE_STORE_H

#include "check.h"

#include "state/state.h"

#include <stella/auto.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[64];
static state *store;
static stella_arena *arena;
static int64_t now_ms;

static inline int64_t fake_now(void) {
    return now_ms;
}

static inline stella_status open_store(uint64_t size_max_bytes, stella_error *err) {
    const state_options options = {.dir = dir, .size_max_bytes = size_max_bytes, .wall_ms = fake_now};
    return state_open(&options, &store, err);
}

static inline int make_store(void **s) {
    (void)s;
    snprintf(dir, sizeof dir, "/tmp/state_test.XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    now_ms = 1000;
    arena = stella_arena_create(16u << 20);
    return open_store(64u << 20, NULL) == STELLA_OK && arena ? 0 : -1;
}

static inline int remove_store(void **s) {
    (void)s;
    char command[128];
    state_closep(&store);
    stella_arena_destroyp(&arena);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command);
}

static inline stella_state_op op_of(uint32_t kind, const char *key, const char *value) {
    return (stella_state_op){.struct_size = sizeof(stella_state_op),
                             .kind = kind,
                             .space = STELLA_SV("jobs"),
                             .key = stella_sv_cstr(key),
                             .value = stella_sv_cstr(value)};
}

static inline stella_status commit(const stella_state_op *ops, uint32_t count, stella_error *err) {
    const stella_state *face = state_interface(store);
    return face->commit(face->self, ops, count, sizeof *ops, err);
}

static inline stella_status put(const char *key, const char *value) {
    const stella_state_op op = op_of(STELLA_STATE_PUT, key, value);
    return commit(&op, 1, NULL);
}

/* The value as a string; "-" when there is none. */
static inline const char *value_of(const char *key) {
    const stella_state *face = state_interface(store);
    stella_sv value = {0};
    const stella_status status = face->get(face->self, STELLA_SV("jobs"), stella_sv_cstr(key), arena, &value, NULL);
    return status == STELLA_OK ? stella_arena_cstr(arena, value) : "-";
}

#define STATE_TEST(function) cmocka_unit_test_setup_teardown(function, make_store, remove_store)

#endif
