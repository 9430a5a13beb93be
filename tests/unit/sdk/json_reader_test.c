#include "check.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdio.h>
#include <stdlib.h>

/* The kinds of all tokens as letters, with '!' for an error; the reader is released, its error kept. */
static const char *tokens_of(stella_sv document, stella_error *err) {
    static const char letters[] = "$OoAaksntfz!";
    static char seen[512];
    stella_json_reader r;
    stella_json_reader_init(&r, document, 0);
    size_t len = 0;
    uint32_t token;
    do {
        token = stella_json_next(&r);
        seen[len++] = letters[token];
    } while (token != STELLA_JSON_NONE && token != STELLA_JSON_ERROR && len + 1 < sizeof seen);
    seen[len] = '\0';
    assert_int_equal(stella_json_next(&r), token); /* both ends are final */
    if (err)
        *err = r.error;
    stella_json_reader_fini(&r);
    return seen;
}

/* Reads a document that is one string and gives its text, or NULL. */
static char *string_of(stella_sv document, size_t *len) {
    stella_json_reader r;
    stella_json_reader_init(&r, document, 0);
    char *copy = NULL;
    if (stella_json_next(&r) == STELLA_JSON_STRING) {
        copy = calloc(1, r.text.len + 1);
        assert_non_null(copy);
        memcpy(copy, r.text.ptr, r.text.len);
        *len = r.text.len;
        if (stella_json_next(&r) != STELLA_JSON_NONE)
            stella_freep(&copy);
    }
    stella_json_reader_fini(&r);
    return copy;
}

static void assert_string_reads(stella_sv document, stella_sv text) {
    size_t len = 0;
    STELLA_AUTO(stella_freep) char *got = string_of(document, &len);
    assert_non_null(got);
    assert_int_equal(len, text.len);
    assert_memory_equal(got, text.ptr, len);
}

static void yields_every_kind_of_token(void **state) {
    (void)state;
    const stella_sv document = STELLA_SV(" {\"a\" : [1, -0.5e+3, true ,false,null , \"x\" , {} , [ ] ]} \r\n\t");
    assert_string_equal(tokens_of(document, NULL), "OkAnntfzsOoAaao$");
}

static void accepts_any_value_as_a_document(void **state) {
    (void)state;
    static const struct {
        const char *document, *tokens;
    } cases[] = {{"1", "n$"},   {"\"\"", "s$"}, {"null", "z$"}, {"true", "t$"}, {"false", "f$"}, {"[]", "Aa$"},
                 {"{}", "Oo$"}, {"-0", "n$"},   {"0", "n$"},    {"1E5", "n$"},  {"0.0e-0", "n$"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(tokens_of(stella_sv_cstr(cases[i].document), NULL), cases[i].tokens);
}

static const char *const not_json[] = {"",
                                       " ",
                                       "nul",
                                       "nulL",
                                       "True",
                                       "tru",
                                       "undefined",
                                       "NaN",
                                       "Infinity",
                                       "'a'",
                                       "a",
                                       "01",
                                       "-01",
                                       "00",
                                       "+1",
                                       "-",
                                       ".5",
                                       "1.",
                                       "1.e5",
                                       "1e",
                                       "1e+",
                                       "0x10",
                                       "1 2",
                                       "1,",
                                       "[",
                                       "[1",
                                       "[1,",
                                       "[1,]",
                                       "[,1]",
                                       "[1 2]",
                                       "[1}",
                                       "]",
                                       "{",
                                       "{\"a\"",
                                       "{\"a\":",
                                       "{\"a\":1",
                                       "{\"a\":1,",
                                       "{\"a\":1,}",
                                       "{\"a\" 1}",
                                       "{\"a\":1]",
                                       "{a:1}",
                                       "{1:1}",
                                       "{\"a\":}",
                                       "{:1}",
                                       "{,}",
                                       "}",
                                       "[1]]",
                                       "{}{}",
                                       "[]x",
                                       "\"",
                                       "\"a",
                                       "// c\n1",
                                       "/**/1",
                                       "[1,,2]",
                                       "{\"a\":1,,\"b\":2}",
                                       "\xef\xbb\xbf[]",
                                       "1\v",
                                       "\x01",
                                       "[\"a\":1]",
                                       "--1",
                                       "1-",
                                       "1e5.5",
                                       "-a"};

static void refuses_what_the_grammar_does_not_know(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof not_json / sizeof not_json[0]; i++) {
        stella_error err = {0};
        const char *tokens = tokens_of(stella_sv_cstr(not_json[i]), &err);
        if (tokens[strlen(tokens) - 1] != '!')
            fail_msg("accepted: %s", not_json[i]);
        assert_int_equal(err.code, STELLA_E_FORMAT);
    }
}

static void refuses_a_nul_byte_between_tokens(void **state) {
    (void)state;
    assert_string_equal(tokens_of(STELLA_SV("[1\0]"), NULL), "An!");
    assert_string_equal(tokens_of(STELLA_SV("1\0"), NULL), "n!");
    assert_string_equal(tokens_of(STELLA_SV("\0"), NULL), "!");
}

static void decodes_every_escape(void **state) {
    (void)state;
    assert_string_reads(STELLA_SV("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), STELLA_SV("\"\\/\b\f\n\r\t"));
    assert_string_reads(STELLA_SV("\"a\\u0041\\u00e9\\u20AC\\ud83d\\uDE00z\""),
                        STELLA_SV("aA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z"));
    assert_string_reads(STELLA_SV("\"\\u0000\""), STELLA_SV("\0"));
    assert_string_reads(STELLA_SV("\"\\uffff\\udbff\\udfff\""), STELLA_SV("\xef\xbf\xbf\xf4\x8f\xbf\xbf"));
    assert_string_reads(STELLA_SV("\"\x7f\xe2\x80\xa8\""), STELLA_SV("\x7f\xe2\x80\xa8"));
}

static void refuses_escapes_that_do_not_exist(void **state) {
    (void)state;
    static const char *const documents[] = {"\"\\a\"",    "\"\\\n\"",    "\"\\x41\"",   "\"\\U0041\"", "\"\\u\"",
                                            "\"\\u004\"", "\"\\u00g0\"", "\"\\u 041\"", "\"\\u-041\"", "\"\\",
                                            "\"\\\"",     "\"\\u12",     "\"\\0\"",     "\"\\'\""};
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        assert_string_equal(tokens_of(stella_sv_cstr(documents[i]), NULL), "!");
}

static void refuses_surrogates_that_stand_alone(void **state) {
    (void)state;
    static const char *const documents[] = {"\"\\ud800\"",        "\"\\udc00\"",         "\"\\ud800x\"",
                                            "\"\\ud800\\n\"",     "\"\\ud800\\u0041\"",  "\"\\ud800\\ud800\"",
                                            "\"\\udc00\\ud800\"", "\"\\ud800\\u\"",      "\"\\ud83d\\ude0\"",
                                            "\"\\uDBFF\\uE000\"", "\"\\ud83d\\xde00\\\""};
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        assert_string_equal(tokens_of(stella_sv_cstr(documents[i]), NULL), "!");
}

static void refuses_control_characters_inside_strings(void **state) {
    (void)state;
    for (char c = 0; c < 0x20; c++) {
        const char document[] = {'"', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', c, '"'};
        for (size_t from = 0; from < 9; from++) { /* at every position of the eight bytes looked at together */
            char moved[sizeof document];
            memcpy(moved, document, sizeof moved);
            memmove(moved + 1, document + 1 + from, sizeof document - 1 - from);
            assert_string_equal(tokens_of(stella_sv_of(moved, sizeof document - from), NULL), "!");
        }
    }
}

static void refuses_text_that_is_not_utf8(void **state) {
    (void)state;
    static const char *const texts[] = {
        "\x80",         "\xbf",          "\xc0\x80",      "\xc1\xbf",         "\xc3",
        "\xc3(",        "\xe0\x80\x80",  "\xe0\x9f\xbf",  "\xe2\x82",         "\xe2(\xac",
        "\xe2\x82(",    "\xed\xa0\x80",  "\xed\xbf\xbf",  "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
        "\xf0\x9f\x98", "\xf0(\x98\x80", "\xf0\x9f\x98(", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xfe",         "\xff"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char document[16];
        const int len = snprintf(document, sizeof document, "\"a%s\"", texts[i]);
        assert_string_equal(tokens_of(stella_sv_of(document, (size_t)len), NULL), "!");
    }
}

static void accepts_the_borders_of_utf8(void **state) {
    (void)state;
    static const char *const texts[] = {"\xc2\x80",     "\xdf\xbf",     "\xe0\xa0\x80",     "\xed\x9f\xbf",
                                        "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char document[32];
        const int len = snprintf(document, sizeof document, "\"1234567%sabc\"", texts[i]);
        assert_string_equal(tokens_of(stella_sv_of(document, (size_t)len), NULL), "s$");
    }
}

static void refuses_every_truncation_of_a_document(void **state) {
    (void)state;
    const stella_sv whole =
        STELLA_SV("{\"k\\u00e9\":[true,false,null,-1.5e+7,\"\\ud83d\\ude00\xe2\x82\xac\"],\"b\":{}}");
    assert_string_equal(tokens_of(whole, NULL), "OkAtfznsakOoo$");
    for (size_t len = 0; len < whole.len; len++) {
        char *cut = malloc(len ? len : 1); /* of the exact size: a sanitizer sees one byte too far */
        assert_non_null(cut);
        memcpy(cut, whole.ptr, len);
        stella_error err = {0};
        const char *tokens = tokens_of(stella_sv_of(cut, len), &err);
        assert_int_equal(tokens[strlen(tokens) - 1], '!');
        assert_int_equal(err.code, STELLA_E_FORMAT);
        free(cut);
    }
}

static void bounds_depth(void **state) {
    (void)state;
    char document[2 * STELLA_JSON_DEPTH_MAX + 2];
    memset(document, '[', STELLA_JSON_DEPTH_MAX);
    memset(document + STELLA_JSON_DEPTH_MAX, ']', STELLA_JSON_DEPTH_MAX);
    stella_error err = {0};
    const char *tokens = tokens_of(stella_sv_of(document, (size_t)2 * STELLA_JSON_DEPTH_MAX), &err);
    assert_int_equal(tokens[2 * STELLA_JSON_DEPTH_MAX], '$');
    memset(document, '[', STELLA_JSON_DEPTH_MAX + 1);
    tokens = tokens_of(stella_sv_of(document, STELLA_JSON_DEPTH_MAX + 1), &err);
    assert_int_equal(tokens[STELLA_JSON_DEPTH_MAX], '!');
    assert_int_equal(err.code, STELLA_E_LIMIT);
}

static void bounds_a_string_with_and_without_escapes(void **state) {
    (void)state;
    static const char *const documents[] = {"\"12345\"", "\"123\\u00e9\"", "\"\\n12345\""};
    for (size_t i = 0; i < 3; i++) {
        stella_json_reader r;
        stella_json_reader_init(&r, stella_sv_cstr(documents[i]), 4);
        assert_int_equal(stella_json_next(&r), STELLA_JSON_ERROR);
        assert_int_equal(r.error.code, STELLA_E_LIMIT);
        stella_json_reader_fini(&r);
    }
    stella_json_reader r;
    stella_json_reader_init(&r, STELLA_SV("[\"1234\",\"12\\u00e9\"]"), 4);
    assert_int_equal(stella_json_next(&r), STELLA_JSON_ARRAY);
    assert_int_equal(stella_json_next(&r), STELLA_JSON_STRING);
    assert_int_equal(stella_json_next(&r), STELLA_JSON_STRING);
    assert_int_equal(r.text.len, 4);
    stella_json_reader_fini(&r);
}

static void says_line_and_byte_of_a_mistake(void **state) {
    (void)state;
    stella_error err = {0};
    tokens_of(STELLA_SV("{\n  \"a\": 1,\n  \"b\": oops\n}"), &err);
    assert_string_equal(err.message, "line 3: a value was expected");
    assert_string_equal(err.path, "byte 19");
    tokens_of(STELLA_SV("[\"ab\xff\"]"), &err);
    assert_string_equal(err.message, "line 1: this is not UTF-8");
    assert_string_equal(err.path, "byte 4");
}

static void skips_whole_values(void **state) {
    (void)state;
    stella_json_reader r;
    stella_json_reader_init(&r, STELLA_SV("{\"a\":{\"x\":[1,{\"y\":2}]},\"b\":7,\"c\":[[],{}],\"d\":\"end\"}"), 0);
    assert_int_equal(stella_json_next(&r), STELLA_JSON_OBJECT);
    assert_int_equal(stella_json_next(&r), STELLA_JSON_KEY);
    assert_true(stella_json_skip(&r)); /* behind a key */
    assert_int_equal(stella_json_next(&r), STELLA_JSON_KEY);
    assert_true(stella_sv_eq(r.text, STELLA_SV("b")));
    assert_true(stella_json_skip(&r)); /* a value of one token */
    assert_int_equal(stella_json_next(&r), STELLA_JSON_KEY);
    assert_int_equal(stella_json_next(&r), STELLA_JSON_ARRAY);
    assert_true(stella_json_skip(&r)); /* behind an opening bracket */
    assert_int_equal(stella_json_next(&r), STELLA_JSON_KEY);
    assert_int_equal(stella_json_next(&r), STELLA_JSON_STRING);
    assert_true(stella_sv_eq(r.text, STELLA_SV("end")));
    assert_int_equal(stella_json_next(&r), STELLA_JSON_OBJECT_END);
    assert_int_equal(stella_json_next(&r), STELLA_JSON_NONE);
    stella_json_reader_fini(&r);
}

static void skipping_meets_mistakes_too(void **state) {
    (void)state;
    stella_json_reader r;
    stella_json_reader_init(&r, STELLA_SV("{\"a\":[1,{\"b\":}]}"), 0);
    assert_int_equal(stella_json_next(&r), STELLA_JSON_OBJECT);
    assert_false(stella_json_skip(&r));
    assert_int_equal(r.error.code, STELLA_E_FORMAT);
    stella_json_reader_fini(&r);
}

int main(void) {
    const struct CMUnitTest json_reader[] = {
        cmocka_unit_test(yields_every_kind_of_token),
        cmocka_unit_test(accepts_any_value_as_a_document),
        cmocka_unit_test(refuses_what_the_grammar_does_not_know),
        cmocka_unit_test(refuses_a_nul_byte_between_tokens),
        cmocka_unit_test(decodes_every_escape),
        cmocka_unit_test(refuses_escapes_that_do_not_exist),
        cmocka_unit_test(refuses_surrogates_that_stand_alone),
        cmocka_unit_test(refuses_control_characters_inside_strings),
        cmocka_unit_test(refuses_text_that_is_not_utf8),
        cmocka_unit_test(accepts_the_borders_of_utf8),
        cmocka_unit_test(refuses_every_truncation_of_a_document),
        cmocka_unit_test(bounds_depth),
        cmocka_unit_test(bounds_a_string_with_and_without_escapes),
        cmocka_unit_test(says_line_and_byte_of_a_mistake),
        cmocka_unit_test(skips_whole_values),
        cmocka_unit_test(skipping_meets_mistakes_too),
    };
    return cmocka_run_group_tests(json_reader, NULL, NULL);
}
