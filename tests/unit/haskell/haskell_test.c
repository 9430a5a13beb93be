#include "lang_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/haskell/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/haskell/"
#define DB     "usr/lib/ghc/package.conf.d/"

static void finds_what_ghc_has_registered(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "installed");
    assert_true(stella_testing_golden(GOLDEN "installed.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"from\""), 1);
}

static void what_is_frozen_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "frozen");
    assert_true(stella_testing_golden(GOLDEN "frozen.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 6);
}

static void constraints_that_name_no_version_are_left_out(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("x/cabal.project.freeze",
                               STELLA_SV("packages: a ==1\n-- any.c ==1\nconstraints: a ==1.*, b >=2, c +flag,\r\n"
                                         "  setup.d ==3,e==4 || ==5, f == 6\nother: g ==7\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_true(has(&text, "pkg:hackage/d@3"));
    assert_true(has(&text, "pkg:hackage/f@6"));
}

static void fields_are_met_in_any_order_and_case(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(
        "root/.cabal/store/ghc-9.4.7/package.db/x.conf",
        STELLA_SV(
            "LICENSE: odd words\r\nunknown: 1\r\n  more\r\nversion:\r\n  2\r\nName: x\r\ndepends:\r\n\r\n y\r\n"));
    assert_true(has(&text, "pkg:hackage/x@2"));
    assert_true(has(&text, "odd words"));
}

static void the_lists_of_others_tests_are_found(void **state) {
    (void)state;
    finds_expected("lang/cabal/osv", "hackage");
    finds_expected("lang/stack/osv", "hackage");
}

static void a_package_without_a_valid_name_is_noted(void **state) {
    (void)state;
    static const char *const bad[] = {"version: 1\n",          "name: a/b\nversion: 1\n", "name: \xff\nversion: 1\n",
                                      "name: a b\nversion: 1", "name: ..\nversion: 1",    "name: a\nversion: 1\x1b\n"};
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(DB "x.conf", stella_sv_cstr(bad[i]));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
        assert_int_equal(count_of(&text, "without a valid"), 1);
    }
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {DB "good.conf", STELLA_SV("name: good\nversion: 1\n"), "pkg:hackage/good@1"};
    survives_beside(&good, DB "bad.conf",
                    STELLA_SV("name: bad\nversion: 1.2\nid: bad-1.2\nlicense: MIT\ndepends:\n  good-1\n"));
    survives_beside(&good, "stack.yaml.lock",
                    STELLA_SV("packages:\n- completed:\n    hackage: a-1@sha256:00,1\n  original: a-1\n"));
    survives_beside(&good, "cabal.project.freeze", STELLA_SV("constraints: any.x ==1.2,\n  any.y ==3\n"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "installed", 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_ghc_has_registered),
        cmocka_unit_test(what_is_frozen_is_declared),
        cmocka_unit_test(constraints_that_name_no_version_are_left_out),
        cmocka_unit_test(fields_are_met_in_any_order_and_case),
        cmocka_unit_test(the_lists_of_others_tests_are_found),
        cmocka_unit_test(a_package_without_a_valid_name_is_noted),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
