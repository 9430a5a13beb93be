#define READER "spdx3_json"
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
        STELLA_SV_INIT("{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\",\"@graph\":[],\"@graph\":[]}"),
        STELLA_SV_INIT("{\"@context\":\"https://spdx.org/rdf/3.0.1/"
                       "spdx-context.jsonld\",\"@graph\":[{\"type\":\"software_Package\",\"spdxId\":\"urn:a\","
                       "\"name\":\"a\",\"name\":\"b\"}]}"),
        STELLA_SV_INIT(
            "{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\",\"@graph\":[{\"name\":\"\xff\xfe\"}]}"),
        STELLA_SV_INIT(
            "{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\",\"@graph\":[{\"x\":\"\\ud800\"}]}"),
        STELLA_SV_INIT("{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\",\"@graph\":[]} {}"),
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        reader_refuses(documents[i], STELLA_E_FORMAT);
}

static void what_nests_too_deep_is_refused(void **state) {
    (void)state;
    reader_refuses_depth("{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\",\"@graph\":[", "[", 100000,
                         STELLA_E_LIMIT);
}

static void many_components_are_read(void **state) {
    (void)state;
    reader_reads_many(
        "{\"@context\":\"https://spdx.org/rdf/3.0.1/"
        "spdx-context.jsonld\",\"@graph\":[{\"type\":\"SpdxDocument\",\"spdxId\":\"urn:doc\",\"name\":\"doc\"}",
        ",{\"type\":\"software_Package\",\"spdxId\":\"urn:#\",\"name\":\"n#\",\"software_packageVersion\":\"1\"}", "]}",
        50000, "\"name\": \"n");
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
