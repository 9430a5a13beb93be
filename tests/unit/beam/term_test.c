#include "beam/term.h"

#include "check.h"

#include <stella/auto.h>

static const stella_json *parse(stella_arena *arena, const char *text, int is_elixir) {
    const stella_json *root = NULL;
    stella_error err = {0};
    if ((is_elixir ? term_parse_elixir : term_parse_erlang)(stella_sv_cstr(text), arena, &root, &err) != STELLA_OK)
        fail_msg("%s: %s", text, err.message);
    return root;
}

static void is_text(const stella_json *value, const char *text) {
    if (!stella_sv_eq(stella_json_str(value), stella_sv_cstr(text)))
        fail_msg("%.*s is not %s", STELLA_SV_FMT(stella_json_str(value)), text);
}

static void terms_of_erlang_are_read(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    const stella_json *root = parse(arena,
                                    "%% note {\n{application, 'a b', [{vsn,\"1.0\\\"\"},{x,<<\"y\"/utf8>>},"
                                    "{n,-1},{m,#{k => v}},{f,fun a:b/1}]}.\n[last].",
                                    0);
    (void)state;
    assert_int_equal(root->count, 2);
    const stella_json *first = stella_json_at(root, 0), *facts = stella_json_at(first, 2);
    is_text(stella_json_at(first, 1), "a b");
    assert_int_equal(first->line, 2);
    is_text(term_get(facts, STELLA_SV("vsn")), "1.0\"");
    is_text(term_get(facts, STELLA_SV("x")), "y");
    is_text(term_get(facts, STELLA_SV("n")), "1");
    assert_null(term_get(facts, STELLA_SV("missing")));
    is_text(stella_json_at(stella_json_at(root, 1), 0), "last");
}

static void terms_of_elixir_are_read(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    const stella_json *root =
        parse(arena, "# note\n%{\n \"a\": {:hex, :b, [c: :d, e: [1], f: %{\"g\" => \"h\"}]},\n i: true}", 1);
    (void)state;
    const stella_json *map = stella_json_at(root, 0);
    const stella_json *tuple = term_get(map, STELLA_SV("a")), *list = stella_json_at(tuple, 2);
    is_text(stella_json_at(tuple, 0), "hex");
    is_text(stella_json_at(tuple, 1), "b");
    is_text(term_get(list, STELLA_SV("c")), "d");
    is_text(stella_json_at(term_get(list, STELLA_SV("e")), 0), "1");
    is_text(term_get(term_get(list, STELLA_SV("f")), STELLA_SV("g")), "h");
    is_text(term_get(map, STELLA_SV("i")), "true");
}

static void brackets_and_texts_have_an_end(void **state) {
    static const char *const bad[] = {"{", "[a", "{a]", "}", "\"a", "<<\"a\"", "{a,{b}", "'x"};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const stella_json *root = NULL;
        stella_error err = {0};
        assert_int_equal(term_parse_erlang(stella_sv_cstr(bad[i]), arena, &root, &err), STELLA_E_FORMAT);
        assert_null(root);
        assert_true(err.message[0]);
    }
}

static void depth_and_memory_are_bounded(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 12);
    static char deep[4096];
    const stella_json *root = NULL;
    (void)state;
    memset(deep, '[', sizeof deep);
    assert_int_equal(term_parse_erlang(stella_sv_of(deep, sizeof deep), arena, &root, NULL), STELLA_E_LIMIT);
    for (size_t i = 0; i < sizeof deep; i++)
        deep[i] = i % 2 ? ',' : 'a';
    assert_int_equal(term_parse_erlang(stella_sv_of(deep, sizeof deep), arena, &root, NULL), STELLA_E_NOMEM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_of_erlang_are_read),
        cmocka_unit_test(terms_of_elixir_are_read),
        cmocka_unit_test(brackets_and_texts_have_an_end),
        cmocka_unit_test(depth_and_memory_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
