/* TOML documents: against Python's tomllib, and what the reader adds to it: lines, limits, errors. */
#include "common/toml/toml.h"

#include "data.h"
#include "scratch_root.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <ctype.h>

#define BUDGET ((uint64_t)64 << 20)

static const stella_json *parse(stella_sv text, stella_arena *arena) {
    const stella_json *out = NULL;
    stella_error err = {0};
    if (toml_parse(text, arena, &out, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    return out;
}

static void refuses(const char *text, stella_status status, const char *message) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    const stella_json *const untouched = (const stella_json *)&arena;
    const stella_json *out = untouched;
    stella_error err = {0};
    assert_int_equal(toml_parse(stella_sv_cstr(text), arena, &out, &err), status);
    assert_ptr_equal(out, untouched);
    if (!strstr(err.message, message))
        fail_msg("\"%s\" is not in \"%s\"", message, err.message);
}

/* ---- the form in which make_documents.py writes what tomllib reads --------------------------------------------------
 */

static void dump_text(stella_sv text, stella_buf *out) {
    stella_buf_printf(out, "%zu:", text.len);
    stella_buf_add(out, text);
}

static int is_date_like(stella_sv text) {
    size_t digits = 0;
    while (digits < text.len && isdigit((unsigned char)text.ptr[digits]))
        digits++;
    return digits < text.len && ((digits >= 4 && text.ptr[4] == '-') || (digits == 2 && text.ptr[2] == ':'));
}

static int based(char letter) {
    return letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
}

static void dump_number(stella_sv text, stella_buf *out) {
    char plain[128];
    size_t len = 0;
    assert_true(text.len < sizeof plain);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_' && !(i == 0 && text.ptr[i] == '+'))
            plain[len++] = text.ptr[i];
    plain[len] = '\0';
    if (plain[0] == '0' && based(plain[1]))
        len = (size_t)snprintf(plain, sizeof plain, "%llu", strtoull(plain + 2, NULL, based(plain[1])));
    if (strcmp(plain, "-0") == 0)
        len = (size_t)snprintf(plain, sizeof plain, "0");
    stella_buf_add(out, STELLA_SV("n"));
    dump_text(stella_sv_of(plain, len), out);
}

static void dump(const stella_json *value, stella_buf *out) {
    assert_true(value->line > 0);
    switch (value->kind) {
    case STELLA_JSON_OBJECT:
        stella_buf_add(out, STELLA_SV("{"));
        for (uint32_t i = 0; i < value->count; i++) {
            dump_text(value->members[i].key, out);
            dump(&value->members[i].value, out);
        }
        stella_buf_add(out, STELLA_SV("}"));
        break;
    case STELLA_JSON_ARRAY:
        stella_buf_add(out, STELLA_SV("["));
        for (uint32_t i = 0; i < value->count; i++)
            dump(&value->items[i], out);
        stella_buf_add(out, STELLA_SV("]"));
        break;
    case STELLA_JSON_NUMBER:
        dump_number(value->text, out);
        break;
    case STELLA_JSON_STRING:
        stella_buf_add(out, is_date_like(value->text) ? STELLA_SV("d") : STELLA_SV("s"));
        if (!is_date_like(value->text))
            dump_text(value->text, out);
        break;
    default:
        assert_true(value->kind == STELLA_JSON_TRUE || value->kind == STELLA_JSON_FALSE);
        stella_buf_add(out, value->kind == STELLA_JSON_TRUE ? STELLA_SV("t") : STELLA_SV("f"));
    }
}

static int compare(const scratch_root *root, uint32_t number) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(1u << 20);
    const stella_sv expected = data_read(stella_arena_printf(arena, "%s/%u.dump", root->path, number).ptr, arena);
    const stella_sv text = data_read(stella_arena_printf(arena, "%s/%u.toml", root->path, number).ptr, arena);
    const stella_json *tree = NULL;
    stella_error err = {0};
    if (!expected.ptr)
        return 0;
    if (toml_parse(text, arena, &tree, &err) == STELLA_OK)
        dump(tree, &got);
    else
        stella_buf_add(&got, STELLA_SV("refused\n"));
    if (!stella_sv_eq(stella_buf_sv(&got), expected))
        fail_msg("document %u:\n%.*s\ntomllib: %.*s\nhere: %.*s (%s)", number, STELLA_SV_FMT(text),
                 STELLA_SV_FMT(expected), STELLA_SV_FMT(stella_buf_sv(&got)), err.message);
    return 1;
}

static void reads_and_refuses_what_tomllib_does(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    char command[512];
    uint32_t number = 0;
    snprintf(command, sizeof command, "python3 '%s/tests/unit/analyzers_toml/make_documents.py' %s", STELLA_SOURCE_DIR,
             root.path);
    assert_int_equal(system(command), 0);
    while (compare(&root, number))
        number++;
    assert_true(number > 5000);
}

/* ---- what tomllib does not have -------------------------------------------------------------------------------------
 */

static void every_value_has_its_line(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    const stella_json *tree = parse(STELLA_SV("# first\na = \"\"\"\nx\n\"\"\"\nb = [\n  1,\n]\r\n\r\n[[p]]\nn = 'x'\n"
                                              "[[p]]\nn = 'y'\n[p.q.r]\nz = 1\n[p.q]\n"),
                                    arena);
    const stella_json *p = stella_json_get(tree, "p");
    assert_int_equal(stella_json_get(tree, "a")->line, 2);
    assert_int_equal(stella_json_at(stella_json_get(tree, "b"), 0)->line, 6);
    assert_int_equal(stella_json_at(p, 0)->line, 9);
    assert_int_equal(stella_json_get(stella_json_at(p, 1), "n")->line, 12);
    assert_int_equal(stella_json_get(stella_json_at(p, 1), "q")->line, 15); /* its own header */
}

static void numbers_and_dates_stay_as_written(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    const stella_json *tree = parse(STELLA_SV("a = 0xF_f\nb = 1_000\nc = -inf\nd = 1979-05-27 07:32:00z\n"
                                              "e = 99999999999999999999999\nf = 23:59:60\n"),
                                    arena);
    assert_string_equal(stella_arena_cstr(arena, stella_json_get(tree, "a")->text), "0xF_f");
    assert_string_equal(stella_arena_cstr(arena, stella_json_get(tree, "b")->text), "1_000");
    assert_string_equal(stella_arena_cstr(arena, stella_json_get(tree, "c")->text), "-inf");
    assert_string_equal(stella_arena_cstr(arena, stella_json_str(stella_json_get(tree, "d"))), "1979-05-27 07:32:00z");
    assert_true(stella_json_is(stella_json_get(tree, "e"), STELLA_JSON_NUMBER));
    assert_string_equal(stella_arena_cstr(arena, stella_json_str(stella_json_get(tree, "f"))), "23:59:60");
}

static void a_byte_order_mark_is_stepped_over(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    assert_true(stella_json_is(stella_json_get(parse(STELLA_SV("\xef\xbb\xbf"
                                                               "a = true"),
                                                     arena),
                                               "a"),
                               STELLA_JSON_TRUE));
    assert_int_equal(parse(stella_sv_of(NULL, 0), arena)->count, 0);
}

static void errors_name_the_line(void **state) {
    (void)state;
    refuses("a = 1\n\nb = 1\nb = 2\n", STELLA_E_FORMAT, "line 4: a key that was given before");
    refuses("[a]\n[b]\n[a]\n", STELLA_E_FORMAT, "line 3: a table that was defined before");
    refuses("a = \"x\n", STELLA_E_FORMAT, "line 1: a string is not closed");
    refuses("a = '''x\n\n", STELLA_E_FORMAT, "line 3: a string is not closed");
    refuses("a = 1\n\xff = 2\n", STELLA_E_FORMAT, "line 2: not UTF-8");
    refuses("a = \"\\q\"", STELLA_E_FORMAT, "line 1: an escape");
    refuses("a = 1\nb = 2020-13-01\n", STELLA_E_FORMAT, "line 2: a value that is none");
}

static void refuses_what_is_nested_too_deep(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf arrays = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf dotted = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf inlined = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf header = stella_buf_of(1u << 20);
    stella_buf_add(&arrays, STELLA_SV("a = "));
    stella_buf_add(&inlined, STELLA_SV("a = "));
    stella_buf_add(&header, STELLA_SV("["));
    for (int i = 0; i < 5000; i++) {
        stella_buf_add(&arrays, STELLA_SV("["));
        stella_buf_add(&dotted, STELLA_SV("a."));
        stella_buf_add(&inlined, STELLA_SV("{a="));
        stella_buf_add(&header, STELLA_SV("a."));
    }
    stella_buf_add(&dotted, STELLA_SV("a = 1"));
    stella_buf_add(&header, STELLA_SV("a]"));
    refuses(arrays.ptr, STELLA_E_LIMIT, "nested deeper than");
    refuses(dotted.ptr, STELLA_E_LIMIT, "nested deeper than");
    refuses(inlined.ptr, STELLA_E_LIMIT, "nested deeper than");
    refuses(header.ptr, STELLA_E_LIMIT, "nested deeper than");
}

static void many_keys_in_any_order_are_read_in_time(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)256 << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(64u << 20);
    for (uint32_t i = 0; i < 200000; i++)
        stella_buf_printf(&text, "[k%u]\n", i);
    assert_int_equal(parse(stella_buf_sv(&text), arena)->count, 200000);
}

static void a_small_arena_ends_the_reading(void **state) {
    (void)state;
    for (uint64_t budget = 1; budget < 4096; budget += 61) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(budget);
        const stella_json *out = NULL;
        const stella_status status =
            toml_parse(STELLA_SV("[[a]]\nb.c = [1, \"\\u00e9\", {d = 2}]\n[a.e]\nf = '''\ng'''\n"), arena, &out, NULL);
        assert_true(status == STELLA_E_NOMEM || status == STELLA_OK);
        assert_int_equal(out != NULL, status == STELLA_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_refuses_what_tomllib_does),
        cmocka_unit_test(every_value_has_its_line),
        cmocka_unit_test(numbers_and_dates_stay_as_written),
        cmocka_unit_test(a_byte_order_mark_is_stepped_over),
        cmocka_unit_test(errors_name_the_line),
        cmocka_unit_test(refuses_what_is_nested_too_deep),
        cmocka_unit_test(many_keys_in_any_order_are_read_in_time),
        cmocka_unit_test(a_small_arena_ends_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
