#define READER "spdx_json"
#include "reader_run.h"

static void members_of_the_wrong_kind_are_passed_over(void **state) {
    (void)state;
    reader_passes_over_members("\"x\"");
}

static void a_document_that_is_cut_anywhere_is_refused(void **state) {
    (void)state;
    reader_refuses_beginnings(1);
}

static void what_is_no_document_is_refused(void **state) {
    (void)state;
    static const stella_sv documents[] = {
        STELLA_SV_INIT("{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"n\",\"name\":\"m\"}"),
        STELLA_SV_INIT("{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"n\",\"packages\":[{"
                       "\"SPDXID\":\"SPDXRef-a\",\"name\":\"a\",\"name\":\"b\"}]}"),
        STELLA_SV_INIT("{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"\xff\xfe\"}"),
        STELLA_SV_INIT(
            "{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"n\",\"x\":\"\\ud800\"}"),
        STELLA_SV_INIT("{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"n\",\"x\":1} {}"),
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        reader_refuses(documents[i], STELLA_E_FORMAT);
}

static void what_nests_too_deep_is_refused(void **state) {
    (void)state;
    reader_refuses_depth("{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"n\",\"packages\":",
                         "[", 100000, STELLA_E_LIMIT);
}

static void many_components_are_read(void **state) {
    (void)state;
    reader_reads_many("{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"n\",\"packages\":[",
                      ",{\"SPDXID\":\"SPDXRef-#\",\"name\":\"n#\",\"versionInfo\":\"1\"}", "]}", 50000,
                      "\"name\": \"n");
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
        cmocka_unit_test(short_memory_is_told),
        cmocka_unit_test(a_document_that_is_cut_anywhere_is_refused),
        cmocka_unit_test(what_is_no_document_is_refused),
        cmocka_unit_test(what_nests_too_deep_is_refused),
        cmocka_unit_test(many_components_are_read),
        cmocka_unit_test(references_to_licenses_are_found_by_their_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
