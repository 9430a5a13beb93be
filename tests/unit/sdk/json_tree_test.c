#include "check.h"

#include <stella/json.h>

static int with_arena(void **state) {
    *state = stella_arena_create(8u << 20);
    return *state ? 0 : -1;
}

static int without_arena(void **state) {
    stella_arena_destroy(*state);
    return 0;
}

static const stella_json *parse(stella_sv document, void **state) {
    const stella_json *root = NULL;
    stella_error err = {0};
    if (stella_json_parse(document, *state, &root, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return root;
}

static void keeps_the_order_of_members_and_elements(void **state) {
    const stella_json *root = parse(STELLA_SV("{\"z\":1,\"a\":[\"x\\n\",true,null],\"m\":{\"k\":false}}"), state);
    assert_int_equal(root->kind, STELLA_JSON_OBJECT);
    assert_int_equal(root->count, 3);
    assert_true(stella_sv_eq(root->members[0].key, STELLA_SV("z")));
    assert_true(stella_sv_eq(root->members[2].key, STELLA_SV("m")));
    const stella_json *list = stella_json_get(root, "a");
    assert_int_equal(list->count, 3);
    assert_true(stella_sv_eq(stella_json_str(stella_json_at(list, 0)), STELLA_SV("x\n")));
    assert_true(stella_json_is(stella_json_at(list, 1), STELLA_JSON_TRUE));
    assert_true(stella_json_is(stella_json_at(list, 2), STELLA_JSON_NULL));
    assert_null(stella_json_at(list, 3));
    assert_true(stella_json_is(stella_json_get(stella_json_get(root, "m"), "k"), STELLA_JSON_FALSE));
}

static void tells_the_line_where_a_value_begins(void **state) {
    const stella_json *root = parse(STELLA_SV("\n{\"a\":\n[1,\n2\n],\"b\":\"x\"}"), state);
    assert_int_equal(root->line, 2);
    assert_int_equal(stella_json_get(root, "a")->line, 3);
    assert_int_equal(stella_json_at(stella_json_get(root, "a"), 1)->line, 4);
    assert_int_equal(stella_json_get(root, "b")->line, 5);
}

static void answers_absent_for_values_of_another_kind(void **state) {
    const stella_json *root = parse(STELLA_SV("[1]"), state);
    uint64_t number = 77;
    int64_t whole = 77;
    assert_null(stella_json_get(root, "a"));
    assert_null(stella_json_get(NULL, "a"));
    assert_null(stella_json_at(NULL, 0));
    assert_null(stella_json_str(stella_json_at(root, 0)).ptr);
    assert_int_equal(stella_json_str(NULL).len, 0);
    assert_false(stella_json_is(NULL, STELLA_JSON_NULL));
    assert_false(stella_json_u64(root, &number));
    assert_false(stella_json_i64(NULL, &whole));
    assert_int_equal(number, 77);
    assert_int_equal(whole, 77);
}

static void reads_whole_numbers_up_to_their_borders(void **state) {
    const stella_json *list = parse(STELLA_SV("[18446744073709551615,18446744073709551616,9223372036854775807,"
                                              "9223372036854775808,-9223372036854775808,-9223372036854775809,"
                                              "-0,1.0,1e2]"),
                                    state);
    uint64_t u = 0;
    int64_t i = 0;
    assert_true(stella_json_u64(stella_json_at(list, 0), &u) && u == UINT64_MAX);
    assert_false(stella_json_u64(stella_json_at(list, 1), &u));
    assert_true(stella_json_i64(stella_json_at(list, 2), &i) && i == INT64_MAX);
    assert_false(stella_json_i64(stella_json_at(list, 3), &i));
    assert_true(stella_json_i64(stella_json_at(list, 4), &i) && i == INT64_MIN);
    assert_false(stella_json_i64(stella_json_at(list, 5), &i));
    assert_false(stella_json_u64(stella_json_at(list, 4), &u));
    assert_true(stella_json_i64(stella_json_at(list, 6), &i) && i == 0);
    assert_false(stella_json_u64(stella_json_at(list, 7), &u));
    assert_false(stella_json_u64(stella_json_at(list, 8), &u));
}

static void grows_beyond_the_children_it_has_room_for_at_first(void **state) {
    stella_buf document = stella_buf_of(1u << 20);
    for (unsigned i = 0; i < 5000; i++)
        stella_buf_printf(&document, "%s{\"n\":%u}", i ? "," : "[", i);
    stella_buf_add(&document, STELLA_SV("]"));
    const stella_json *list = parse(stella_buf_sv(&document), state);
    assert_int_equal(list->count, 5000);
    for (uint32_t i = 0; i < 5000; i++) {
        uint64_t n = 0;
        assert_true(stella_json_u64(stella_json_get(stella_json_at(list, i), "n"), &n));
        assert_int_equal(n, i);
    }
    stella_buf_fini(&document);
}

static void refuses_a_key_that_occurs_twice(void **state) {
    const stella_json *root = NULL;
    stella_error err = {0};
    assert_int_equal(stella_json_parse(STELLA_SV("{\"a\":[{\"k/\":1,\n\"k\\/\":2}]}"), *state, &root, &err),
                     STELLA_E_FORMAT);
    assert_string_equal(err.path, "/a/0/k~1");
    assert_string_equal(err.message, "line 2: this key occurs twice");
    assert_null(root);
}

static void refuses_a_key_that_occurs_twice_among_many(void **state) {
    stella_buf document = stella_buf_of(1u << 20);
    for (unsigned i = 0; i < 1000; i++)
        stella_buf_printf(&document, "%s\"key%u\":0", i ? "," : "{", i);
    const size_t whole = document.len;
    stella_buf_add(&document, STELLA_SV("}"));
    assert_int_equal(parse(stella_buf_sv(&document), state)->count, 1000);
    document.len = whole;
    stella_buf_add(&document, STELLA_SV(",\"key500\":1}"));
    const stella_json *root = NULL;
    stella_error err = {0};
    assert_int_equal(stella_json_parse(stella_buf_sv(&document), *state, &root, &err), STELLA_E_FORMAT);
    assert_string_equal(err.path, "/key500");
    stella_buf_fini(&document);
}

static void names_the_place_of_a_mistake_by_json_pointer(void **state) {
    static const struct {
        const char *document, *path;
    } cases[] = {{"{\"a\":{\"b\":[0,1,x]}}", "/a/b/2"}, {"[", "/0"}, {"x", ""}, {"{\"a~\":x}", "/a~0"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const stella_json *root = NULL;
        stella_error err = {0};
        assert_int_equal(stella_json_parse(stella_sv_cstr(cases[i].document), *state, &root, &err), STELLA_E_FORMAT);
        assert_string_equal(err.path, cases[i].path);
        assert_null(root);
    }
}

static void cuts_a_pointer_that_is_too_long(void **state) {
    stella_buf document = stella_buf_of(1u << 20);
    for (unsigned i = 0; i < 100; i++)
        stella_buf_printf(&document, "{\"member%u\":", i);
    const stella_json *root = NULL;
    stella_error err = {0};
    assert_int_equal(stella_json_parse(stella_buf_sv(&document), *state, &root, &err), STELLA_E_FORMAT);
    assert_int_equal(strlen(err.path), sizeof err.path - 1);
    stella_buf_fini(&document);
}

static void is_bounded_by_the_budget_of_the_arena(void **state) {
    (void)state;
    stella_buf document = stella_buf_of(1u << 20);
    for (unsigned i = 0; i < 10000; i++)
        stella_buf_add(&document, i ? STELLA_SV(",1") : STELLA_SV("[1"));
    stella_buf_add(&document, STELLA_SV("]"));
    stella_arena *small = stella_arena_create(100000);
    const stella_json *root = NULL;
    stella_error err = {0};
    assert_int_equal(stella_json_parse(stella_buf_sv(&document), small, &root, &err), STELLA_E_NOMEM);
    assert_null(root);
    assert_true(stella_arena_used(small) <= 100000);
    stella_arena_destroy(small);
    stella_buf_fini(&document);
}

static void texts_with_escapes_outlive_the_reader(void **state) {
    const stella_json *list = parse(STELLA_SV("[\"\\u0061\",\"\\u0062\",\"plain\"]"), state);
    assert_true(stella_sv_eq(stella_json_str(stella_json_at(list, 0)), STELLA_SV("a")));
    assert_true(stella_sv_eq(stella_json_str(stella_json_at(list, 1)), STELLA_SV("b")));
    assert_true(stella_sv_eq(stella_json_str(stella_json_at(list, 2)), STELLA_SV("plain")));
}

int main(void) {
    const struct CMUnitTest json_tree[] = {
        cmocka_unit_test_setup_teardown(keeps_the_order_of_members_and_elements, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(tells_the_line_where_a_value_begins, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(answers_absent_for_values_of_another_kind, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(reads_whole_numbers_up_to_their_borders, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(grows_beyond_the_children_it_has_room_for_at_first, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(refuses_a_key_that_occurs_twice, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(refuses_a_key_that_occurs_twice_among_many, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(names_the_place_of_a_mistake_by_json_pointer, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(cuts_a_pointer_that_is_too_long, with_arena, without_arena),
        cmocka_unit_test(is_bounded_by_the_budget_of_the_arena),
        cmocka_unit_test_setup_teardown(texts_with_escapes_outlive_the_reader, with_arena, without_arena),
    };
    return cmocka_run_group_tests(json_tree, NULL, NULL);
}
