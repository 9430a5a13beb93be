/* The order of versions, against pacman's own vercmp. */
#include "check.h"

#include "alpm/version.h"

#include <stdio.h>
#include <stdlib.h>

static int vercmp(const char *a, const char *b) {
    char command[256], answer[16] = "";
    snprintf(command, sizeof command, "vercmp '%s' '%s'", a, b);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    assert_non_null(fgets(answer, sizeof answer, out));
    assert_int_equal(pclose(out), 0); /* Debian's package pacman-package-manager is needed */
    return atoi(answer);
}

static void versions_are_ordered_as_vercmp_does(void **state) {
    (void)state;
    static const char *const versions[] = {"1",     "1.0",   "1.0a",    "1.0.a", "1.0rc1", "1.0.1", "1.1",   "1:0.5",
                                           "1.0-1", "1.0-2", "1.0-1.1", "1..0",  "1_0",    "01.0",  "1.a.b", "1.10",
                                           "1.9",   "0:1.0", "a",       "1.0.",  "2.0-1",  "r12.a", "r9.b"};
    const uint32_t count = sizeof versions / sizeof versions[0];
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = i; j < count; j++) {
            const int order = alpm_version_compare(stella_sv_cstr(versions[i]), stella_sv_cstr(versions[j]));
            const int sign = (order > 0) - (order < 0), want = vercmp(versions[i], versions[j]);
            if (sign != want)
                fail_msg("%s and %s: %d, vercmp says %d", versions[i], versions[j], sign, want);
        }
}

static void relations_are_met_by_order(void **state) {
    (void)state;
    static const struct {
        const char *have, *relation, *want;
        int is_met;
    } cases[] = {
        {"1.0-1", "=", "1.0", 1}, {"1.0-1", ">=", "1.0-2", 0}, {"2", ">", "1", 1}, {"1", ">", "1", 0},
        {"1", "<", "2", 1},       {"1", "<=", "1", 1},         {"3", "<", "2", 0}, {"1", "~", "1", 0},
    };
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(alpm_version_meets(stella_sv_cstr(cases[i].have), stella_sv_cstr(cases[i].relation),
                                            stella_sv_cstr(cases[i].want)),
                         cases[i].is_met);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_ordered_as_vercmp_does),
        cmocka_unit_test(relations_are_met_by_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
