#define READER "cyclonedx_xml"
#include "reader_run.h"

static void members_of_the_wrong_kind_are_passed_over(void **state) {
    (void)state;
    reader_passes_over_members("without a name");
}

static void a_document_that_is_cut_anywhere_is_refused(void **state) {
    (void)state;
    reader_refuses_beginnings(1);
}

static void what_is_no_document_is_refused(void **state) {
    (void)state;
    static const stella_sv documents[] = {
        STELLA_SV_INIT("<?xml version=\"1.0\"?>\n<!DOCTYPE bom [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
                       "\"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><bom "
                       "xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components><component "
                       "type=\"library\"><name>&c;</name></component></components></bom>"),
        STELLA_SV_INIT("<?xml version=\"1.0\"?>\n<!DOCTYPE bom [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><bom "
                       "xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components><component "
                       "type=\"library\"><name>&x;</name></component></components></bom>"),
        STELLA_SV_INIT(
            "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components><component "
            "type=\"a\" type=\"b\"/></components></bom>"),
        STELLA_SV_INIT("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">\xff\xfe</bom>"),
        STELLA_SV_INIT("<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"></bom><bom/>"),
        STELLA_SV_INIT("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components></bom></components>"),
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        reader_refuses(documents[i], STELLA_E_FORMAT);
}

static void what_nests_too_deep_is_refused(void **state) {
    (void)state;
    reader_refuses_depth("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">",
                         "<components><component type=\"library\"><name>a</name>", 100000, STELLA_E_LIMIT);
}

static void many_components_are_read(void **state) {
    (void)state;
    reader_reads_many("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>",
                      "<component type=\"library\"><name>n#</name><version>1</version></component>",
                      "</components></bom>", 50000, "\"name\": \"n");
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
