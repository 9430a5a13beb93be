#define READER "cyclonedx_json"
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
        STELLA_SV_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"specVersion\":\"1.6\"}"),
        STELLA_SV_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{\"type\":\"library\","
                       "\"name\":\"a\",\"name\":\"b\"}]}"),
        STELLA_SV_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"x\":\"\xff\xfe\"}"),
        STELLA_SV_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"x\":\"\\ud800\"}"),
        STELLA_SV_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"x\":1} {}"),
        STELLA_SV_INIT("{\0\"CycloneDX\"}"),
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        reader_refuses(documents[i], STELLA_E_FORMAT);
}

static void what_nests_too_deep_is_refused(void **state) {
    (void)state;
    reader_refuses_depth("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[",
                         "{\"type\":\"library\",\"name\":\"a\",\"components\":[", 100000, STELLA_E_LIMIT);
}

static void many_components_are_read(void **state) {
    (void)state;
    reader_reads_many("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[",
                      ",{\"type\":\"library\",\"name\":\"n#\",\"version\":\"1\"}", "]}", 50000, "\"name\": \"n");
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
