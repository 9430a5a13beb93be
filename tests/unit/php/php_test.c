#include "data.h"
#include "lang_run.h"

#define DATA      STELLA_SOURCE_DIR "/tests/data/php/"
#define GOLDEN    STELLA_SOURCE_DIR "/tests/golden/php/"
#define INSTALLED "app/vendor/composer/installed.json"

static void finds_what_composer_has_installed(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "composer2");
    assert_true(stella_testing_golden(GOLDEN "composer2.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 3); /* as "composer show" */
    assert_true(has(&text, "pkg:composer/acme/devtool@0.9.0-beta1\""));
    assert_true(has(&text, "MIT OR GPL-2.0-or-later"));
    assert_int_equal(count_of(&text, "\"from\""), 2); /* "acme/virtual" is what acme/beta provides: the same edge */
}

static void what_is_locked_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "locked");
    assert_true(stella_testing_golden(GOLDEN "locked.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 3);
}

static void finds_what_pear_has_installed(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "pear");
    assert_true(stella_testing_golden(GOLDEN "pear.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 3);
    assert_int_equal(count_of(&text, "\"from\""), 2); /* PEAR to two of the four it needs */
    assert_true(has(&text, "pkg:pear/pear.php.net/Console_Getopt@1.4.3"));
}

static void the_list_of_composer_1_is_read(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file(INSTALLED, STELLA_SV("\xef\xbb\xbf[{\"name\":\"A/B\",\"version\":\"1.0\",\"license\":\"MIT\","
                                      "\"require\":{\"C/d\":\"*\"},\"unknown\":[{}]},"
                                      "{\"name\":\"c/D\",\"version\":\"dev-main\",\"license\":[\"Odd\",\"MIT\"]}]"));
    assert_true(has(&text, "pkg:composer/a/b@1.0"));
    assert_true(has(&text, "pkg:composer/c/d@dev-main"));
    assert_true(has(&text, "\"name\": \"Odd\""));
    assert_int_equal(count_of(&text, "\"from\""), 1);
}

static void packages_without_a_valid_name_are_noted(void **state) {
    static const char *const bad[] = {
        "[{\"version\":\"1\"}]",
        "[{\"name\":\"novendor\",\"version\":\"1\"}]",
        "[{\"name\":\"a/../b\",\"version\":\"1\"}]",
        "[{\"name\":7}]",
        "[{\"name\":\"a/b\\u0007\",\"version\":\"1\"}]",
        "[{\"name\":\"a/b\",\"version\":\"1 2\"}]",
        "[\"a/b\"]",
        "{\"packages\":{}}",
        "{\"packages\":[{\"name\":\"a/b\"}",
        "[{\"name\":\"a\\\\b\"}]",
    };
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(INSTALLED, stella_sv_cstr(bad[i]));
        if (count_of(&text, "\"ref\"") != 0 || count_of(&text, "\"message\"") != 1)
            fail_msg("%s: %s", bad[i], text.ptr);
    }
}

static void nesting_and_numbers_of_values_are_bounded(void **state) {
    STELLA_AUTO(stella_buf_fini) stella_buf deep = stella_buf_of(1u << 20);
    (void)state;
    for (int i = 0; i < 100000; i++)
        stella_buf_add(&deep, STELLA_SV("["));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(INSTALLED, stella_buf_sv(&deep));
    assert_int_equal(count_of(&text, "\"message\""), 1);
}

static void lock_files_within_packages_are_stepped_over(void **state) {
    (void)state;
    const stella_sv lock = STELLA_SV("{\"packages\":[{\"name\":\"x/inner\",\"version\":\"1\"}]}");
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, INSTALLED, STELLA_SV("[]"));
    scratch_write(&root, "app/vendor/a/b/composer.lock", lock);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_false(has(&text, "inner"));
    scratch_write(&root, "app/composer.lock", lock);
    STELLA_AUTO(stella_buf_fini) stella_buf more = run_root(root.path);
    assert_int_equal(count_of(&more, "\"ref\": \"pkg:composer/x/inner@1\""), 1);
}

static void a_registration_that_lies_is_noted(void **state) {
    static const char *const bad[] = {"a:1:{s:4:\"name\";s:3:\"a/b\";}",
                                      "a:2:{s:4:\"name\";s:1:\"a\";s:7:\"channel\";s:3:\"a b\";}",
                                      "a:99:{",
                                      "<?php",
                                      "s:1:\"a\";",
                                      "a:2:{s:4:\"name\";s:1:\"a\";s:7:\"version\";s:1:\"\x01\";}"};
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("p/.registry/a.reg", stella_sv_cstr(bad[i]));
        if (count_of(&text, "\"ref\"") != 0 || count_of(&text, "\"message\"") != 1)
            fail_msg("%s: %s", bad[i], text.ptr);
    }
}

static void an_extension_of_pecl_is_found(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file("usr/share/php/.registry/.channel.pecl.php.net/apcu.reg",
                 STELLA_SV("a:4:{s:4:\"name\";s:4:\"apcu\";s:7:\"channel\";s:12:\"pecl.php.net\";s:7:\"version\";"
                           "a:1:{s:7:\"release\";s:6:\"5.1.21\";}s:8:\"filelist\";a:2:{s:1:\"a\";a:1:{s:12:"
                           "\"installed_as\";s:8:\"/l/../so\";}s:1:\"b\";a:1:{s:12:\"installed_as\";s:5:"
                           "\"/l/so\";}}}"));
    assert_true(has(&text, "pkg:pear/pecl.php.net/apcu@5.1.21"));
    assert_true(has(&text, "\"path\": \"l/so\""));
    assert_false(has(&text, ".."));
}

static void broken_files_take_nothing_with_them(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {"x/" INSTALLED, STELLA_SV("[{\"name\":\"a/good\",\"version\":\"1\"}]"),
                            "pkg:composer/a/good@1"};
    (void)state;
    survives_beside(&good, INSTALLED, data_read(DATA "composer2/" INSTALLED, arena));
    survives_beside(&good, "composer.lock", data_read(DATA "locked/composer.lock", arena));
    survives_beside(&good, "p/.registry/a.reg",
                    data_read(DATA "pear/usr/share/php/.registry/console_getopt.reg", arena));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "composer2", 5);
    fail_each_allocation(DATA "pear", 5);
}

static void published_files_give_their_packages(void **state) {
    char path[512];
    (void)state;
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        skip();
    }
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 24);
    snprintf(path, sizeof path, "%s/scanner/lang/composer/lock", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(path);
    assert_int_equal(count_of(&text, "\"ref\""), 10);
    assert_int_equal(count_of(&text, "\"flags\": 3"), 2);
    snprintf(path, sizeof path, "%s/scanner/lang/composer/installed-v2/installed.json", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf installed = run_file(INSTALLED, data_read(path, arena));
    assert_int_equal(count_of(&installed, "\"ref\""), 2);
    assert_true(has(&installed, "pkg:composer/behat/mink@v1.8.1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_composer_has_installed),
        cmocka_unit_test(what_is_locked_is_declared),
        cmocka_unit_test(finds_what_pear_has_installed),
        cmocka_unit_test(the_list_of_composer_1_is_read),
        cmocka_unit_test(packages_without_a_valid_name_are_noted),
        cmocka_unit_test(nesting_and_numbers_of_values_are_bounded),
        cmocka_unit_test(lock_files_within_packages_are_stepped_over),
        cmocka_unit_test(a_registration_that_lies_is_noted),
        cmocka_unit_test(an_extension_of_pecl_is_found),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(published_files_give_their_packages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
