#include "check.h"

#include "python/imports.h"

static import_name names[64];

static uint32_t read(const char *text) {
    return imports_read(stella_sv_cstr(text), names, STELLA_COUNT(names));
}

static int is(uint32_t i, const char *module, const char *member, uint32_t dots) {
    return stella_sv_eq(names[i].module, stella_sv_cstr(module)) &&
           stella_sv_eq(names[i].member, stella_sv_cstr(member)) && names[i].dots == dots;
}

static void reads_what_is_imported_also_within_functions(void **state) {
    (void)state;
    assert_int_equal(read("import os\nimport a.b as c, d\n\tdef f():\n\t\timport late;\r\n"), 4);
    assert_true(is(0, "os", "", 0) && is(1, "a.b", "", 0) && is(2, "d", "", 0) && is(3, "late", "", 0));
}

static void reads_members_which_may_be_modules(void **state) {
    (void)state;
    assert_int_equal(read("from a.b import c as x, d\nfrom e import (\n    f,\n)\nfrom g import *\n"), 5);
    assert_true(is(0, "a.b", "", 0) && is(1, "a.b", "c", 0) && is(2, "a.b", "d", 0) && is(3, "e", "", 0) &&
                is(4, "g", "", 0));
}

static void counts_the_dots_of_relative_imports(void **state) {
    (void)state;
    assert_int_equal(read("from . import a\nfrom ..b import c\n"), 4);
    assert_true(is(0, "", "", 1) && is(1, "", "a", 1) && is(2, "b", "", 2) && is(3, "b", "c", 2));
}

static void takes_nothing_from_texts_and_comments(void **state) {
    (void)state;
    assert_int_equal(read("\"\"\"\nimport a\n\"\"\"\n# import b\nimportant = 1\nfrom_ = 2\nx = 'import c'\n"), 0);
    assert_int_equal(read("import \nfrom\nfrom x\nimport 1a\nimport a..b\nimport ../x\n"), 0);
}

static void takes_no_more_than_there_is_room_for(void **state) {
    (void)state;
    assert_int_equal(imports_read(STELLA_SV("import a, b, c"), names, 2), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_imported_also_within_functions),
        cmocka_unit_test(reads_members_which_may_be_modules),
        cmocka_unit_test(counts_the_dots_of_relative_imports),
        cmocka_unit_test(takes_nothing_from_texts_and_comments),
        cmocka_unit_test(takes_no_more_than_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
