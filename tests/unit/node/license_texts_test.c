/* Texts of licenses beside package.json. */
#define LICENSE_PATH "app/node_modules/x/LICENSE"
#include "license_tests.h"

static void put_package(const scratch_root *root, int stated) {
    char text[512];
    snprintf(text, sizeof text, "{\"name\":\"x\",\"version\":\"1.0.0\"%s}", stated ? ",\"license\":\"ISC\"" : "");
    scratch_write(root, "app/node_modules/x/package.json", stella_sv_cstr(text));
}

static void a_text_is_only_evidence_beside_a_stated_license(void **state) {
    (void)state;
    license_is_only_evidence();
}

static void a_text_deeper_in_a_package_is_not_that_of_the_package(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put_package(&root, 0);
    license_put(&root, "app/node_modules/x/vendor/LICENSE", "MIT");
    license_put(&root, "app/node_modules/x-y/LICENSE", "MIT");
    STELLA_AUTO(stella_buf_fini) stella_buf text = license_run(root.path, STELLA_OPTION_LICENSE_TEXTS);
    assert_true(has(&text, "\"ref\""));
    assert_false(has(&text, "MIT"));
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
