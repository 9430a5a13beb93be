#include "lang_run.h"

#define FLOW ".github/workflows/x.yaml"

static void finds_what_workflows_and_actions_use(void **state) {
    (void)state;
    matches_golden("github_actions", "repository", 4, 0);
}

static void what_names_no_repository_and_reference_is_left_out(void **state) {
    (void)state;
    static const char *const others[] = {"./x@v1",   "docker://a/b@sha256:1", "a@v1", "a/b", "a/b@", "/b@v1", "a/@v1",
                                         "../a/b@v1"};
    for (uint32_t i = 0; i < STELLA_COUNT(others); i++) {
        char flow[256];
        snprintf(flow, sizeof flow, "jobs: {a: {steps: [{uses: '%s'}]}}", others[i]);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(FLOW, stella_sv_cstr(flow));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
        assert_int_equal(count_of(&text, "\"severity\""), 0);
    }
}

static void files_elsewhere_are_no_workflows(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("workflows/x.yml", STELLA_SV("jobs: {a: {steps: [{uses: a/b@c}]}}"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
}

static void workflows_of_installed_packages_say_nothing_of_the_project(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("node_modules/x/" FLOW, STELLA_SV("jobs: {a: {steps: [{uses: a/b@c}]}}"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
}

static void names_that_are_none_are_noted(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(FLOW, STELLA_SV("jobs: {a: {steps: [{uses: \"a/b\\x07@c\"}, {uses: \"a/..@c\"}, {uses: "
                                               "a/b@feature/x}, {uses: [a/b@c]}, 3], uses: {}}, b: 1}"));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "pkg:github/a/b@feature%2Fx"));
    assert_int_equal(count_of(&text, "without a valid name"), 2);
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {"good/action.yml", STELLA_SV("runs: {steps: [{uses: a/good@v1}]}"), "pkg:github/a/good@v1"};
    survives_beside(
        &good, FLOW,
        STELLA_SV("on: push\njobs:\n  a:\n    steps:\n    - uses: a/b/c@v1 # x\n    - run: |\n        y\n"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/github_actions/repository", 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_workflows_and_actions_use),
        cmocka_unit_test(what_names_no_repository_and_reference_is_left_out),
        cmocka_unit_test(files_elsewhere_are_no_workflows),
        cmocka_unit_test(workflows_of_installed_packages_say_nothing_of_the_project),
        cmocka_unit_test(names_that_are_none_are_noted),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
