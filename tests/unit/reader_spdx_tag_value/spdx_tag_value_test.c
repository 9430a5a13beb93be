#define READER "spdx_tag_value"
#include "reader_run.h"

static void members_of_the_wrong_kind_are_passed_over(void **state) {
    (void)state;
    reader_passes_over_members("\"x\"");
}

static void a_document_that_is_cut_anywhere_is_refused(void **state) {
    (void)state;
    reader_refuses_beginnings(0);
}

static void what_is_no_document_is_refused(void **state) {
    (void)state;
    static const stella_sv documents[] = {
        STELLA_SV_INIT("SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: doc\nPackageName: "
                       "a\nPackageComment: <text>without an end\n"),
        STELLA_SV_INIT("SPDXVersion: SPDX-2.3\nno tag\n"),
        STELLA_SV_INIT("SPDXVersion: SPDX-3.0\nSPDXID: SPDXRef-DOCUMENT\n"),
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        reader_refuses(documents[i], STELLA_E_FORMAT);
}

/* Bytes that are no UTF-8, and brackets without end, cost the text they stand in at most. */
static void what_is_no_text_is_read_as_far_as_it_goes(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf document = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    stella_error err = {0};
    stella_buf_printf(&document, "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: \xff\xfe\n"
                                 "PackageName: left\nSPDXID: SPDXRef-a\nPackageLicenseDeclared: ");
    for (int i = 0; i < 100000; i++)
        stella_buf_u8(&document, '(');
    if (stella_testing_read(&stella_plugin, stella_buf_sv(&document), &text, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    assert_non_null(memmem(text.ptr, text.len, "\"left\"", strlen("\"left\"")));
}

static void many_components_are_read(void **state) {
    (void)state;
    reader_reads_many("SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: doc\n",
                      "PackageName: n#\nSPDXID: SPDXRef-#\nPackageVersion: 1\n", "", 50000, "\"name\": \"n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_document_says),
        cmocka_unit_test(members_of_the_wrong_kind_are_passed_over),
        cmocka_unit_test(another_document_is_refused),
        cmocka_unit_test(short_memory_is_told),
        cmocka_unit_test(a_document_that_is_cut_anywhere_is_refused),
        cmocka_unit_test(what_is_no_document_is_refused),
        cmocka_unit_test(what_is_no_text_is_read_as_far_as_it_goes),
        cmocka_unit_test(many_components_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
