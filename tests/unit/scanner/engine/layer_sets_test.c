#include "check.h"

#include "layer_sets.h"

#include <stella/auto.h>

/* The layers whose bits are set. */
static uint32_t layers_of(uint32_t bits, uint32_t layers[32]) {
    uint32_t count = 0;
    for (uint32_t layer = 0; layer < 32; layer++)
        if (bits >> layer & 1)
            layers[count++] = layer;
    return count;
}

static void equal_sets_are_one_and_different_ones_two(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    layer_sets all = {.arena = arena};
    uint32_t layers[32], index;
    for (int round = 0; round < 2; round++)
        for (uint32_t bits = 1; bits <= 5000; bits++) {
            const uint32_t count = layers_of(bits, layers);
            assert_int_equal(layer_sets_add(&all, layers, count, &index), STELLA_OK);
            assert_int_equal(index, bits - 1);
        }
    for (uint32_t bits = 1; bits <= 5000; bits++) {
        const uint32_t count = layers_of(bits, layers);
        assert_int_equal(layer_sets_at(&all, bits - 1)->count, count);
        assert_memory_equal(layer_sets_at(&all, bits - 1)->layers, layers, count * sizeof *layers);
    }
}

static void a_million_uses_of_a_set_take_no_more_than_one(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 10);
    layer_sets all = {.arena = arena};
    uint32_t layers[32], index;
    const uint32_t count = layers_of(0xffffffffu, layers);
    for (int i = 0; i < 1000000; i++)
        assert_int_equal(layer_sets_add(&all, layers, count, &index), STELLA_OK);
    assert_int_equal(index, 0);
}

static void a_spent_budget_is_an_error_and_what_was_there_stays(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 10);
    layer_sets all = {.arena = arena};
    uint32_t layers[32], index = 77, bits = 1;
    stella_status status = STELLA_OK;
    for (; bits < 100000 && status == STELLA_OK; bits++)
        status = layer_sets_add(&all, layers, layers_of(bits, layers), &index);
    assert_int_equal(status, STELLA_E_NOMEM);
    assert_int_equal(index, bits - 3); /* of the last that fitted */
    assert_int_equal(layer_sets_at(&all, 0)->layers[0], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_sets_are_one_and_different_ones_two),
        cmocka_unit_test(a_million_uses_of_a_set_take_no_more_than_one),
        cmocka_unit_test(a_spent_budget_is_an_error_and_what_was_there_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
