#include "check.h"

#include <stella/cursor.h>

static void reads_the_highest_byte_first_or_last(void **state) {
    (void)state;
    static const unsigned char bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8};
    stella_cursor c = stella_cursor_of(bytes, sizeof bytes);
    assert_true(stella_cursor_u64be(&c) == UINT64_C(0x0102030405060708));
    assert_true(stella_cursor_u64le(&c) == UINT64_C(0x0807060504030201));
    assert_int_equal(c.ok, 1);
    assert_int_equal(stella_cursor_u64be(&c), 0);
    assert_int_equal(c.ok, 0);
}

static void reads_numbers_of_both_byte_orders(void **state) {
    (void)state;
    stella_cursor c = stella_cursor_of("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d", 13);
    assert_int_equal(stella_cursor_u8(&c), 0x01);
    assert_int_equal(stella_cursor_u16le(&c), 0x0302);
    assert_int_equal(stella_cursor_u16be(&c), 0x0405);
    assert_int_equal(stella_cursor_u32le(&c), 0x09080706);
    assert_int_equal(stella_cursor_u32be(&c), 0x0a0b0c0d);
    assert_true(c.ok);
    assert_int_equal(stella_cursor_left(&c), 0);
}

static void stays_failed_after_the_first_read_past_the_end(void **state) {
    (void)state;
    stella_cursor c = stella_cursor_of("\x01\x02\x03", 3);
    assert_int_equal(stella_cursor_u32le(&c), 0);
    assert_false(c.ok);
    assert_int_equal(stella_cursor_u8(&c), 0);
    assert_int_equal(stella_cursor_left(&c), 0);
    assert_null(stella_cursor_str(&c, 0).ptr);
}

static void refuses_a_length_that_would_wrap_around(void **state) {
    (void)state;
    stella_cursor c = stella_cursor_of("abc", 3);
    assert_int_equal(stella_cursor_str(&c, UINT64_MAX).len, 0);
    assert_false(c.ok);
}

static void refuses_a_varint_beyond_64_bits(void **state) {
    (void)state;
    stella_cursor longest = stella_cursor_of("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10);
    assert_true(stella_cursor_varint(&longest) == UINT64_MAX);
    assert_true(longest.ok);
    stella_cursor over = stella_cursor_of("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10);
    assert_int_equal(stella_cursor_varint(&over), 0);
    assert_false(over.ok);
}

static void yields_the_last_line_without_newline(void **state) {
    (void)state;
    stella_cursor c = stella_cursor_of("one\r\n\ntwo", 9);
    stella_sv line;
    assert_true(stella_cursor_line(&c, &line) && stella_sv_eq(line, STELLA_SV("one")));
    assert_true(stella_cursor_line(&c, &line) && line.len == 0);
    assert_true(stella_cursor_line(&c, &line) && stella_sv_eq(line, STELLA_SV("two")));
    assert_false(stella_cursor_line(&c, &line));
}

int main(void) {
    const struct CMUnitTest cursor[] = {
        cmocka_unit_test(reads_the_highest_byte_first_or_last),
        cmocka_unit_test(reads_numbers_of_both_byte_orders),
        cmocka_unit_test(stays_failed_after_the_first_read_past_the_end),
        cmocka_unit_test(refuses_a_length_that_would_wrap_around),
        cmocka_unit_test(refuses_a_varint_beyond_64_bits),
        cmocka_unit_test(yields_the_last_line_without_newline),
    };
    return cmocka_run_group_tests(cursor, NULL, NULL);
}
