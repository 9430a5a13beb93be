#include "check.h"

#include <stella/auto.h>
#include <stella/terminal.h>

static void check(stella_sv text, const char *want) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1 << 16);
    assert_string_equal(stella_terminal_cstr(arena, text), want);
}

static void leaves_ordinary_text_alone(void **state) {
    (void)state;
    check(STELLA_SV(""), "");
    check(STELLA_SV("usr/lib/a b~"), "usr/lib/a b~");
    check(STELLA_SV("gr\xc3\xbc\xc3\x9f \xe6\xbc\xa2 \xf0\x9f\x8c\x9f"),
          "gr\xc3\xbc\xc3\x9f \xe6\xbc\xa2 \xf0\x9f\x8c\x9f");
}

static void spells_out_what_a_terminal_would_act_on(void **state) {
    (void)state;
    check(STELLA_SV("a\x1b[2Jb"), "a\\x1b[2Jb");
    check(STELLA_SV("\x1b]0;title\x07"), "\\x1b]0;title\\x07");
    check(STELLA_SV("a\nb\rc\td\x7f"), "a\\nb\\rc\\td\\x7f");
    check(STELLA_SV("nul\0!"), "nul\\x00!");
}

static void spells_out_the_eight_bit_control_characters(void **state) {
    (void)state;
    check(STELLA_SV("\xc2\x9b"
                    "31m"),
          "\\x9b31m"); /* CSI as UTF-8 */
    check(STELLA_SV("\x9b"
                    "31m"),
          "\\x9b31m"); /* and as a bare byte */
}

static void spells_out_text_that_reverses_the_direction(void **state) {
    (void)state;
    check(STELLA_SV("evil\xe2\x80\xae"
                    "gpj.exe"),
          "evil\\u202egpj.exe");
    check(STELLA_SV("\xe2\x81\xa6\xe2\x80\xa8\xd8\x9c"), "\\u2066\\u2028\\u061c");
}

static void spells_out_bytes_that_are_no_utf8(void **state) {
    (void)state;
    check(STELLA_SV("\xff\xc0\xaf"), "\\xff\\xc0\\xaf");
    check(STELLA_SV("\xed\xa0\x80"), "\\xed\\xa0\\x80");
    check(STELLA_SV("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
    check(STELLA_SV("cut\xe2\x82"), "cut\\xe2\\x82");
}

static void stops_at_the_limit_of_the_buffer(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(6);
    assert_int_equal(stella_terminal_add(&out, STELLA_SV("ab\x1b\x1b")), STELLA_E_LIMIT);
    assert_true(out.len <= 6);
}

int main(void) {
    const struct CMUnitTest terminal[] = {
        cmocka_unit_test(leaves_ordinary_text_alone),
        cmocka_unit_test(spells_out_what_a_terminal_would_act_on),
        cmocka_unit_test(spells_out_the_eight_bit_control_characters),
        cmocka_unit_test(spells_out_text_that_reverses_the_direction),
        cmocka_unit_test(spells_out_bytes_that_are_no_utf8),
        cmocka_unit_test(stops_at_the_limit_of_the_buffer),
    };
    return cmocka_run_group_tests(terminal, NULL, NULL);
}
