#include "check.h"

#include <stella/spdx.h>

#include "sdk/src/spdx_table.h"

#include <ctype.h>

static int with_arena(void **state) {
    *state = stella_arena_create(16u << 20);
    return *state ? 0 : -1;
}

static int without_arena(void **state) {
    stella_arena_destroy(*state);
    return 0;
}

static void assert_sorted(const spdx_table *table) {
    for (size_t i = 1; i < table->count; i++) {
        const stella_sv before = spdx_table_at(table, i - 1), one = spdx_table_at(table, i);
        char a[128], b[128];
        for (size_t k = 0; k <= before.len; k++)
            a[k] = (char)tolower((unsigned char)before.ptr[k]);
        for (size_t k = 0; k <= one.len; k++)
            b[k] = (char)tolower((unsigned char)one.ptr[k]);
        assert_true(strcmp(a, b) < 0);
    }
}

static void the_tables_are_sorted_and_hold_the_whole_list(void **state) {
    (void)state;
    assert_true(stella_spdx_licenses.count > 700);
    assert_true(stella_spdx_exceptions.count > 70);
    assert_sorted(&stella_spdx_licenses);
    assert_sorted(&stella_spdx_exceptions);
}

static void names_the_version_of_its_list(void **state) {
    (void)state;
    uint64_t major;
    stella_sv version = stella_sv_cstr(stella_spdx_list_version()), part;
    assert_true(stella_sv_split(&version, '.', &part));
    assert_true(stella_sv_u64(part, 99, &major) && major >= 3);
}

static void finds_every_identifier_in_any_case(void **state) {
    (void)state;
    for (size_t i = 0; i < stella_spdx_licenses.count; i++) {
        char upper[128];
        const stella_sv id = spdx_table_at(&stella_spdx_licenses, i);
        for (size_t k = 0; k < id.len; k++)
            upper[k] = (char)toupper((unsigned char)id.ptr[k]);
        assert_ptr_equal(stella_spdx_license(stella_sv_of(upper, id.len)).ptr, id.ptr);
    }
    assert_true(stella_sv_eq(stella_spdx_exception(STELLA_SV("classpath-EXCEPTION-2.0")),
                             STELLA_SV("Classpath-exception-2.0")));
}

static void does_not_know_what_is_not_on_the_list(void **state) {
    (void)state;
    assert_null(stella_spdx_license(STELLA_SV("")).ptr);
    assert_null(stella_spdx_license(STELLA_SV("MI")).ptr);
    assert_null(stella_spdx_license(STELLA_SV("MIT2")).ptr);
    assert_null(stella_spdx_license(STELLA_SV("Classpath-exception-2.0")).ptr);
    assert_null(stella_spdx_exception(STELLA_SV("MIT")).ptr);
}

static void normalises_expressions(void **state) {
    static const char *const cases[][2] = {
        {"mit", "MIT"},
        {"  apache-2.0+  ", "Apache-2.0+"},
        {"gpl-2.0+", "GPL-2.0+"},
        {"GPL-2.0-OR-LATER", "GPL-2.0-or-later"},
        {"(MIT)", "(MIT)"},
        {"mit and\t(apache-2.0 or  bsd-3-clause)", "MIT AND (Apache-2.0 OR BSD-3-Clause)"},
        {"(MIT)AND(ISC)", "(MIT) AND (ISC)"},
        {"gpl-2.0-only with classpath-exception-2.0 OR MIT", "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT"},
        {"LicenseRef-Public-Domain", "LicenseRef-Public-Domain"},
        {"DocumentRef-a.b:LicenseRef-x AND MIT", "DocumentRef-a.b:LicenseRef-x AND MIT"},
        {"GPL-2.0-only WITH AdditionRef-mine", "GPL-2.0-only WITH AdditionRef-mine"},
        {"((MIT OR ISC) AND Zlib)", "((MIT OR ISC) AND Zlib)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const stella_sv got = stella_spdx_expression(stella_sv_cstr(cases[i][0]), *state);
        if (!stella_sv_eq(got, stella_sv_cstr(cases[i][1])))
            fail_msg("%s gives %.*s", cases[i][0], STELLA_SV_FMT(got));
    }
}

static void answers_nothing_for_what_is_no_expression(void **state) {
    static const char *const cases[] = {"",
                                        " ",
                                        "NONE",
                                        "NOASSERTION",
                                        "MIT ISC",
                                        "MIT, ISC",
                                        "MIT/ISC",
                                        "MIT AND",
                                        "AND MIT",
                                        "MIT OR OR ISC",
                                        "()",
                                        "(MIT",
                                        "MIT)",
                                        ")MIT(",
                                        "MIT (ISC)",
                                        "MIT And ISC",
                                        "Public Domain",
                                        "MIT++",
                                        "+",
                                        "MIT +",
                                        "(MIT)+",
                                        "MIT WITH",
                                        "WITH MIT",
                                        "MIT WITH ISC",
                                        "MIT WITH Classpath-exception-2.0 WITH Classpath-exception-2.0",
                                        "(MIT) WITH Classpath-exception-2.0",
                                        "LicenseRef-",
                                        "LicenseRef-a+",
                                        "LicenseRef-a_b",
                                        "DocumentRef-x",
                                        "DocumentRef-:LicenseRef-a",
                                        "DocumentRef-a:MIT",
                                        "a:b:c",
                                        "MIT\xc3\xa9",
                                        "MIT AND (ISC",
                                        "AdditionRef-x"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (stella_spdx_expression(stella_sv_cstr(cases[i]), *state).ptr)
            fail_msg("accepted: %s", cases[i]);
    assert_null(stella_spdx_expression(STELLA_SV("MIT\0"), *state).ptr);
}

static void bounds_the_length_of_an_expression(void **state) {
    static char text[STELLA_SPDX_EXPRESSION_MAX + 1];
    memset(text, '(', sizeof text);
    memcpy(text + STELLA_SPDX_EXPRESSION_MAX / 2 - 2, "MIT", 3);
    memset(text + STELLA_SPDX_EXPRESSION_MAX / 2 + 1, ')', sizeof text - STELLA_SPDX_EXPRESSION_MAX / 2 - 1);
    /* 32766 opening, as many closing */
    assert_int_equal(stella_spdx_expression(stella_sv_of(text, STELLA_SPDX_EXPRESSION_MAX - 1), *state).len,
                     STELLA_SPDX_EXPRESSION_MAX - 1);
    assert_null(stella_spdx_expression(stella_sv_of(text, sizeof text), *state).ptr);
}

static void makes_ids_that_are_valid_expressions(void **state) {
    static const char *const cases[][2] = {
        {"public-domain", "LicenseRef-public-domain"},
        {"  BSD-like (see file)!", "LicenseRef-BSD-like-see-file"},
        {"a_b", "LicenseRef-a-b"},
        {"v1.0", "LicenseRef-v1.0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const stella_sv ref = stella_spdx_ref(stella_sv_cstr(cases[i][0]), *state);
        assert_string_equal(ref.ptr, cases[i][1]);
        assert_true(stella_sv_eq(stella_spdx_expression(ref, *state), ref));
    }
}

static void tells_texts_apart_that_were_cut(void **state) {
    static char one[200], two[200];
    memset(one, 'x', sizeof one);
    memcpy(two, one, sizeof two);
    two[199] = 'y';
    const stella_sv a = stella_spdx_ref(stella_sv_of(one, 200), *state),
                    b = stella_spdx_ref(stella_sv_of(two, 200), *state);
    assert_false(stella_sv_eq(a, b));
    assert_int_equal(a.len, strlen("LicenseRef-") + STELLA_SPDX_REF_MAX + 1 + 12);
    assert_true(stella_sv_eq(stella_spdx_expression(a, *state), a));
    const stella_sv empty = stella_spdx_ref(STELLA_SV("\xe4\xbd\xa0"), *state);
    assert_int_equal(empty.len, strlen("LicenseRef-") + 12);
    assert_false(stella_sv_eq(empty, stella_spdx_ref(STELLA_SV(""), *state)));
    const stella_sv fits = stella_spdx_ref(stella_sv_of(one, STELLA_SPDX_REF_MAX), *state);
    assert_int_equal(fits.len, strlen("LicenseRef-") + STELLA_SPDX_REF_MAX);
}

int main(void) {
    const struct CMUnitTest spdx[] = {
        cmocka_unit_test(the_tables_are_sorted_and_hold_the_whole_list),
        cmocka_unit_test(names_the_version_of_its_list),
        cmocka_unit_test(finds_every_identifier_in_any_case),
        cmocka_unit_test(does_not_know_what_is_not_on_the_list),
        cmocka_unit_test_setup_teardown(normalises_expressions, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(answers_nothing_for_what_is_no_expression, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(bounds_the_length_of_an_expression, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(makes_ids_that_are_valid_expressions, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(tells_texts_apart_that_were_cut, with_arena, without_arena),
    };
    return cmocka_run_group_tests(spdx, NULL, NULL);
}
