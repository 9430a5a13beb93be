#include "check.h"

#include <stella/error.h>

static void carries_code_message_and_place(void **state) {
    (void)state;
    stella_error err = {0};
    assert_int_equal(stella_error_set(&err, STELLA_E_LIMIT, "/a", "%d of %d", 3, 2), STELLA_E_LIMIT);
    assert_int_equal(err.code, STELLA_E_LIMIT);
    assert_string_equal(err.message, "3 of 2");
    assert_string_equal(err.path, "/a");
    assert_int_equal(stella_error_at(&err, STELLA_E_IO, STELLA_SV("b\0c"), "x"), STELLA_E_IO);
    assert_memory_equal(err.path, "b\0c", 4);
    assert_int_equal(stella_error_set(&err, STELLA_E_IO, NULL, "y"), STELLA_E_IO);
    assert_string_equal(err.path, "");
}

static void needs_nobody_who_listens(void **state) {
    (void)state;
    assert_int_equal(stella_error_set(NULL, STELLA_E_IO, "p", "%s", "x"), STELLA_E_IO);
    assert_int_equal(stella_error_at(NULL, STELLA_E_IO, STELLA_SV("p"), "%s", "x"), STELLA_E_IO);
}

static void cuts_what_is_too_long(void **state) {
    (void)state;
    char text[400];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    stella_error err = {0};
    stella_error_set(&err, STELLA_E_IO, text, "%s", text);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_int_equal(strlen(err.path), sizeof err.path - 1);
}

static void may_be_made_from_itself(void **state) {
    (void)state;
    stella_error err = {0};
    stella_error_set(&err, STELLA_E_IO, "place", "inner");
    stella_error_set(&err, STELLA_E_FORMAT, err.path, "outer: %s", err.message);
    assert_string_equal(err.message, "outer: inner");
    assert_string_equal(err.path, "place");
}

static void names_every_code(void **state) {
    (void)state;
    for (stella_status code = STELLA_OK; code <= STELLA_E_INTERNAL; code++) {
        assert_non_null(stella_status_name(code));
        assert_string_not_equal(stella_status_name(code), "unknown");
    }
    assert_string_equal(stella_status_name(-1), "unknown");
    assert_string_equal(stella_status_name(STELLA_E_INTERNAL + 1), "unknown");
}

int main(void) {
    const struct CMUnitTest error[] = {
        cmocka_unit_test(carries_code_message_and_place),
        cmocka_unit_test(needs_nobody_who_listens),
        cmocka_unit_test(cuts_what_is_too_long),
        cmocka_unit_test(may_be_made_from_itself),
        cmocka_unit_test(names_every_code),
    };
    return cmocka_run_group_tests(error, NULL, NULL);
}
