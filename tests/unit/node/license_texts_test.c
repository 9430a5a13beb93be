/* Texts of licenses beside package.json. */
#include "license_run.h"

#define LICENSE_PATH "app/node_modules/x/LICENSE"
#define STATED       ",\"license\":\"ISC\""

static void put(const scratch_root *root, const char *more) {
    char text[512];
    snprintf(text, sizeof text, "{\"name\":\"x\",\"version\":\"1.0.0\"%s}", more);
    scratch_write(root, "app/node_modules/x/package.json", stella_sv_cstr(text));
}

static void without_the_option_texts_say_nothing(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put(&root, "");
    license_put(&root, LICENSE_PATH, "MIT");
    STELLA_AUTO(stella_buf_fini) stella_buf text = license_run(root.path, 0);
    assert_true(has(&text, "\"ref\""));
    assert_false(has(&text, "license-text"));
    assert_false(has(&text, "MIT"));
}

static void a_text_is_the_license_of_what_states_none(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put(&root, "");
    license_put(&root, LICENSE_PATH, "MIT");
    STELLA_AUTO(stella_buf_fini) stella_buf text = license_run(root.path, STELLA_OPTION_LICENSE_TEXTS);
    assert_true(has(&text, "\"MIT 100% " LICENSE_PATH "\""));
    assert_true(has(&text, "\"license-text\""));
    assert_true(has(&text, "\"MIT\""));
}

static void a_text_is_only_evidence_beside_a_stated_license(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put(&root, STATED);
    license_put(&root, LICENSE_PATH, "MIT");
    STELLA_AUTO(stella_buf_fini) stella_buf text = license_run(root.path, STELLA_OPTION_LICENSE_TEXTS);
    assert_true(has(&text, "\"MIT 100% " LICENSE_PATH "\""));
    assert_true(has(&text, "\"ISC\""));
    assert_false(has(&text, "\"MIT\""));
}

static void a_text_deeper_in_a_package_is_not_that_of_the_package(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put(&root, "");
    license_put(&root, "app/node_modules/x/vendor/LICENSE", "MIT");
    license_put(&root, "app/node_modules/x-y/LICENSE", "MIT");
    STELLA_AUTO(stella_buf_fini) stella_buf text = license_run(root.path, STELLA_OPTION_LICENSE_TEXTS);
    assert_true(has(&text, "\"ref\""));
    assert_false(has(&text, "MIT"));
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put(&root, "");
    license_put(&root, LICENSE_PATH, "MIT");
    license_fail_each_allocation(root.path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_option_texts_say_nothing),
        cmocka_unit_test(a_text_is_the_license_of_what_states_none),
        cmocka_unit_test(a_text_is_only_evidence_beside_a_stated_license),
        cmocka_unit_test(a_text_deeper_in_a_package_is_not_that_of_the_package),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
