/* The two gates of the format, each a test of its own too: gates NAME. */
#include "unit/emitter_bom_index/bom_kit.h"

static void BOMIndexGoldenIsStable(void **state) {
    (void)state;
    stella_bom bom;
    stella_bom_component components[3];
    vector_bom(&bom, components);
    STELLA_AUTO(stella_buf_fini) stella_buf first = emit_bom(&bom, 0, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf second = emit_bom(&bom, STELLA_EMIT_COLOR, 80);
    assert_true(stella_testing_golden(FIXTURES "worked-vector.bin", stella_buf_sv(&first)));
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.ptr, second.ptr, first.len);
    STELLA_AUTO(stella_buf_fini) stella_buf sample = emit_sample(0, 0);
    assert_true(stella_testing_golden(GOLDEN "bom-index.bin", stella_buf_sv(&sample)));
}

static void is_reached(const bom_index *index, const char *identity, int by_init, int by_start) {
    const bom_index_row row = row_of(index, identity);
    assert_int_equal(roaring_has(&row.entrypoints, 0), by_init);
    assert_int_equal(roaring_has(&row.entrypoints, 1), by_start);
    assert_int_equal(row.entrypoints.count, by_init + by_start);
}

static void UsageFlagsAreAccurate(void **state) {
    (void)state;
    stella_bom bom;
    stella_bom_component components[3];
    vector_bom(&bom, components);
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    const bom_index index = index_of(&bom, &text);
    assert_true(index.has_usage);
    is_reached(&index, "pkg:npm/a", 0, 1);
    is_reached(&index, "pkg:npm/b", 1, 1);
    is_reached(&index, "pkg:npm/c", 0, 0);
    bom.entrypoints.count = 0;
    for (size_t i = 0; i < STELLA_COUNT(components); i++)
        components[i].entrypoints.count = 0;
    STELLA_AUTO(stella_buf_fini) stella_buf other = {0};
    assert_false(index_of(&bom, &other).has_usage);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(BOMIndexGoldenIsStable),
        cmocka_unit_test(UsageFlagsAreAccurate),
    };
    if (argc < 2)
        return cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; i < STELLA_COUNT(tests); i++)
        if (strcmp(tests[i].name, argv[1]) == 0) {
            const struct CMUnitTest one[] = {tests[i]};
            return cmocka_run_group_tests(one, NULL, NULL);
        }
    return 2;
}
