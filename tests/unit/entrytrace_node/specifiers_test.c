#include "check.h"

#include "node/specifiers.h"

#include <stella/file.h>

static specifier names[16];

static uint32_t read(const char *text) {
    return specifiers_read(stella_sv_cstr(text), names, STELLA_COUNT(names));
}

static int is(uint32_t i, const char *name, uint32_t is_import) {
    return stella_sv_eq(names[i].name, stella_sv_cstr(name)) && names[i].is_import == is_import;
}

static void reads_what_is_required(void **state) {
    (void)state;
    assert_int_equal(
        read("const a = require('a'), b = require ( \"./b\" );\nrequire.resolve('c')\nif (x) require('d')"), 4);
    assert_true(is(0, "a", 0) && is(1, "./b", 0) && is(2, "c", 0) && is(3, "d", 0));
}

static void reads_what_is_imported(void **state) {
    (void)state;
    assert_int_equal(
        read("import 'a';import b, {c as d} from \"b\"\nexport * from 'c'\nawait import('d')\nimport e from'e'"), 5);
    assert_true(is(0, "a", 1) && is(1, "b", 1) && is(2, "c", 1) && is(3, "d", 1) && is(4, "e", 1));
}

static void takes_nothing_from_comments_texts_and_patterns(void **state) {
    (void)state;
    assert_int_equal(read("// require('a')\n/* require('b') */ '\\'require(\"c\")'; `\\`require('d')`;\n"
                          "x = /[/'\"]require('e')/; y = a / b; require('f'); return /'/.test(require('g'))"),
                     2);
    assert_true(is(0, "f", 0) && is(1, "g", 0));
}

static void other_functions_of_that_name_load_nothing(void **state) {
    (void)state;
    assert_int_equal(
        read("x.require('a'); require('b' + c, d); requires('e'); require(f); require(`g`); from = 'h'; x.import('i')"),
        1);
    assert_true(is(0, "b", 0)); /* what stands first there is a name as well as not: it is looked up */
}

static void texts_that_never_end_end_the_reading(void **state) {
    (void)state;
    static const char *const texts[] = {"",   "'",          "\"a",          "`", "/", "/*", "/* *", "//", "/a",
                                        "/[", "require('a", "require('a\\", "\\"};
    for (size_t i = 0; i < STELLA_COUNT(texts); i++)
        assert_int_equal(read(texts[i]), 0);
    assert_int_equal(read("require('a\nrequire('b')"), 1);
    assert_int_equal(specifiers_read(STELLA_SV("import 'a';import 'b'"), names, 1), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_required),
        cmocka_unit_test(reads_what_is_imported),
        cmocka_unit_test(takes_nothing_from_comments_texts_and_patterns),
        cmocka_unit_test(other_functions_of_that_name_load_nothing),
        cmocka_unit_test(texts_that_never_end_end_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
