#include "check.h"

#include <stella/encoding.h>

static int with_arena(void **state) {
    *state = stella_arena_create(1u << 20);
    return *state ? 0 : -1;
}

static int without_arena(void **state) {
    stella_arena_destroy(*state);
    return 0;
}

static void writes_and_reads_hex(void **state) {
    (void)state;
    char text[9];
    unsigned char bytes[4] = {0};
    stella_hex("\x00\x7f\x80\xff", 4, text);
    assert_string_equal(text, "007f80ff");
    assert_true(stella_unhex(STELLA_SV("007F80fF"), bytes, 4));
    assert_memory_equal(bytes, "\x00\x7f\x80\xff", 4);
    assert_true(stella_unhex(STELLA_SV(""), bytes, 0));
}

static void refuses_hex_of_another_length_or_alphabet(void **state) {
    (void)state;
    unsigned char bytes[4];
    static const char *const texts[] = {"",         "0",        "00000",    "000000000", "0000000g", "0x000000",
                                        " 0000000", "000000/0", "0000:000", "@0000000",  "`0000000", "G0000000"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(stella_unhex(stella_sv_cstr(texts[i]), bytes, 4));
}

/* RFC 4648, section 10 */
static const char *const vectors[][2] = {{"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"foobar", "Zm9vYmFy"}};

static void writes_the_vectors_of_rfc_4648(void **state) {
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        assert_true(stella_sv_eq(stella_base64(stella_sv_cstr(vectors[i][0]), *state), stella_sv_cstr(vectors[i][1])));
}

static void reads_them_with_and_without_padding(void **state) {
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        stella_sv text = stella_sv_cstr(vectors[i][1]), out;
        assert_int_equal(stella_unbase64(text, *state, &out, NULL), STELLA_OK);
        assert_true(stella_sv_eq(out, stella_sv_cstr(vectors[i][0])));
        text = stella_sv_first(text, stella_sv_find(text, '='));
        assert_int_equal(stella_unbase64(text, *state, &out, NULL), STELLA_OK);
        assert_true(stella_sv_eq(out, stella_sv_cstr(vectors[i][0])));
    }
}

static void reads_both_alphabets(void **state) {
    stella_sv out;
    assert_int_equal(stella_unbase64(STELLA_SV("+/+/"), *state, &out, NULL), STELLA_OK);
    assert_true(stella_sv_eq(out, STELLA_SV("\xfb\xff\xbf")));
    assert_int_equal(stella_unbase64(STELLA_SV("-_-_"), *state, &out, NULL), STELLA_OK);
    assert_true(stella_sv_eq(out, STELLA_SV("\xfb\xff\xbf")));
}

static void refuses_what_another_text_could_mean_too(void **state) {
    static const char *const texts[] = {
        "Z",    "Zg=",      "Zg===", "Zm9v=",  "Zm9v====", "Zh==", "Zm9=", "Zm9",  "=",        "==",    "====",
        "Z===", "Zg==Zg==", "Z=g=",  "Zm9v\n", " Zm9v",    "Zm 9", "Zm9*", "+_+_", "Zm9v\x80", "Zg==\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        stella_sv out = STELLA_SV("untouched");
        stella_error err = {0};
        if (stella_unbase64(stella_sv_cstr(texts[i]), *state, &out, &err) != STELLA_E_FORMAT)
            fail_msg("accepted: %s", texts[i]);
        assert_string_equal(out.ptr, "untouched");
    }
}

static void says_when_the_arena_is_spent(void **state) {
    (void)state;
    stella_arena *small = stella_arena_create(16);
    stella_sv out;
    assert_null(stella_base64(STELLA_SV("more than sixteen"), small).ptr);
    assert_int_equal(stella_unbase64(STELLA_SV("Zm9vYmFyZm9vYmFyZm9vYmFy"), small, &out, NULL), STELLA_E_NOMEM);
    stella_arena_destroy(small);
}

int main(void) {
    const struct CMUnitTest encoding[] = {
        cmocka_unit_test(writes_and_reads_hex),
        cmocka_unit_test(refuses_hex_of_another_length_or_alphabet),
        cmocka_unit_test_setup_teardown(writes_the_vectors_of_rfc_4648, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(reads_them_with_and_without_padding, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(reads_both_alphabets, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(refuses_what_another_text_could_mean_too, with_arena, without_arena),
        cmocka_unit_test(says_when_the_arena_is_spent),
    };
    return cmocka_run_group_tests(encoding, NULL, NULL);
}
