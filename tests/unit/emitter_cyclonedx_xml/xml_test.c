#define CDX_SUFFIX ".xml"
#include "unit/cyclonedx_kit.h"

static void writes_the_sample_as_it_did(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    assert_true(stella_testing_golden(GOLDEN "cyclonedx.xml", stella_buf_sv(&text)));
}

static void what_xml_cannot_write_is_replaced(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = cdx_emit(cdx_hostile_bom(arena), "1.7");
    assert_non_null(strstr(text.ptr, "<name>a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\x7f\tb\nc&#13;d</name>"));
    assert_non_null(strstr(text.ptr, "bom-ref=\"0:a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\x7f&#9;b&#10;c&#13;d\""));
    assert_non_null(strstr(text.ptr, "<name>]]&gt;&amp;&lt;\"'&gt;--&gt;&lt;!--</name>"));
    assert_int_equal(stella_sv_utf8_prefix(stella_buf_sv(&text)), text.len);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_sample_as_it_did),
        cmocka_unit_test(what_xml_cannot_write_is_replaced),
        CDX_TESTS,
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
