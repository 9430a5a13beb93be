#include "lang_run.h"

static void finds_charts_and_what_they_lock(void **state) {
    (void)state;
    matches_golden("helm", "chart", 4, 2); /* redis is there both locked and unpacked: one relation */
}

static void a_lock_of_the_first_generation_is_read(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("c/requirements.lock", STELLA_SV("dependencies:\n- name: a\n  version: 1.10\n"));
    assert_true(has(&text, "pkg:helm/a@1.10"));
}

static void charts_without_a_valid_name_are_noted(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "[]",
                                      "name: [a]",
                                      "version: 1",
                                      "name: a/b\nversion: 1",
                                      "name: ..",
                                      "name: a\nversion: \"1\\u0007\"",
                                      "name: \"\xff\"",
                                      "a: &a [*a]",
                                      "%",
                                      "- {"};
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("c/Chart.yaml", stella_sv_cstr(bad[i]));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
        assert_int_equal(count_of(&text, "\"severity\": \"error\""), 1);
    }
}

/* Of what the host did not keep it has said so: nothing is said of the file again. */
static void a_lock_that_is_too_large_is_told_once(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf large = stella_buf_of(8u << 20);
    assert_int_equal(stella_buf_printf(&large, "dependencies:\n- name: a\n  version: 1.10\n#%*s", 5 << 20, ""),
                     STELLA_OK);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("c/Chart.lock", stella_buf_sv(&large));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
    assert_int_equal(count_of(&text, "\"severity\": \"error\""), 1);
}

static void a_lock_of_a_package_of_another_kind_is_not_read(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("node_modules/c/Chart.lock", STELLA_SV("dependencies:\n- name: a\n  version: 1.10\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
}

static void an_alias_bomb_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf bomb = stella_buf_of(1u << 16);
    stella_buf_printf(&bomb, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
        stella_buf_printf(&bomb, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            stella_buf_printf(&bomb, "%s*a%d", k ? ", " : "", i - 1);
        stella_buf_printf(&bomb, "]\n");
    }
    stella_buf_printf(&bomb, "name: a\nversion: 1\ndependencies: *a11\n");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("c/Chart.yaml", stella_buf_sv(&bomb));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
    assert_int_equal(count_of(&text, "\"severity\": \"error\""), 1);
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {"good/Chart.yaml", STELLA_SV("name: good\nversion: 1\n"), "pkg:helm/good@1"};
    survives_beside(&good, "bad/Chart.yaml",
                    STELLA_SV("name: bad\nversion: \"2\"\ndependencies:\n  - name: a\n    condition: b\n"));
    survives_beside(&good, "bad/Chart.lock", STELLA_SV("dependencies:\n- name: a\n  version: 1\n  repository: 'x'\n"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/helm/chart", 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_charts_and_what_they_lock),
        cmocka_unit_test(a_lock_of_the_first_generation_is_read),
        cmocka_unit_test(charts_without_a_valid_name_are_noted),
        cmocka_unit_test(a_lock_that_is_too_large_is_told_once),
        cmocka_unit_test(a_lock_of_a_package_of_another_kind_is_not_read),
        cmocka_unit_test(an_alias_bomb_is_refused),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
