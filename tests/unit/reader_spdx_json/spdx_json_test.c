#include "check.h"
#include "data.h"

#include <stella/auto.h>
#include <stella/testing.h>

#define SEEDS STELLA_SOURCE_DIR "/tests/fuzz/seeds/read_spdx_json/"

static stella_status read_seed(const char *name, stella_buf *text, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    char path[512];
    snprintf(path, sizeof path, SEEDS "%s", name);
    const stella_sv document = data_read(path, arena);
    assert_non_null(document.ptr);
    return stella_testing_read(&stella_plugin, document, text, err);
}

static void reads_what_the_document_says(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    stella_error err = {0};
    if (read_seed("whole", &text, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    assert_true(stella_testing_golden(STELLA_SOURCE_DIR "/tests/golden/readers/spdx_json.txt", stella_buf_sv(&text)));
}

static void members_of_the_wrong_kind_are_passed_over(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    stella_error err = {0};
    if (read_seed("odd", &text, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    assert_non_null(memmem(text.ptr, text.len, "\"x\"", strlen("\"x\""))); /* what is left is told */
}

static void another_document_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    stella_error err = {0};
    assert_int_equal(read_seed("other", &text, &err), STELLA_E_FORMAT);
    assert_int_equal(text.len, 0);
    assert_int_equal(stella_testing_read(&stella_plugin, STELLA_SV("{}"), &text, &err), STELLA_E_UNSUPPORTED);
}

/* In any order, many, and twice: the first one of an id counts. */
static void references_to_licenses_are_found_by_their_ids(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf document = stella_buf_of(8u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    stella_error err = {0};
    stella_buf_printf(&document, "{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"n\","
                                 "\"packages\":[{\"SPDXID\":\"SPDXRef-a\",\"name\":\"a\",\"versionInfo\":\"1\","
                                 "\"licenseDeclared\":\"LicenseRef-7 AND LicenseRef-19999 AND LicenseRef-twice\"}],"
                                 "\"hasExtractedLicensingInfos\":[");
    for (int i = 20000; i-- > 0;)
        stella_buf_printf(&document,
                          "{\"licenseId\":\"LicenseRef-%d\",\"extractedText\":\"Words %d\","
                          "\"name\":\"Words %d\"},",
                          i, i, i);
    for (int i = 0; i < 2; i++)
        stella_buf_printf(&document,
                          "%s{\"licenseId\":\"LicenseRef-twice\",\"extractedText\":\"Twice %d\","
                          "\"name\":\"Twice %d\"}",
                          i ? "," : "", i, i);
    stella_buf_printf(&document, "]}");
    if (stella_testing_read(&stella_plugin, stella_buf_sv(&document), &text, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    assert_non_null(memmem(text.ptr, text.len, "Words 7\"", strlen("Words 7\"")));
    assert_non_null(memmem(text.ptr, text.len, "Words 19999\"", strlen("Words 19999\"")));
    assert_non_null(memmem(text.ptr, text.len, "Twice 0", strlen("Twice 0")));
    assert_null(memmem(text.ptr, text.len, "Twice 1", strlen("Twice 1")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_document_says),
        cmocka_unit_test(members_of_the_wrong_kind_are_passed_over),
        cmocka_unit_test(another_document_is_refused),
        cmocka_unit_test(references_to_licenses_are_found_by_their_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
