#include "lang_run.h"

#define UUID "uuid = \"682c06a0-de6a-54ab-a142-c8b1cf79cde6\"\n"

static void finds_what_manifests_of_both_formats_name(void **state) {
    (void)state;
    matches_golden("julia", "one", 2, 1);
    matches_golden("julia", "two", 2, 1); /* one more, were the standard library listed */
}

static void finds_what_a_depot_holds(void **state) {
    (void)state;
    matches_golden("julia", "depot", 2, 1);
}

static void entries_of_wrong_types_are_left_out(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(
        "Manifest.toml", STELLA_SV("a = 1\nb = [1, \"x\"]\n[[c]]\nversion = 3\n" UUID "[[d]]\nversion = \"1\"\n"
                                   "[[e]]\nversion = \"1\"\ndeps = 3\n" UUID "[[\"../f\"]]\nversion = \"1\"\n" UUID));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "pkg:julia/e@1?uuid=682c06a0-de6a-54ab-a142-c8b1cf79cde6"));
    assert_int_equal(count_of(&text, "without a uuid"), 1);
    assert_int_equal(count_of(&text, "without a valid name"), 1);
}

static void projects_that_are_no_package_of_a_depot_are_left_out(void **state) {
    (void)state;
    static const char *const paths[] = {"x/packages/JSON/93Ea8/test/Project.toml", "packages/Other/93Ea8/Project.toml",
                                        "app/Project.toml"};
    for (uint32_t i = 0; i < STELLA_COUNT(paths); i++) {
        STELLA_AUTO(stella_buf_fini)
        stella_buf text = run_file(paths[i], STELLA_SV("name = \"JSON\"\nversion = \"1\"\n" UUID));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
    }
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {"good/Manifest.toml", STELLA_SV("[[Good]]\nversion = \"1\"\n" UUID), "pkg:julia/Good@1?"};
    survives_beside(&good, "bad/Manifest.toml",
                    STELLA_SV("manifest_format = \"2.0\"\n[[deps.A]]\ndeps = [\"B\"]\nversion = \"1\"\n" UUID));
    survives_beside(&good, "root/.julia/packages/A/x/Project.toml",
                    STELLA_SV("name = \"A\"\nversion = \"1\"\n" UUID "[deps]\nB = \"1\"\n"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/julia/two", 2);
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/julia/depot", 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_manifests_of_both_formats_name),
        cmocka_unit_test(finds_what_a_depot_holds),
        cmocka_unit_test(entries_of_wrong_types_are_left_out),
        cmocka_unit_test(projects_that_are_no_package_of_a_depot_are_left_out),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
