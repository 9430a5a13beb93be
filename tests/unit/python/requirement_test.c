/* Requirements, markers, names and versions. */
#include "check.h"

#include "python/name.h"
#include "python/record.h"
#include "python/requirement.h"
#include "python/requires_txt.h"

#include <stella/auto.h>

static void check_text(stella_sv got, const char *wanted) {
    assert_int_equal(got.len, strlen(wanted));
    if (got.len)
        assert_memory_equal(got.ptr, wanted, got.len);
}

static void parts_of_a_requirement(void **state) {
    (void)state;
    requirement r;
    assert_true(requirement_parse(STELLA_SV(" A.b [x, y] (>=1,<2) ; os_name == 'nt' "), &r));
    check_text(r.name, "A.b");
    check_text(r.extras, "x, y");
    check_text(r.spec, ">=1,<2");
    check_text(r.marker, "os_name == 'nt'");
    assert_true(requirement_parse(STELLA_SV("x @ git+https://h/y;z@1 ; extra == 'q'"), &r));
    check_text(r.url, "git+https://h/y;z@1");
    check_text(r.marker, "extra == 'q'");
    assert_false(requirement_parse(STELLA_SV(""), &r));
    assert_false(requirement_parse(STELLA_SV("x[y"), &r));
    assert_false(requirement_parse(STELLA_SV("../x"), &r));
}

static void only_one_version_is_a_pin(void **state) {
    (void)state;
    check_text(requirement_pin(STELLA_SV("== 1.0")), "1.0");
    check_text(requirement_pin(STELLA_SV("===2.0+local")), "2.0+local");
    check_text(requirement_pin(STELLA_SV("==1.*")), "");
    check_text(requirement_pin(STELLA_SV("==1,!=2")), "");
    check_text(requirement_pin(STELLA_SV("~=1.0")), "");
    check_text(requirement_pin(STELLA_SV("")), "");
}

static void markers_are_true_false_or_not_known(void **state) {
    (void)state;
    static const struct {
        const char *marker;
        int value;
    } cases[] = {
        {"", MARKER_TRUE},
        {"sys_platform == 'linux'", MARKER_TRUE},
        {"'linux' in sys_platform", MARKER_TRUE},
        {"sys_platform in 'linux darwin'", MARKER_TRUE},
        {"platform_system != \"Linux\"", MARKER_FALSE},
        {"python_version >= '3.9'", MARKER_TRUE},
        {"python_version > '3.9'", MARKER_TRUE},
        {"'3.12' > python_version", MARKER_TRUE},
        {"python_version < '3.8' or os_name == 'posix'", MARKER_TRUE},
        {"python_version < '3.8' and platform_machine == 'x'", MARKER_FALSE},
        {"python_version == '3.*'", MARKER_TRUE},
        {"python_version ~= '3.8'", MARKER_TRUE},
        {"python_version in '2.7, 3.11'", MARKER_TRUE},
        {"python_version not in '2.7 3.11'", MARKER_FALSE},
        {"python_full_version >= '3.11'", MARKER_TRUE},
        {"python_full_version < '3.11.4'", MARKER_UNKNOWN},
        {"python_full_version < '3.10.4'", MARKER_FALSE},
        {"implementation_name == 'pypy'", MARKER_FALSE},
        {"extra == 'Wanted_One'", MARKER_TRUE},
        {"'other' == extra", MARKER_FALSE},
        {"(extra == 'wanted-one' and (sys_platform == 'win32')) or python_version == '3.11'", MARKER_TRUE},
        {"platform_machine == 'x86_64'", MARKER_UNKNOWN},
        {"nonsense", MARKER_UNKNOWN},
        {"python_version >= ", MARKER_UNKNOWN},
        {"(python_version >= '3'", MARKER_UNKNOWN},
        {"python_version >= '3' garbage", MARKER_UNKNOWN},
        {"sys_platform == 'linux", MARKER_UNKNOWN},
    };
    const stella_sv wanted = STELLA_SV("wanted-one");
    const marker_environment environment = {.python_version = STELLA_SV("3.11"), .extras = &wanted, .extra_count = 1};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (marker_evaluate(stella_sv_cstr(cases[i].marker), &environment) != cases[i].value)
            fail_msg("%s", cases[i].marker);
    const marker_environment unknown = {.python_version = STELLA_SV("")};
    assert_int_equal(marker_evaluate(STELLA_SV("python_version < '3'"), &unknown), MARKER_UNKNOWN);
}

static void names_are_compared_as_PEP_503_does(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    check_text(name_normal(STELLA_SV("Ruamel.Yaml__-C"), arena), "ruamel-yaml-c");
    assert_true(name_equal(STELLA_SV("a.B"), STELLA_SV("A--b")));
    assert_false(name_equal(STELLA_SV("a"), STELLA_SV("ab")));
    assert_false(name_is_valid(STELLA_SV("-a")) || name_is_valid(STELLA_SV("a/b")) || name_is_valid(STELLA_SV("")));
    assert_true(version_compare(STELLA_SV("3.10"), STELLA_SV("3.9")) > 0);
    assert_int_equal(version_compare(STELLA_SV("3"), STELLA_SV("3.0")), 0);
}

static void paths_of_RECORD_stay_in_the_root(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"x/y.py", "usr/lib/x/y.py"},
        {"../bin/x", "usr/bin/x"},
        {"/opt//./x", "opt/x"},
        {"../../../x", ""},
        {"a\nb", ""},
        {"\xff", ""},
    };
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        stella_sv path;
        assert_int_equal(record_path(STELLA_SV("usr/lib"), stella_sv_cstr(cases[i][0]), arena, &path, NULL), STELLA_OK);
        check_text(path, cases[i][1]);
    }
}

static void sections_of_requires_txt_become_markers(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    check_text(requires_txt_convert(STELLA_SV("a>=1\n\n[x:python_version<'3']\nb\n[y]\nc;d\n[:e]\nf\n"), arena),
               "a>=1\nb ; (python_version<'3') and extra == 'x'\nc ; (d) and extra == 'y'\nf ; (e)\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_requirement),
        cmocka_unit_test(only_one_version_is_a_pin),
        cmocka_unit_test(markers_are_true_false_or_not_known),
        cmocka_unit_test(names_are_compared_as_PEP_503_does),
        cmocka_unit_test(paths_of_RECORD_stay_in_the_root),
        cmocka_unit_test(sections_of_requires_txt_become_markers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
