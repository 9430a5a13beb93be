#include "lang_run.h"

#define DATA STELLA_SOURCE_DIR "/tests/data/conan/"

static void finds_what_lock_files_of_both_generations_name(void **state) {
    (void)state;
    matches_golden("conan", "one", 3, 2);
    matches_golden("conan", "two", 3, 0);
}

static void finds_what_a_project_requires(void **state) {
    (void)state;
    matches_golden("conan", "project", 3, 0);
}

static void finds_what_a_cache_holds(void **state) {
    (void)state;
    matches_golden("conan", "cache", 2, 1);
}

static void the_lists_of_others_tests_are_found(void **state) {
    (void)state;
    finds_expected("lang/conan/happy_v1_case2", "conan");
    finds_expected("lang/conan/happy_v2", "conan");
}

static void bad_references_are_noted_or_left_out(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file("conan.lock", STELLA_SV("{\"requires\": [\"a\", \"/1\", \"b/\", 7, null, {}, \"c/[~1]\", "
                                         "\"d/1\\u0007\", \"e e/1\", \"../1\", \"good/1\"]}"));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "pkg:conan/good@1"));
    assert_int_equal(count_of(&text, "without a valid"), 3);
}

static void a_lock_of_wrong_types_is_survived(void **state) {
    (void)state;
    static const char *const bad[] = {"[]",
                                      "{\"graph_lock\": []}",
                                      "{\"graph_lock\": {\"nodes\": [1]}}",
                                      "{\"graph_lock\": {\"nodes\": {\"1\": {\"ref\": [], \"requires\": {}}}}}",
                                      "{\"requires\": {\"a\": 1}}",
                                      "3"};
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("conan.lock", stella_sv_cstr(bad[i]));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
    }
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {"good/conanfile.txt", STELLA_SV("[requires]\ngood/1\n"), "pkg:conan/good@1"};
    survives_beside(&good, "conan.lock",
                    STELLA_SV("{\"graph_lock\": {\"nodes\": {\"1\": {\"ref\": \"a/1\", \"requires\": "
                              "[\"2\"]}, \"2\": {\"ref\": \"b/2\"}}}}"));
    survives_beside(&good, "data/zlib/1/_/_/package/1/conaninfo.txt", STELLA_SV("[full_requires]\n  a/1\n"));
    survives_beside(&good, "conanfile.txt", STELLA_SV("[requires]\na/1@b/c\n[tool_requires]\nd/2#1\n"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "cache", 3);
    fail_each_allocation(DATA "one", 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_lock_files_of_both_generations_name),
        cmocka_unit_test(finds_what_a_project_requires),
        cmocka_unit_test(finds_what_a_cache_holds),
        cmocka_unit_test(the_lists_of_others_tests_are_found),
        cmocka_unit_test(bad_references_are_noted_or_left_out),
        cmocka_unit_test(a_lock_of_wrong_types_is_survived),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
