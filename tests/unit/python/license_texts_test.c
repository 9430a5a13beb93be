/* Texts of licenses in dist-info. */
#define LICENSE_PATH "usr/lib/python3.11/site-packages/x-1.dist-info/licenses/LICENSE"
#include "license_tests.h"

static void put_package(const scratch_root *root, int stated) {
    char text[512];
    snprintf(text, sizeof text, "Metadata-Version: 2.1\nName: x\nVersion: 1\n%s\n",
             stated ? "License-Expression: ISC\n" : "");
    scratch_write(root, "usr/lib/python3.11/site-packages/x-1.dist-info/METADATA", stella_sv_cstr(text));
}

static void a_text_is_only_evidence_beside_a_stated_license(void **state) {
    (void)state;
    license_is_only_evidence();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_option_texts_say_nothing),
        cmocka_unit_test(a_text_is_the_license_of_what_states_none),
        cmocka_unit_test(a_text_is_only_evidence_beside_a_stated_license),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
