#include "lang_run.h"

#define SPDX "opt/bitnami/x/.spdx-x.spdx"

static void finds_what_bitnami_put_into_an_image(void **state) {
    (void)state;
    matches_golden("bitnami", "image", 2, 0);
}

static void packages_of_other_types_and_files_elsewhere_are_left_out(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(SPDX, STELLA_SV("{\"packages\": [{\"externalRefs\": [{\"referenceType\": \"purl\", "
                                               "\"referenceLocator\": \"pkg:npm/a@1\"}]}, {\"externalRefs\": 3}, 4]}"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
    STELLA_AUTO(stella_buf_fini)
    stella_buf other =
        run_file("srv/x.spdx", STELLA_SV("{\"packages\": [{\"externalRefs\": [{\"referenceType\": \"purl\", "
                                         "\"referenceLocator\": \"pkg:bitnami/a@1\"}]}]}"));
    assert_int_equal(count_of(&other, "\"ref\""), 0);
}

static void components_without_a_valid_name_are_noted(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file("opt/bitnami/.bitnami_components.json",
                 STELLA_SV("{\"a/b\": {\"version\": \"1\"}, \"c\": {\"version\": \"1\\u0001\"}, \"d\": {}, \"e\": 3, "
                           "\"f\": {\"version\": \"2\", \"arch\": \"x y\"}}"));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "\"pkg:bitnami/f@2\""));
    assert_int_equal(count_of(&text, "without a valid"), 2);
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {"opt/bitnami/.bitnami_components.json", STELLA_SV("{\"good\": {\"version\": \"1\"}}"),
                            "pkg:bitnami/good@1"};
    survives_beside(
        &good, SPDX,
        STELLA_SV("{\"packages\": [{\"SPDXID\": \"a\", \"licenseDeclared\": \"MIT\", \"externalRefs\": [{"
                  "\"referenceType\": \"purl\", \"referenceLocator\": \"pkg:bitnami/a@1?arch=amd64\"}]}]}"));
    survives_beside(&good, "x/.bitnami_components.json",
                    STELLA_SV("{\"a\": {\"version\": \"1\", \"arch\": \"amd64\"}}"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/bitnami/image", 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_bitnami_put_into_an_image),
        cmocka_unit_test(packages_of_other_types_and_files_elsewhere_are_left_out),
        cmocka_unit_test(components_without_a_valid_name_are_noted),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
