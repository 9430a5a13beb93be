#include "check.h"
#include "common/cve.h"

#include <stella/auto.h>

#include <stdio.h>

/* The ids of the text, cut in pieces of that size, as the set has them. */
static void expect(const char *text, size_t piece, const uint64_t *ids, uint32_t count) {
    STELLA_AUTO(cve_set_fini) cve_set set = {0};
    for (stella_sv rest = stella_sv_cstr(text); rest.len; rest = stella_sv_skip(rest, piece))
        assert_int_equal(cve_set_scan(&set, stella_sv_first(rest, piece)), STELLA_OK);
    assert_int_equal(cve_set_finish(&set), STELLA_OK);
    assert_int_equal(set.count, count);
    for (uint32_t i = 0; i < count; i++)
        assert_true(set.ids[i] == ids[i]);
}

static void finds_ids_wherever_the_text_is_cut(void **state) {
    (void)state;
    static const char text[] =
        "fixes CVE-2023-1234, (CVE-2001-0001) and CVE-2023-1234567; CVE-2023-1234 again. "
        "No ids: CVE-23-1, CVE-2023-123, CVE-2023-1234567890, CVE-1850-1234, cve-2023-9999, CVE-, "
        "CVE-CVE-2022-4444 and at the end CVE-2024-5555";
    static const uint64_t ids[] = {2001000000001, 2022000004444, 2023000001234, 2023001234567, 2024000005555};
    for (size_t piece = 1; piece < sizeof text; piece++)
        expect(text, piece, ids, 5);
}

static void an_empty_text_has_none(void **state) {
    (void)state;
    expect("", 1, NULL, 0);
}

static void more_ids_than_the_limit_are_dropped_and_said(void **state) {
    (void)state;
    STELLA_AUTO(cve_set_fini) cve_set set = {0};
    char text[64];
    for (uint32_t i = 0; i < 2 * CVE_IDS_MAX + 100; i++) {
        const int len = snprintf(text, sizeof text, "a text in front CVE-2020-%06u\n", i);
        assert_int_equal(cve_set_scan(&set, stella_sv_of(text, (size_t)len)), STELLA_OK);
    }
    assert_int_equal(cve_set_finish(&set), STELLA_OK);
    assert_true(set.is_full);
    assert_in_range(set.count, CVE_IDS_MAX, 2 * CVE_IDS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_ids_wherever_the_text_is_cut),
        cmocka_unit_test(an_empty_text_has_none),
        cmocka_unit_test(more_ids_than_the_limit_are_dropped_and_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
