#include "check.h"
#include "overlay_model.h"

static void the_view_equals_layers_applied_one_after_the_other(void **state) {
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 4000; round++) {
        uint8_t bytes[160];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            bytes[i] = (uint8_t)(seed >> 40);
        }
        assert_true(model_holds(bytes, sizeof bytes));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_view_equals_layers_applied_one_after_the_other)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
