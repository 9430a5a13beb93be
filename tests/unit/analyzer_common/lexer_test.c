#include "check.h"

#include "common/lexer.h"

#include <stella/auto.h>

#include <stdio.h>

static const lexer_rules lua = {.comments = {"--"}, .quotes = "\"'", .has_long_brackets = 1};
static const lexer_rules hcl = {.comments = {"#", "//"},
                                .block_open = "/*",
                                .block_close = "*/",
                                .quotes = "\"",
                                .word_bytes = "-.",
                                .has_triple_quotes = 1};

/* All tokens: words as they are, texts in <>, marks as they are, each behind its line. */
static stella_status tokens(const lexer_rules *rules, stella_sv text, char out[256]) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    lexer lex = lexer_of(rules, text, arena);
    lexer_token token = {0};
    size_t len = 0;
    out[0] = '\0';
    for (;;) {
        const stella_status status = lexer_next(&lex, &token, NULL);
        if (status != STELLA_OK || token.kind == LEXER_END)
            return status;
        len += (size_t)snprintf(out + len, 256 - len, token.kind == LEXER_STRING ? "%u<%.*s> " : "%u%.*s ", token.line,
                                STELLA_SV_FMT(token.text));
    }
}

static void tells_words_texts_and_marks_apart(void **state) {
    (void)state;
    static const struct {
        const lexer_rules *rules;
        const char *text, *want;
    } cases[] = {
        {&lua, "a = 'x' -- no\n b='\\'\\n'", "1a 1= 1<x> 2b 2= 2<'\n> "},
        {&lua, "\xef\xbb\xbf--[[ a\n ]] b --[=[ ]] ]=] c", "2b 2c "},
        {&lua, "x = [[ a ]] [==[]]]==] [1]", "1x 1= 1< a > 1<]]> 1[ 11 1] "},
        {&lua, "#!x-y", "1# 1! 1x 1- 1y "},
        {&hcl, "a-b.c /* \n */ \"d\" // e\n# f\n\"\"\"x\n\"y\"\"\" z", "1a-b.c 2<d> 4<x\n\"y> 5z "},
        {&hcl, "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char got[256];
        assert_int_equal(tokens(cases[i].rules, stella_sv_cstr(cases[i].text), got), STELLA_OK);
        assert_string_equal(got, cases[i].want);
    }
}

static void what_has_no_end_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"\"", "\"\\", "\"a\\\"", "[[", "--[[ ]", "[==[ ]] ]=]"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char got[256];
        assert_int_equal(tokens(&lua, stella_sv_cstr(texts[i]), got), STELLA_E_FORMAT);
    }
    char got[256];
    assert_int_equal(tokens(&hcl, STELLA_SV("/* * /"), got), STELLA_E_FORMAT);
    assert_int_equal(tokens(&hcl, STELLA_SV("\"\"\" \"\""), got), STELLA_E_FORMAT);
}

static void brackets_are_closed_over_texts_and_others_inside(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    lexer lex = lexer_of(&hcl, STELLA_SV("{ \"}\" [ } ] } b"), arena);
    lexer_token token;
    assert_int_equal(lexer_close(&lex, '{', NULL), STELLA_OK); /* of the one before the text */
    assert_int_equal(lexer_next(&lex, &token, NULL), STELLA_OK);
    assert_true(lexer_is_word(&token, "b"));
    lex = lexer_of(&hcl, STELLA_SV("( ( )"), arena);
    assert_int_equal(lexer_close(&lex, '(', NULL), STELLA_E_FORMAT);
}

static void a_spent_arena_is_told(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1);
    lexer lex = lexer_of(&lua, STELLA_SV("'a\\nb'"), arena);
    lexer_token token;
    assert_int_equal(lexer_next(&lex, &token, NULL), STELLA_E_NOMEM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_words_texts_and_marks_apart),
        cmocka_unit_test(what_has_no_end_is_refused),
        cmocka_unit_test(brackets_are_closed_over_texts_and_others_inside),
        cmocka_unit_test(a_spent_arena_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
