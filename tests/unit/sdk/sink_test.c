#include "check.h"

#include <stella/cursor.h>
#include <stella/sink.h>

#include <fcntl.h>
#include <unistd.h>

static void grows_up_to_its_maximum_and_not_further(void **state) {
    (void)state;
    stella_buf buf = stella_buf_of(100);
    for (int i = 0; i < 10; i++)
        assert_int_equal(stella_buf_add(&buf, STELLA_SV("0123456789")), STELLA_OK);
    assert_int_equal(buf.len, 100);
    assert_int_equal(buf.ptr[100], '\0');
    assert_int_equal(stella_buf_add(&buf, STELLA_SV("")), STELLA_OK);
    assert_int_equal(stella_buf_add(&buf, STELLA_SV("x")), STELLA_E_LIMIT);
    assert_int_equal(buf.len, 100);
    assert_true(buf.failed);
    stella_buf_fini(&buf);
    assert_null(buf.ptr);
}

static void adds_nothing_after_a_failure(void **state) {
    (void)state;
    stella_buf buf = stella_buf_of(4);
    assert_int_equal(stella_buf_printf(&buf, "%s", "12345"), STELLA_E_LIMIT);
    assert_int_equal(stella_buf_u8(&buf, 1), STELLA_E_LIMIT);
    assert_int_equal(buf.len, 0);
    stella_buf_fini(&buf);
}

static void writes_what_a_cursor_reads(void **state) {
    (void)state;
    stella_buf buf = stella_buf_of(1000);
    stella_buf_u8(&buf, 0x12);
    stella_buf_u16le(&buf, 0x3456);
    stella_buf_u32le(&buf, 0x789abcde);
    stella_buf_u64le(&buf, 0x0123456789abcdef);
    stella_buf_varint(&buf, 127);
    stella_buf_varint(&buf, 128);
    stella_buf_varint(&buf, UINT64_MAX);
    stella_buf_str(&buf, STELLA_SV("text"));
    stella_buf_printf(&buf, "%d", 42);
    stella_cursor c = stella_cursor_of(buf.ptr, buf.len);
    assert_int_equal(stella_cursor_u8(&c), 0x12);
    assert_int_equal(stella_cursor_u16le(&c), 0x3456);
    assert_int_equal(stella_cursor_u32le(&c), 0x789abcde);
    assert_true(stella_cursor_u64le(&c) == 0x0123456789abcdef);
    assert_int_equal(stella_cursor_varint(&c), 127);
    assert_int_equal(stella_cursor_varint(&c), 128);
    assert_true(stella_cursor_varint(&c) == UINT64_MAX);
    assert_true(stella_sv_eq(stella_cursor_str(&c, stella_cursor_varint(&c)), STELLA_SV("text")));
    assert_true(stella_sv_eq(stella_cursor_str(&c, 2), STELLA_SV("42")));
    assert_true(c.ok && stella_cursor_left(&c) == 0);
    stella_buf_fini(&buf);
}

static void a_sink_fills_a_buffer_and_says_when_it_is_full(void **state) {
    (void)state;
    stella_buf buf = stella_buf_of(5);
    const stella_sink sink = stella_buf_sink(&buf);
    stella_error err = {0};
    assert_int_equal(stella_sink_write(&sink, STELLA_SV("abc"), &err), STELLA_OK);
    assert_int_equal(stella_sink_write(&sink, STELLA_SV("def"), &err), STELLA_E_LIMIT);
    assert_string_equal(err.message, "more than 5 bytes");
    assert_int_equal(stella_sink_write(&sink, STELLA_SV("d"), &err), STELLA_E_LIMIT);
    assert_string_equal(buf.ptr, "abc");
    stella_buf_fini(&buf);
}

static void a_sink_writes_to_a_descriptor(void **state) {
    (void)state;
    int ends[2];
    char got[4] = {0};
    assert_int_equal(pipe(ends), 0);
    const stella_sink sink = stella_fd_sink(&ends[1]);
    assert_int_equal(stella_sink_write(&sink, STELLA_SV("abc"), NULL), STELLA_OK);
    assert_int_equal(read(ends[0], got, 3), 3);
    assert_string_equal(got, "abc");
    close(ends[0]);
    close(ends[1]);
}

static void a_sink_says_why_a_descriptor_cannot_be_written(void **state) {
    (void)state;
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    const stella_sink sink = stella_fd_sink(&full);
    stella_error err = {0};
    assert_int_equal(stella_sink_write(&sink, STELLA_SV("abc"), &err), STELLA_E_IO);
    assert_string_equal(err.message, "write: No space left on device");
    close(full);
}

int main(void) {
    const struct CMUnitTest sink[] = {
        cmocka_unit_test(grows_up_to_its_maximum_and_not_further),
        cmocka_unit_test(adds_nothing_after_a_failure),
        cmocka_unit_test(writes_what_a_cursor_reads),
        cmocka_unit_test(a_sink_fills_a_buffer_and_says_when_it_is_full),
        cmocka_unit_test(a_sink_writes_to_a_descriptor),
        cmocka_unit_test(a_sink_says_why_a_descriptor_cannot_be_written),
    };
    return cmocka_run_group_tests(sink, NULL, NULL);
}
