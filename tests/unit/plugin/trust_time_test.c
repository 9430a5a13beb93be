#include "check.h"

#include "plugin/trust.h"

static void reads_a_day_as_its_last_millisecond(void **state) {
    (void)state;
    int64_t ms = 0;
    assert_true(trust_time_parse(STELLA_SV("1970-01-01"), &ms));
    assert_true(ms == INT64_C(86399999));
    assert_true(trust_time_parse(STELLA_SV("2024-02-29"), &ms));
    assert_true(ms == INT64_C(1709251199999));
}

static void reads_an_instant_of_utc(void **state) {
    (void)state;
    int64_t ms = 0;
    assert_true(trust_time_parse(STELLA_SV("2027-01-15T08:00:00Z"), &ms));
    assert_true(ms == INT64_C(1800000000999));
}

static void refuses_days_that_are_not_and_other_spellings(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",         "2027-02-29", "2100-02-29", "2027-13-01",           "2027-00-10",          "1969-12-31",
        "2027-1-1", "2027/01/01", "+027-01-01", "2027-01-01T24:00:00Z", "2027-01-01T00:00:00", "2027-01-01 00:00:00Z"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int64_t ms = 77;
        assert_false(trust_time_parse(stella_sv_cstr(wrong[i]), &ms));
        assert_true(ms == 77);
    }
}

int main(void) {
    const struct CMUnitTest times[] = {
        cmocka_unit_test(reads_a_day_as_its_last_millisecond),
        cmocka_unit_test(reads_an_instant_of_utc),
        cmocka_unit_test(refuses_days_that_are_not_and_other_spellings),
    };
    return cmocka_run_group_tests(times, NULL, NULL);
}
