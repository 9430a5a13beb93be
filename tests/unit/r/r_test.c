#include "r/description.h"

#include "data.h"
#include "lang_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/r/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/r/"
#define SITE   "usr/lib/R/site-library/"

static void finds_installed_packages(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "installed");
    assert_true(stella_testing_golden(GOLDEN "installed.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 6);
    assert_true(has(&text, "pkg:cran/xtable@1.8-4"));
}

static void what_renv_has_locked_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "renv");
    assert_true(stella_testing_golden(GOLDEN "renv.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"from\""), 2);
    assert_true(has(&text, "vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Frstudio%2Fpromises%40dbd9"));
}

static void licenses_of_r_become_expressions(void **state) {
    static const char *const cases[][2] = {
        {"GPL (>= 2)", "GPL-2.0-or-later"},
        {"GPL-2 | GPL-3", "GPL-2.0-only OR GPL-3.0-only"},
        {"MIT + file LICENSE", "MIT"},
        {"LGPL (>= 2.1) | file LICENCE", "LGPL-2.1-or-later"},
        {"Apache License (== 2.0)", "Apache-2.0"},
        {"BSD_3_clause + file LICENSE | GPL", "BSD-3-Clause OR GPL-1.0-or-later"},
        {"Artistic-2.0", "Artistic-2.0"},
        {"GPL (> 2)", ""},
        {"file LICENSE", ""},
        {"Part of R 4.2.2", ""},
        {"", ""},
    };
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        const stella_sv license = description_license(stella_sv_cstr(cases[i][0]), arena);
        if (!stella_sv_eq(license, stella_sv_cstr(cases[i][1])))
            fail_msg("%s: %.*s", cases[i][0], STELLA_SV_FMT(license));
    }
}

static void fields_may_go_over_several_lines(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(
        &root, SITE "a/DESCRIPTION",
        STELLA_SV(
            "\xef\xbb\xbfPackage: a\r\nVersion: 1.0-2\r\nUnknown: x\r\n  Built: no\r\nImports:\r\n    b (>= 1),\r\n"
            "\tc\r\nDepends: R (>= 3.5)\r\nBuilt: R 4.2.2; ; x; unix\r\n"));
    scratch_write(&root, SITE "b/DESCRIPTION", STELLA_SV("Package: b\nVersion: 2\nBuilt: R\nbiocViews: X\n"));
    scratch_write(&root, SITE "c/DESCRIPTION", STELLA_SV("Package: c\nVersion: 3\n")); /* was not installed */
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 3);
    assert_int_equal(count_of(&text, "\"from\""), 1);
    assert_int_equal(count_of(&text, "\"flags\": 1"), 1);
    assert_true(has(&text, "pkg:cran/b@2?repository_url=https:%2F%2Fbioconductor.org"));
}

static void other_files_of_that_name_are_stepped_over(void **state) {
    static const char *const other[] = {"", "Package: a\n", "Version: 1\nBuilt: R", "A text: of words\n",
                                        "\xff\xfe\x50"};
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(other); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("x/DESCRIPTION", stella_sv_cstr(other[i]));
        assert_int_equal(count_of(&text, "\"ref\"") + count_of(&text, "\"message\""), 0);
    }
}

static void names_that_are_none_are_noted(void **state) {
    static const char *const bad[] = {"Package: a/b\nVersion: 1\n", "Package: a b\nVersion: 1\n",
                                      "Package: \x01\nVersion: 1\n", "Package: a\nVersion: 1\xff\n",
                                      "Package: ..\nVersion: 1\n"};
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(SITE "x/DESCRIPTION", stella_sv_cstr(bad[i]));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
        assert_int_equal(count_of(&text, "\"message\""), 1);
    }
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("renv.lock", STELLA_SV("{\"Packages\":{\"a\":{\"Version\":\"1\"},"
                                                      "\"b\":7,\"c\":{\"Package\":\"c\"}}}"));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "\"message\""), 2);
    STELLA_AUTO(stella_buf_fini) stella_buf empty = run_file("renv.lock", STELLA_SV("[]"));
    assert_int_equal(count_of(&empty, "\"message\""), 1);
}

static void lock_files_within_packages_are_stepped_over(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, SITE "a/DESCRIPTION", STELLA_SV("Package: a\nVersion: 1\nBuilt: R"));
    scratch_write(&root, SITE "a/tests/renv.lock",
                  STELLA_SV("{\"Packages\":{\"i\":{\"Package\":\"inner\",\"Version\":\"1\"}}}"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
}

static void broken_files_take_nothing_with_them(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {SITE "good/DESCRIPTION", STELLA_SV("Package: good\nVersion: 1\nBuilt: R"),
                            "pkg:cran/good@1"};
    (void)state;
    survives_beside(&good, SITE "bad/DESCRIPTION", data_read(DATA "installed/" SITE "xtable/DESCRIPTION", arena));
    survives_beside(&good, "renv.lock", data_read(DATA "renv/renv.lock", arena));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "installed", 5);
    fail_each_allocation(DATA "renv", 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_installed_packages),
        cmocka_unit_test(what_renv_has_locked_is_declared),
        cmocka_unit_test(licenses_of_r_become_expressions),
        cmocka_unit_test(fields_may_go_over_several_lines),
        cmocka_unit_test(other_files_of_that_name_are_stepped_over),
        cmocka_unit_test(names_that_are_none_are_noted),
        cmocka_unit_test(lock_files_within_packages_are_stepped_over),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
