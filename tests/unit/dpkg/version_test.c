#include "check.h"

#include "common/deb_version.h"
#include "common/dependency.h"

#include <stdio.h>
#include <stdlib.h>

static int sign(int value) {
    return (value > 0) - (value < 0);
}

static void orders_versions_as_dpkg_does(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        int order;
    } cases[] = {
        {"1.0", "1.0", 0},
        {"1.0", "1.1", -1},
        {"1.10", "1.9", 1},
        {"1.0~rc1", "1.0", -1},
        {"1.0", "1.0-0", 0},
        {"1.0-1", "1.0", 1},
        {"1:0.1", "9.9", 1},
        {"0:1.0", "1.0", 0},
        {"1.0a", "1.0+", -1},
        {"1.0-1+b1", "1.0-1", 1},
        {"1.0~~", "1.0~", -1},
        {"007", "7", 0},
        {"1.0-1~deb12u1", "1.0-1", -1},
        {"99999999999999999999", "99999999999999999998", 1},
        {"", "", 0},
        {"1.2-3-4", "1.2-3-5", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const stella_sv a = stella_sv_cstr(cases[i].a), b = stella_sv_cstr(cases[i].b);
        assert_int_equal(sign(deb_version_compare(a, b)), cases[i].order);
        assert_int_equal(sign(deb_version_compare(b, a)), -cases[i].order);
    }
}

/* "A < B" and "A = B", one a line. */
static void agrees_with_the_reference_list(void **state) {
    (void)state;
    const char *data = getenv("STELLA_TEST_DATA");
    char path[512], a[128], relation[4], b[128], line[300];
    snprintf(path, sizeof path, "%s/scanner/version-order/debian-versions.txt", data ? data : "");
    FILE *file = data ? fopen(path, "r") : NULL;
    if (!file) {
        print_message("STELLA_TEST_DATA is not set or has no version list: this part is skipped\n");
        skip();
    }
    unsigned compared = 0;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%127s %3s %127s", a, relation, b) != 3)
            continue;
        const int want = relation[0] == '<' ? -1 : relation[0] == '>' ? 1 : 0;
        assert_int_equal(sign(deb_version_compare(stella_sv_cstr(a), stella_sv_cstr(b))), want);
        compared++;
    }
    fclose(file);
    assert_true(compared > 10);
}

static void knows_the_relations(void **state) {
    (void)state;
    static const struct {
        const char *have, *relation, *want;
        int is_met;
    } cases[] = {
        {"2", ">=", "1", 1}, {"1", ">=", "1", 1}, {"0", ">=", "1", 0}, {"1", ">>", "1", 0}, {"2", ">>", "1", 1},
        {"1", "<<", "1", 0}, {"0", "<<", "1", 1}, {"1", "<=", "1", 1}, {"1", "=", "1", 1},  {"1", "=", "2", 0},
        {"1", "<", "1", 1},  {"1", ">", "1", 1},  {"1", "=>", "1", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(deb_version_satisfies(stella_sv_cstr(cases[i].have), stella_sv_cstr(cases[i].relation),
                                               stella_sv_cstr(cases[i].want)),
                         cases[i].is_met);
}

static void reads_groups_alternatives_and_constraints(void **state) {
    (void)state;
    static const dependency want[] = {
        {.name = STELLA_SV_INIT("a"), .group = 1},
        {.name = STELLA_SV_INIT("b"),
         .qualifier = STELLA_SV_INIT("any"),
         .relation = STELLA_SV_INIT(">="),
         .version = STELLA_SV_INIT("1:2~"),
         .group = 2},
        {.name = STELLA_SV_INIT("c"), .group = 2},
        {.name = STELLA_SV_INIT("d"), .relation = STELLA_SV_INIT("="), .version = STELLA_SV_INIT("3"), .group = 5},
        {.name = STELLA_SV_INIT("e"), .group = 6},
    };
    dependency_reader reader =
        dependency_open(STELLA_SV("a, b:any (>= 1:2~) [amd64] | c <!nocheck>,, | ,d(3)\n,\te , "));
    dependency d;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        assert_true(dependency_next(&reader, &d));
        assert_true(stella_sv_eq(d.name, want[i].name));
        assert_true(stella_sv_eq(d.qualifier, want[i].qualifier));
        assert_true(stella_sv_eq(d.relation, want[i].relation));
        assert_true(stella_sv_eq(d.version, want[i].version));
        assert_int_equal(d.group, want[i].group);
    }
    assert_false(dependency_next(&reader, &d));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_versions_as_dpkg_does),
        cmocka_unit_test(agrees_with_the_reference_list),
        cmocka_unit_test(knows_the_relations),
        cmocka_unit_test(reads_groups_alternatives_and_constraints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
