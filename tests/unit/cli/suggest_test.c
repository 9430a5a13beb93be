#include "check.h"

#include "cli/suggest.h"

static const char *const verbs[] = {"scan", "status", "plugin sign", "plugin list", NULL};

static void finds_a_name_with_a_letter_missing_surplus_wrong_or_swapped(void **state) {
    (void)state;
    assert_string_equal(suggest("scn", verbs), "scan");
    assert_string_equal(suggest("sscan", verbs), "scan");
    assert_string_equal(suggest("scam", verbs), "scan");
    assert_string_equal(suggest("sacn", verbs), "scan");
    assert_string_equal(suggest("plugin lits", verbs), "plugin list");
}

static void is_silent_when_nothing_is_near(void **state) {
    (void)state;
    assert_null(suggest("frobnicate", verbs));
    assert_null(suggest("xy", verbs));
    assert_null(suggest("", verbs));
    assert_null(suggest("scanscanscanscanscanscanscanscanscanscanscanscan", verbs));
}

int main(void) {
    const struct CMUnitTest near[] = {
        cmocka_unit_test(finds_a_name_with_a_letter_missing_surplus_wrong_or_swapped),
        cmocka_unit_test(is_silent_when_nothing_is_near),
    };
    return cmocka_run_group_tests(near, NULL, NULL);
}
