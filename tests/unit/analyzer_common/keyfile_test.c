/* Groups of "key=value" lines. */
#include "check.h"
#include "common/keyfile.h"

static int is_value(const char *text, const char *group, const char *key, const char *value) {
    return stella_sv_eq(keyfile_get(stella_sv_cstr(text), group, key), stella_sv_cstr(value));
}

static void values_are_found_by_group_and_key(void **state) {
    (void)state;
    const char *text = "\xef\xbb\xbf# Name=no\n[A]\nName = one \nName[de]=eins\n\n[B]\r\nName=two=2\r\nName=three\n";
    assert_true(is_value(text, "A", "Name", "one"));
    assert_true(is_value(text, "A", "Name[de]", "eins"));
    assert_true(is_value(text, "B", "Name", "two=2"));
    assert_true(is_value(text, "", "Name", ""));
    assert_true(is_value(text, "C", "Name", ""));
    assert_true(is_value(text, "A", "name", ""));
}

static void what_is_no_entry_is_stepped_over(void **state) {
    (void)state;
    assert_true(is_value("=x\nnonsense\n[A\n]\n[]\nK=v", "", "K", "v"));
    assert_true(is_value("[A]\nK=\x1b[0m\nK=\xff\nK=v", "A", "K", "v"));
    assert_true(is_value("", "A", "K", ""));
}

static void lines_are_counted(void **state) {
    (void)state;
    keyfile reader = keyfile_of(STELLA_SV("\n[A]\n#\nK=v\nL=w"));
    keyfile_entry entry;
    assert_true(keyfile_next(&reader, &entry));
    assert_int_equal(entry.line, 4);
    assert_true(keyfile_next(&reader, &entry));
    assert_int_equal(entry.line, 5);
    assert_false(keyfile_next(&reader, &entry));
    assert_int_equal(entry.line, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_by_group_and_key),
        cmocka_unit_test(what_is_no_entry_is_stepped_over),
        cmocka_unit_test(lines_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
