#define CDX_SUFFIX ".pb"
#include "unit/cyclonedx_kit.h"

#include "cyclonedx-protobuf/wire.h"

static void assert_bytes(wire *w, const char *bytes, size_t size) {
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(1u << 20);
    const stella_sink sink = stella_buf_sink(&out);
    assert_int_equal(wire_flush(w, &sink, NULL), STELLA_OK);
    assert_int_equal(out.len, size);
    assert_memory_equal(out.ptr, bytes, size);
}

static void numbers_and_texts_are_as_the_encoding_says(void **state) {
    (void)state;
    STELLA_AUTO(wire_fini) wire w = wire_of(1u << 20);
    wire_number(&w, 1, 150);
    wire_text(&w, 2, STELLA_SV("testing"));
    wire_one(&w, 3);
    wire_number(&w, 16, 0);
    wire_text_opt(&w, 4, STELLA_SV(""));
    assert_bytes(&w, "\x08\x96\x01\x12\x07testing\x1d\0\0\x80\x3f\x80\x01\0", 20);
}

static void a_message_s_length_is_as_short_as_it_can_be(void **state) {
    (void)state;
    STELLA_AUTO(wire_fini) wire w = wire_of(1u << 20);
    char expected[3 + 203] = "\x0a\xcb\x01\x0a\xc8\x01", text[200];
    memset(text, 'x', sizeof text);
    memset(expected + 6, 'x', sizeof text);
    wire_begin(&w, 1);
    wire_text(&w, 1, stella_sv_of(text, sizeof text));
    wire_end(&w);
    assert_bytes(&w, expected, sizeof expected);
    wire_begin(&w, 1);
    wire_begin(&w, 2);
    wire_end(&w);
    wire_end(&w);
    assert_bytes(&w, "\x0a\x02\x12\0", 4);
}

static void a_text_that_is_no_utf_8_becomes_it(void **state) {
    (void)state;
    STELLA_AUTO(wire_fini) wire w = wire_of(1u << 20);
    wire_text(&w, 1, STELLA_SV("a\xff"));
    assert_bytes(&w,
                 "\x0a\x04"
                 "a\xef\xbf\xbd",
                 6);
}

static void a_message_beyond_the_buffer_is_an_error(void **state) {
    (void)state;
    STELLA_AUTO(wire_fini) wire w = wire_of(8);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(100);
    const stella_sink sink = stella_buf_sink(&out);
    wire_begin(&w, 1);
    wire_text(&w, 1, STELLA_SV("too long for it"));
    wire_end(&w);
    assert_int_not_equal(wire_flush(&w, &sink, NULL), STELLA_OK);
    assert_int_equal(out.len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_texts_are_as_the_encoding_says),
        cmocka_unit_test(a_message_s_length_is_as_short_as_it_can_be),
        cmocka_unit_test(a_text_that_is_no_utf_8_becomes_it),
        cmocka_unit_test(a_message_beyond_the_buffer_is_an_error),
        CDX_TESTS,
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
