/* What YAML becomes as a tree, and what is refused. */
#include "check.h"
#include "common/yaml/yaml.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <stdlib.h>

#define ARENA_BYTES ((uint64_t)256 << 20)

static int setup(void **state) {
    *state = stella_arena_create(ARENA_BYTES);
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    stella_arena_destroy(*state);
    return 0;
}

static const stella_json *parse(void **state, stella_sv text) {
    const stella_json *documents = NULL;
    stella_error err = {0};
    if (yaml_parse(text, *state, &documents, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    return documents;
}

/* The tree in JSON's notation, which says what it is made of. */
static void assert_reads(void **state, stella_sv text, const char *json) {
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(1 << 20);
    const stella_sink sink = stella_buf_sink(&buf);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_write_value(&w, parse(state, text));
    assert_int_equal(stella_json_finish(&w, NULL), STELLA_OK);
    const stella_sv got = stella_buf_sv(&buf);
    if (!stella_sv_eq(got, stella_sv_cstr(json)))
        fail_msg("%.*s instead of %s", STELLA_SV_FMT(got), json);
}

static void assert_refuses(void **state, stella_sv text, stella_status status, const char *message) {
    static const stella_json untouched = {.kind = 77};
    const stella_json *documents = &untouched;
    stella_error err = {0};
    assert_int_equal(yaml_parse(text, *state, &documents, &err), status);
    assert_ptr_equal(documents, &untouched);
    assert_int_equal(err.code, status);
    if (!strstr(err.message, message))
        fail_msg("'%s' instead of '%s'", err.message, message);
}

static void keeps_every_scalar_as_text(void **state) {
    assert_reads(state, STELLA_SV("[1.10, 0x1f, true, null, ~, 2001-01-01, !!int 3, 'a''b', \"c\\td\\u00e9\"]"),
                 "[[\"1.10\",\"0x1f\",\"true\",\"null\",\"~\",\"2001-01-01\",\"3\",\"a'b\",\"c\\td\xc3\xa9\"]]");
    assert_reads(state, STELLA_SV("a:\nb: ''\nc: |\n  x\n  y\nd: >-\n  x\n  y\n"),
                 "[{\"a\":\"\",\"b\":\"\",\"c\":\"x\\ny\\n\",\"d\":\"x y\"}]");
}

static void keeps_the_order_and_the_lines_of_members(void **state) {
    const stella_json *root = parse(state, STELLA_SV("z: 1\na:\n  - x\n\n  - {k: v}\n"));
    const stella_json *map = stella_json_at(root, 0);
    assert_int_equal(map->line, 1);
    assert_true(stella_sv_eq(map->members[0].key, STELLA_SV("z")));
    const stella_json *list = stella_json_get(map, "a");
    assert_int_equal(list->line, 3);
    assert_int_equal(list->items[1].line, 5);
    assert_int_equal(stella_json_get(&list->items[1], "k")->line, 5);
}

static void reads_every_document_of_a_stream(void **state) {
    assert_reads(state, STELLA_SV(""), "[]");
    assert_reads(state, STELLA_SV("# nothing\n"), "[]");
    assert_reads(state, STELLA_SV("---\na\n---\n- b\n...\n%YAML 1.2\n---\nc: d\n"), "[\"a\",[\"b\"],{\"c\":\"d\"}]");
}

static void takes_the_last_of_repeated_keys(void **state) {
    assert_reads(state, STELLA_SV("{a: 1, b: 2, a: 3, c: 4, b: 5}"), "[{\"a\":\"3\",\"c\":\"4\",\"b\":\"5\"}]");
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1 << 20);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(stella_buf_printf(&text, "k%d: %d\n", i % 1000, i), STELLA_OK);
    const stella_json *map = stella_json_at(parse(state, stella_buf_sv(&text)), 0);
    assert_int_equal(map->count, 1000);
    assert_true(stella_sv_eq(stella_json_str(stella_json_get(map, "k7")), STELLA_SV("2007")));
}

static void shares_what_aliases_name(void **state) {
    assert_reads(state, STELLA_SV("a: &x {k: [1]}\nb: *x\n&y c: *y\n"),
                 "[{\"a\":{\"k\":[\"1\"]},\"b\":{\"k\":[\"1\"]},\"c\":\"c\"}]");
    const stella_json *map = stella_json_at(parse(state, STELLA_SV("[&x {k: v}, *x]")), 0);
    assert_ptr_equal(map->items[0].members, map->items[1].members);
    assert_reads(state, STELLA_SV("[&x 1, &x 2, *x]"), "[[\"1\",\"2\",\"2\"]]");
}

static void refuses_aliases_without_a_whole_anchor(void **state) {
    assert_refuses(state, STELLA_SV("a: *x\n"), STELLA_E_FORMAT, "line 1: an alias without an anchor");
    assert_refuses(state, STELLA_SV("a: 1\nb: &x [*x]\n"), STELLA_E_FORMAT, "line 2: an alias without an anchor");
    assert_refuses(state, STELLA_SV("&x a\n---\n*x\n"), STELLA_E_FORMAT, "line 3: an alias without an anchor");
}

static void refuses_a_billion_laughs(void **state) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1 << 20);
    assert_int_equal(stella_buf_printf(&text, "a0: &a0 [lol]\n"), STELLA_OK);
    for (int i = 1; i < 10; i++)
        assert_int_equal(stella_buf_printf(&text, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i,
                                           i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1),
                         STELLA_OK);
    assert_refuses(state, stella_buf_sv(&text), STELLA_E_LIMIT, "too many values");
    assert_true(stella_arena_used(*state) < 1 << 20);
}

static void refuses_depth_that_aliases_make(void **state) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1 << 20);
    assert_int_equal(stella_buf_printf(&text, "a0: &a0 x\n"), STELLA_OK);
    for (int i = 1; i <= 130; i++)
        assert_int_equal(stella_buf_printf(&text, "a%d: &a%d [*a%d]\n", i, i, i - 1), STELLA_OK);
    assert_refuses(state, stella_buf_sv(&text), STELLA_E_LIMIT, "nested too deeply");
}

static void refuses_too_many_anchors_and_aliases(void **state) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1 << 20);
    for (int i = 0; i <= YAML_ANCHORS_MAX; i++)
        assert_int_equal(stella_buf_printf(&text, "- &a%d x\n", i), STELLA_OK);
    assert_refuses(state, stella_buf_sv(&text), STELLA_E_LIMIT, "line 1001: too many anchors");
    STELLA_AUTO(stella_buf_fini) stella_buf more = stella_buf_of(1 << 20);
    assert_int_equal(stella_buf_printf(&more, "- &a x\n"), STELLA_OK);
    for (int i = 0; i <= YAML_ALIASES_MAX; i++)
        assert_int_equal(stella_buf_printf(&more, "- *a\n"), STELLA_OK);
    assert_refuses(state, stella_buf_sv(&more), STELLA_E_LIMIT, "too many aliases");
}

static void reads_and_refuses_depth_at_the_limit(void **state) {
    char text[2 * STELLA_JSON_DEPTH_MAX + 2];
    memset(text, '[', STELLA_JSON_DEPTH_MAX);
    memset(text + STELLA_JSON_DEPTH_MAX, ']', STELLA_JSON_DEPTH_MAX);
    assert_int_equal(parse(state, stella_sv_of(text, 2 * (size_t)STELLA_JSON_DEPTH_MAX))->count, 1);
    memset(text, '[', sizeof text);
    assert_refuses(state, stella_sv_of(text, sizeof text), STELLA_E_LIMIT, "nested too deeply");
}

static void refuses_what_is_no_yaml(void **state) {
    assert_refuses(state, STELLA_SV("a: 1\n\tb: 2\n"), STELLA_E_FORMAT, "line 2: ");
    assert_refuses(state, STELLA_SV("a: [1\nb: 2\n"), STELLA_E_FORMAT, "line 2: ");
    assert_refuses(state, STELLA_SV("a: 'cut"), STELLA_E_FORMAT, "line 1: ");
    assert_refuses(state, STELLA_SV("ok: 1\nb: \xff\xff\n"), STELLA_E_FORMAT, "byte 9: ");
    assert_refuses(state, STELLA_SV("a: \x01\n"), STELLA_E_FORMAT, "control characters");
    assert_refuses(state, STELLA_SV("? [a]\n: 1\n"), STELLA_E_FORMAT, "line 1: a key that is no scalar");
}

static void reads_utf_16_and_a_byte_order_mark(void **state) {
    assert_reads(state,
                 STELLA_SV("\xff\xfe"
                           "a\0:\0 \0\xe9\0\n\0"),
                 "[{\"a\":\"\xc3\xa9\"}]");
    assert_reads(state,
                 STELLA_SV("\xef\xbb\xbf"
                           "a: b\n"),
                 "[{\"a\":\"b\"}]");
    assert_reads(state, STELLA_SV("\xc3\xa9: b\nc: dd\n"), "[{\"\xc3\xa9\":\"b\",\"c\":\"dd\"}]");
}

static void ends_when_memory_is_short(void **state) {
    (void)state;
    const stella_sv text = STELLA_SV("a: &x [1, 2, {b: \"c\\n\"}]\nd: *x\n");
    for (uint64_t budget = 0; budget < 65536; budget += 256) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(budget);
        const stella_json *documents = NULL;
        stella_error err = {0};
        if (!arena)
            continue;
        const stella_status status = yaml_parse(text, arena, &documents, &err);
        assert_true(status == STELLA_E_NOMEM ? documents == NULL : documents->count == 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_every_scalar_as_text, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_the_order_and_the_lines_of_members, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_every_document_of_a_stream, setup, teardown),
        cmocka_unit_test_setup_teardown(takes_the_last_of_repeated_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(shares_what_aliases_name, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_aliases_without_a_whole_anchor, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_a_billion_laughs, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_depth_that_aliases_make, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_too_many_anchors_and_aliases, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_and_refuses_depth_at_the_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_yaml, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_utf_16_and_a_byte_order_mark, setup, teardown),
        cmocka_unit_test_setup_teardown(ends_when_memory_is_short, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
