#include "php/serialized.h"

#include "check.h"

#include <stella/auto.h>

static void every_kind_is_read(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    const stella_json *v = NULL;
    (void)state;
    assert_int_equal(serialized_parse(STELLA_SV("a:5:{s:1:\"a\";s:4:\"x\";y\";i:7;i:-12;s:1:\"n\";N;s:1:\"t\";b:1;s:1:"
                                                "\"e\";a:1:{s:1:\"d\";d:1.5E+3;}}"),
                                      arena, &v, NULL),
                     STELLA_OK);
    assert_int_equal(v->count, 5);
    assert_true(stella_sv_eq(stella_json_str(stella_json_get(v, "a")), STELLA_SV("x\";y")));
    assert_true(stella_sv_eq(stella_json_get(v, "7")->text, STELLA_SV("-12")));
    assert_true(stella_json_is(stella_json_get(v, "n"), STELLA_JSON_NULL));
    assert_true(stella_json_is(stella_json_get(v, "t"), STELLA_JSON_TRUE));
    assert_true(stella_json_is(stella_json_get(stella_json_get(v, "e"), "d"), STELLA_JSON_NUMBER));
}

static void what_lies_is_refused(void **state) {
    static const char *const bad[] = {"",
                                      "a:1:{}",
                                      "a:99999999999:{i:0;N;}",
                                      "s:9:\"abc\";",
                                      "s:3:\"abcd\";",
                                      "s:3:\"abc\"",
                                      "i:;",
                                      "i:1x;",
                                      "b:2;",
                                      "x:1;",
                                      "N;N;",
                                      "R:1;",
                                      "O:1:\"a\":0:{}",
                                      "a:1:{N;N;}",
                                      "a:1:{i:0;N;",
                                      "a:-1:{}",
                                      "s:18446744073709551615:\"a\";"};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const stella_json *v = NULL;
        stella_error err = {0};
        assert_int_equal(serialized_parse(stella_sv_cstr(bad[i]), arena, &v, &err), STELLA_E_FORMAT);
        assert_null(v);
        assert_true(err.message[0]);
    }
}

static void depth_is_bounded(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    const stella_json *v = NULL;
    (void)state;
    for (int i = 0; i < 1000; i++)
        stella_buf_add(&text, STELLA_SV("a:1:{i:0;"));
    assert_int_equal(serialized_parse(stella_buf_sv(&text), arena, &v, NULL), STELLA_E_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read),
        cmocka_unit_test(what_lies_is_refused),
        cmocka_unit_test(depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
