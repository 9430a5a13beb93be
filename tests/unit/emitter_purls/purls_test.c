#include "unit/emitter_run.h"

static void lists_each_package_url_once_in_order(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    stella_bom bom = *stella_testing_bom(arena, 0);
    const stella_bom_component all[] = {{.ref = STELLA_SV("pkg:npm/b"), .purl = STELLA_SV("pkg:npm/b")},
                                        {.ref = STELLA_SV("pkg:npm/a|z"), .purl = STELLA_SV("pkg:npm/a")},
                                        {.ref = STELLA_SV("operating-system:debian@12")},
                                        {.ref = STELLA_SV("pkg:npm/a|y"), .purl = STELLA_SV("pkg:npm/a")}};
    bom.components = (stella_list){.items = all, .count = STELLA_COUNT(all), .stride = sizeof all[0]};
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(&bom, 0, 0);
    assert_int_equal(text.len, 20);
    assert_memory_equal(text.ptr, "pkg:npm/a\npkg:npm/b\n", 20);
}

static void a_result_without_any_is_an_empty_file(void **state) {
    (void)state;
    const stella_bom bom = {.head = STELLA_HEAD(stella_bom)};
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(&bom, 0, 0);
    assert_int_equal(text.len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_each_package_url_once_in_order),
        cmocka_unit_test(a_result_without_any_is_an_empty_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
