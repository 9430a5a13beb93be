/* /etc/ld.so.conf, its patterns, and what stands for $ORIGIN. */
#include "check.h"

#include "native/ld_conf.h"
#include "native/ld_expand.h"

#include <stella/auto.h>

static void is(stella_sv text, const char *expected) {
    if (!stella_sv_eq(text, stella_sv_cstr(expected)))
        fail_msg("\"%.*s\" is not \"%s\"", STELLA_SV_FMT(text), expected);
}

static void lines_are_directories_includes_or_nothing(void **state) {
    (void)state;
    stella_sv text = STELLA_SV("\n# /no\n/one#two\r\n\t/three four \nINCLUDE\ta b\nincluded\nrelative\n/x=libc5\n=\n"
                               "hwcap 0 x\ninclude\n/end");
    static const struct {
        uint32_t kind;
        const char *text;
    } wanted[] = {{LD_CONF_DIRECTORY, "/one"},
                  {LD_CONF_DIRECTORY, "/three four"},
                  {LD_CONF_INCLUDE, "\ta b"},
                  {LD_CONF_DIRECTORY, "/x"},
                  {LD_CONF_DIRECTORY, "/end"}};
    ld_conf_entry entry = {0};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_true(ld_conf_next(&text, &entry));
        assert_int_equal(entry.kind, wanted[i].kind);
        is(entry.text, wanted[i].text);
    }
    assert_false(ld_conf_next(&text, &entry));
    is(entry.text, "/end");
}

static void words_are_between_blanks_and_colons(void **state) {
    (void)state;
    stella_sv text = STELLA_SV(" a:b\n:\tc ");
    stella_sv word = {0};
    static const char *const wanted[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(ld_conf_word(&text, 1, &word));
        is(word, wanted[i]);
    }
    assert_false(ld_conf_word(&text, 1, &word));
    text = STELLA_SV("a:b c");
    assert_true(ld_conf_word(&text, 0, &word));
    is(word, "a:b");
}

static void patterns_know_stars_and_question_marks(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *name;
        int matches;
    } cases[] = {
        {"*.conf", "a.conf", 1},
        {"*.conf", ".conf", 1},
        {"*.conf", "a.conf~", 0},
        {"a*b*c", "aXbYbZc", 1},
        {"a*b*c", "aXbYbZ", 0},
        {"?", "", 0},
        {"?", "x", 1},
        {"", "", 1},
        {"", "a", 0},
        {"**", "", 1},
        {"[a]", "a", 0},
        {"a", "ab", 0},
        {"*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (ld_conf_matches(stella_sv_cstr(cases[i].pattern), stella_sv_cstr(cases[i].name)) != cases[i].matches)
            fail_msg("%s and %s", cases[i].pattern, cases[i].name);
}

static void tokens_are_put_in_and_what_is_relative_is_left_out(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const ld_tokens tokens = {
        .origin = STELLA_SV("opt/x/bin"), .lib = STELLA_SV("lib64"), .platform = STELLA_SV("x86_64")};
    static const char *const cases[][2] = {{"$ORIGIN", "opt/x/bin"},
                                           {"${ORIGIN}/../$LIB/", "opt/x/bin/../lib64"},
                                           {"/a/${PLATFORM}x/$LIB", "a/x86_64x/lib64"},
                                           {"/a$b/${LIB", "a$b/${LIB"},
                                           {"//a//", "a"},
                                           {"$", ""},
                                           {"$LIB", ""},
                                           {"relative", ""},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        stella_sv path = STELLA_SV("untouched");
        assert_int_equal(ld_expand(stella_sv_cstr(cases[i][0]), &tokens, arena, &path, NULL), STELLA_OK);
        is(path, cases[i][1]);
    }
}

static void a_path_that_grows_too_long_is_left_out(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    char text[3000], origin[900];
    memset(origin, 'o', sizeof origin);
    memset(text, '/', sizeof text);
    for (size_t i = 0; i + 8 < sizeof text; i += 500)
        memcpy(text + i + 1, "$ORIGIN", 7);
    const ld_tokens tokens = {.origin = stella_sv_of(origin, sizeof origin)};
    stella_sv path = STELLA_SV("untouched");
    assert_int_equal(ld_expand(stella_sv_of(text, sizeof text), &tokens, arena, &path, NULL), STELLA_OK);
    assert_int_equal(path.len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_directories_includes_or_nothing),
        cmocka_unit_test(words_are_between_blanks_and_colons),
        cmocka_unit_test(patterns_know_stars_and_question_marks),
        cmocka_unit_test(tokens_are_put_in_and_what_is_relative_is_left_out),
        cmocka_unit_test(a_path_that_grows_too_long_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
