#include "check.h"

#include <stella/sv.h>

static void compares_bytes_and_lengths(void **state) {
    (void)state;
    assert_true(stella_sv_eq(stella_sv_of(NULL, 0), STELLA_SV("")));
    assert_false(stella_sv_eq(STELLA_SV("a"), STELLA_SV("ab")));
    assert_true(stella_sv_cmp(STELLA_SV("a"), STELLA_SV("ab")) < 0);
    assert_true(stella_sv_cmp(STELLA_SV("\xff"), STELLA_SV("a")) > 0);
    assert_int_equal(stella_sv_cmp(stella_sv_of(NULL, 0), STELLA_SV("")), 0);
    assert_true(stella_sv_ieq(STELLA_SV("aZ-9"), STELLA_SV("Az-9")));
    assert_false(stella_sv_ieq(STELLA_SV("[`"), STELLA_SV("{@")));
    assert_true(stella_sv_starts(STELLA_SV("abc"), STELLA_SV("ab")) &&
                stella_sv_ends(STELLA_SV("abc"), STELLA_SV("bc")));
    assert_false(stella_sv_starts(STELLA_SV("a"), STELLA_SV("ab")) || stella_sv_ends(STELLA_SV("b"), STELLA_SV("ab")));
}

static void cuts_within_the_text(void **state) {
    (void)state;
    assert_int_equal(stella_sv_skip(STELLA_SV("abc"), 9).len, 0);
    assert_true(stella_sv_eq(stella_sv_skip(STELLA_SV("abc"), 2), STELLA_SV("c")));
    assert_true(stella_sv_eq(stella_sv_first(STELLA_SV("abc"), 9), STELLA_SV("abc")));
    assert_null(stella_sv_skip(stella_sv_of(NULL, 0), 1).ptr);
    assert_true(stella_sv_eq(stella_sv_trim(STELLA_SV(" \t\r\n\v\f a b ")), STELLA_SV("a b")));
    assert_int_equal(stella_sv_trim(STELLA_SV("  ")).len, 0);
}

static void finds_the_first_and_the_last_byte(void **state) {
    (void)state;
    assert_int_equal(stella_sv_find(STELLA_SV("a/b/c"), '/'), 1);
    assert_int_equal(stella_sv_rfind(STELLA_SV("a/b/c"), '/'), 3);
    assert_int_equal(stella_sv_find(STELLA_SV("abc"), '/'), 3);
    assert_int_equal(stella_sv_rfind(STELLA_SV("abc"), '/'), 3);
    assert_int_equal(stella_sv_find(stella_sv_of(NULL, 0), 'a'), 0);
}

static void splits_into_every_part(void **state) {
    (void)state;
    static const char *const parts[] = {"", "a", "", "b", ""};
    stella_sv rest = STELLA_SV(":a::b:"), part;
    for (size_t i = 0; i < 5; i++) {
        assert_true(stella_sv_split(&rest, ':', &part));
        assert_true(stella_sv_eq(part, stella_sv_cstr(parts[i])));
    }
    assert_false(stella_sv_split(&rest, ':', &part));
    assert_int_equal(part.len, 0);
    rest = STELLA_SV("");
    assert_true(stella_sv_split(&rest, ':', &part));
    assert_false(stella_sv_split(&rest, ':', &part));
}

static void reads_numbers_without_overflow(void **state) {
    (void)state;
    uint64_t n = 77;
    static const char *const refused[] = {
        "", "-1", "+1", " 1", "1 ", "0x1", "1a", "18446744073709551616", "99999999999999999999999"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_false(stella_sv_u64(stella_sv_cstr(refused[i]), UINT64_MAX, &n));
    assert_false(stella_sv_u64(STELLA_SV("11"), 10, &n));
    assert_int_equal(n, 77);
    assert_true(stella_sv_u64(STELLA_SV("18446744073709551615"), UINT64_MAX, &n) && n == UINT64_MAX);
    assert_true(stella_sv_u64(STELLA_SV("0010"), 10, &n) && n == 10);
}

static void measures_how_far_a_text_is_utf8(void **state) {
    (void)state;
    assert_int_equal(stella_sv_utf8_prefix(STELLA_SV("")), 0);
    assert_int_equal(stella_sv_utf8_prefix(STELLA_SV("twelve bytes")), 12);
    assert_int_equal(stella_sv_utf8_prefix(STELLA_SV("h\xc3\xa9llo \xe4\xb8\x96 world")), 16);
    assert_int_equal(stella_sv_utf8_prefix(STELLA_SV("eight by\xff"
                                                     "tes")),
                     8);
    assert_int_equal(stella_sv_utf8_prefix(STELLA_SV("cut \xe4\xb8")), 4);
}

static void measures_a_well_formed_utf8_sequence_and_nothing_else(void **state) {
    (void)state;
    assert_int_equal(stella_sv_utf8(STELLA_SV("a")), 1);
    assert_int_equal(stella_sv_utf8(STELLA_SV("\xc3\xa9x")), 2);
    assert_int_equal(stella_sv_utf8(STELLA_SV("\xe2\x82\xac")), 3);
    assert_int_equal(stella_sv_utf8(STELLA_SV("\xf0\x9f\x98\x80")), 4);
    assert_int_equal(stella_sv_utf8(STELLA_SV("")), 0);
    assert_int_equal(stella_sv_utf8(STELLA_SV("\xc0\x80")), 0);         /* longer than needed */
    assert_int_equal(stella_sv_utf8(STELLA_SV("\xed\xa0\x80")), 0);     /* a surrogate */
    assert_int_equal(stella_sv_utf8(STELLA_SV("\xf4\x90\x80\x80")), 0); /* beyond U+10FFFF */
    assert_int_equal(stella_sv_utf8(STELLA_SV("\xe2\x82")), 0);         /* cut */
}

int main(void) {
    const struct CMUnitTest sv[] = {
        cmocka_unit_test(measures_how_far_a_text_is_utf8),
        cmocka_unit_test(measures_a_well_formed_utf8_sequence_and_nothing_else),
        cmocka_unit_test(compares_bytes_and_lengths),
        cmocka_unit_test(cuts_within_the_text),
        cmocka_unit_test(finds_the_first_and_the_last_byte),
        cmocka_unit_test(splits_into_every_part),
        cmocka_unit_test(reads_numbers_without_overflow),
    };
    return cmocka_run_group_tests(sv, NULL, NULL);
}
