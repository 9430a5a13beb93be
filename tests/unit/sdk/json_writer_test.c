#include "check.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdlib.h>

typedef struct page {
    stella_buf buf;
    stella_sink sink;
    stella_json_writer w;
} page;

static int with_page(void **state) {
    page *p = calloc(1, sizeof *p);
    if (!p)
        return -1;
    p->buf = stella_buf_of(1u << 20);
    p->sink = stella_buf_sink(&p->buf);
    stella_json_writer_init(&p->w, &p->sink, 0);
    *state = p;
    return 0;
}

static int without_page(void **state) {
    page *p = *state;
    stella_buf_fini(&p->buf);
    free(p);
    return 0;
}

static void assert_written(page *p, const char *expected) {
    assert_int_equal(stella_json_finish(&p->w, NULL), STELLA_OK);
    assert_string_equal(p->buf.ptr, expected);
}

static void write_sample(stella_json_writer *w) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "name", STELLA_SV("x"));
    stella_json_member_opt(w, "left-out", STELLA_SV(""));
    stella_json_member_opt(w, "kept", STELLA_SV("y"));
    stella_json_member_u64(w, "size", 7);
    stella_json_member_bool(w, "ok", 3);
    stella_json_member_array(w, "list");
    stella_json_write_null(w);
    stella_json_write_bool(w, 0);
    stella_json_begin_array(w);
    stella_json_end_array(w);
    stella_json_begin_object(w);
    stella_json_end_object(w);
    stella_json_end_array(w);
    stella_json_member_object(w, "inner");
    stella_json_key(w, STELLA_SV("i"));
    stella_json_write_i64(w, -1);
    stella_json_end_object(w);
    stella_json_end_object(w);
}

static void writes_compact_documents(void **state) {
    page *p = *state;
    write_sample(&p->w);
    assert_written(p, "{\"name\":\"x\",\"kept\":\"y\",\"size\":7,\"ok\":true,\"list\":[null,false,[],{}],"
                      "\"inner\":{\"i\":-1}}");
}

static void writes_indented_documents(void **state) {
    page *p = *state;
    stella_json_writer_init(&p->w, &p->sink, 2);
    write_sample(&p->w);
    assert_written(p, "{\n  \"name\": \"x\",\n  \"kept\": \"y\",\n  \"size\": 7,\n  \"ok\": true,\n  \"list\": [\n"
                      "    null,\n    false,\n    [],\n    {}\n  ],\n  \"inner\": {\n    \"i\": -1\n  }\n}\n");
}

static void writes_the_borders_of_numbers(void **state) {
    page *p = *state;
    stella_json_begin_array(&p->w);
    stella_json_write_u64(&p->w, 0);
    stella_json_write_u64(&p->w, UINT64_MAX);
    stella_json_write_i64(&p->w, INT64_MIN);
    stella_json_write_i64(&p->w, INT64_MAX);
    stella_json_end_array(&p->w);
    assert_written(p, "[0,18446744073709551615,-9223372036854775808,9223372036854775807]");
}

static void escapes_what_must_be_and_nothing_else(void **state) {
    page *p = *state;
    stella_json_write_str(&p->w, STELLA_SV("\"\\/\b\f\n\r\t\x01\x1f\x7f\0\xc3\xa9\xf0\x9f\x98\x80 <&>"));
    assert_written(p, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\\u0000\xc3\xa9\xf0\x9f\x98\x80 <&>\"");
}

static void writes_replacement_characters_for_bytes_that_are_not_utf8(void **state) {
    page *p = *state;
    stella_json_write_str(&p->w, STELLA_SV("a\xff"
                                           "b\xe2\x82\xed\xa0\x80z\xc3"));
    assert_written(p, "\"a\xef\xbf\xbd"
                      "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\"");
}

static void joins_pieces_across_its_buffer(void **state) {
    page *p = *state;
    stella_buf expected = stella_buf_of(1u << 20);
    stella_json_begin_array(&p->w);
    for (size_t len = 0; len < 300; len++) { /* every fill level of the buffer meets every kind of byte */
        char text[300];
        memset(text, len % 7 ? 'a' : '\n', len);
        stella_json_write_str(&p->w, stella_sv_of(text, len));
        stella_buf_add(&expected, len ? STELLA_SV(",\"") : STELLA_SV("[\""));
        for (size_t i = 0; i < len; i++)
            stella_buf_add(&expected, len % 7 ? STELLA_SV("a") : STELLA_SV("\\n"));
        stella_buf_add(&expected, STELLA_SV("\""));
    }
    stella_json_end_array(&p->w);
    stella_buf_add(&expected, STELLA_SV("]"));
    assert_written(p, expected.ptr);
    stella_buf_fini(&expected);
}

static void passes_texts_larger_than_its_buffer(void **state) {
    page *p = *state;
    static char text[20000];
    memset(text, 'x', sizeof text);
    stella_json_write_str(&p->w, stella_sv_of(text, sizeof text));
    assert_int_equal(stella_json_finish(&p->w, NULL), STELLA_OK);
    assert_int_equal(p->buf.len, sizeof text + 2);
    assert_memory_equal(p->buf.ptr + 1, text, sizeof text);
}

static void reports_the_first_failed_write_at_the_end(void **state) {
    page *p = *state;
    p->buf.max = 5000;
    stella_json_begin_array(&p->w);
    for (unsigned i = 0; i < 5000; i++)
        stella_json_write_u64(&p->w, i);
    stella_json_end_array(&p->w);
    stella_error err = {0};
    assert_int_equal(stella_json_finish(&p->w, &err), STELLA_E_LIMIT);
    assert_int_equal(err.code, STELLA_E_LIMIT);
    assert_true(p->buf.len <= 5000);
}

static void refuses_depth_beyond_the_limit(void **state) {
    page *p = *state;
    for (unsigned i = 0; i <= STELLA_JSON_DEPTH_MAX; i++)
        stella_json_begin_array(&p->w);
    for (unsigned i = 0; i <= STELLA_JSON_DEPTH_MAX; i++)
        stella_json_end_array(&p->w);
    assert_int_equal(stella_json_finish(&p->w, NULL), STELLA_E_LIMIT);
}

static void writes_a_tree_as_it_was_read(void **state) {
    page *p = *state;
    stella_arena *arena = stella_arena_create(1u << 20);
    const char *document =
        "{\"b\":[1.50,-0,1E400,\"\\u0001\xc3\xa9\"],\"a\":{\"t\":true,\"f\":false,\"n\":null,\"e\":{}}}";
    const stella_json *root = NULL;
    assert_int_equal(stella_json_parse(stella_sv_cstr(document), arena, &root, NULL), STELLA_OK);
    stella_json_write_value(&p->w, root);
    assert_written(p, document);
    stella_arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest json_writer[] = {
        cmocka_unit_test_setup_teardown(writes_compact_documents, with_page, without_page),
        cmocka_unit_test_setup_teardown(writes_indented_documents, with_page, without_page),
        cmocka_unit_test_setup_teardown(writes_the_borders_of_numbers, with_page, without_page),
        cmocka_unit_test_setup_teardown(escapes_what_must_be_and_nothing_else, with_page, without_page),
        cmocka_unit_test_setup_teardown(writes_replacement_characters_for_bytes_that_are_not_utf8, with_page,
                                        without_page),
        cmocka_unit_test_setup_teardown(joins_pieces_across_its_buffer, with_page, without_page),
        cmocka_unit_test_setup_teardown(passes_texts_larger_than_its_buffer, with_page, without_page),
        cmocka_unit_test_setup_teardown(reports_the_first_failed_write_at_the_end, with_page, without_page),
        cmocka_unit_test_setup_teardown(refuses_depth_beyond_the_limit, with_page, without_page),
        cmocka_unit_test_setup_teardown(writes_a_tree_as_it_was_read, with_page, without_page),
    };
    return cmocka_run_group_tests(json_writer, NULL, NULL);
}
