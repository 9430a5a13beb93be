#include "lang_run.h"

#define MAIN "srv/wp-content/plugins/x/x.php"

static void finds_wordpress_its_plugins_and_themes(void **state) {
    (void)state;
    matches_golden("wordpress", "site", 4, 0);
}

static void pieces_of_a_byte_make_no_difference(void **state) {
    (void)state;
    const char *const root = STELLA_SOURCE_DIR "/tests/data/wordpress/site";
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, &root, 1, 1);
    assert_true(stella_testing_golden(STELLA_SOURCE_DIR "/tests/golden/wordpress/site.json", stella_buf_sv(&text)));
}

static void a_header_is_found_as_wordpress_finds_it(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(MAIN, STELLA_SV("<?php # plugin name: X ?>\r\n@Version:1.0*/\r\n * Version: 2\r\n"));
    assert_true(has(&text, "pkg:wordpress-plugin/x@1.0"));
    assert_true(has(&text, "\"X\""));
}

static void a_header_behind_the_first_8_kib_is_none(void **state) {
    (void)state;
    static char file[9000];
    memset(file, ' ', sizeof file);
    memcpy(file + 8500, "\nPlugin Name: x\nVersion: 1\n", 27);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(MAIN, stella_sv_of(file, sizeof file));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
}

static void files_that_are_no_main_file_are_left_out(void **state) {
    (void)state;
    static const char *const paths[] = {"wp-content/plugins/x/inc/x.php", "plugins/x/x.php", "wp-content/x.php",
                                        "wp-content/themes/x/css/style.css"};
    for (uint32_t i = 0; i < STELLA_COUNT(paths); i++) {
        STELLA_AUTO(stella_buf_fini)
        stella_buf text = run_file(paths[i], STELLA_SV("Plugin Name: x\nTheme Name: x\nVersion: 1\n"));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
    }
}

static void versions_that_are_none_are_noted(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(MAIN, STELLA_SV("Plugin Name: x\nVersion: 1 \xff\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
    assert_int_equal(count_of(&text, "without a valid version"), 1);
    STELLA_AUTO(stella_buf_fini)
    stella_buf core = run_file("wp-includes/version.php", STELLA_SV("$wp_version = f();\n$wp_version .= 'x';\n"));
    assert_int_equal(count_of(&core, "\"ref\""), 0);
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {"wp-content/plugins/good/good.php", STELLA_SV("<?php /* Plugin Name: Good\nVersion: 1 */"),
                            "pkg:wordpress-plugin/good@1"};
    survives_beside(&good, MAIN, STELLA_SV("<?php\n/*\nPlugin Name: X\nVersion: 1.0\nLicense: MIT\nAuthor: a\n*/\n"));
    survives_beside(&good, "wp-includes/version.php", STELLA_SV("<?php\n$wp_version = '6.4.2';\n"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/wordpress/site", 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_wordpress_its_plugins_and_themes),
        cmocka_unit_test(pieces_of_a_byte_make_no_difference),
        cmocka_unit_test(a_header_is_found_as_wordpress_finds_it),
        cmocka_unit_test(a_header_behind_the_first_8_kib_is_none),
        cmocka_unit_test(files_that_are_no_main_file_are_left_out),
        cmocka_unit_test(versions_that_are_none_are_noted),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
