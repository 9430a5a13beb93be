/* Trees and lock files that npm, yarn and pnpm have made, against what these tools list of them. */
#include "node_run.h"

#include <stdio.h>

#define DECLARED STELLA_COMPONENT_DECLARED
#define DEV      STELLA_COMPONENT_DEV
#define OPTIONAL STELLA_COMPONENT_OPTIONAL

static const char dev_packages[] =
    "is-buffer@1.1.6\nis-even@1.0.0\nis-number@3.0.0\nis-number@7.0.0\nis-odd@0.1.2\nkind-of@3.2.2\n";
static const char optional_packages[] = "is-number@6.0.0\nis-odd@3.0.1\n";

static void read_file(const char *path, char *out, size_t room) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    out[fread(out, 1, room - 1, file)] = '\0';
    fclose(file);
}

/* The list of npm without the line of the workspace, which no lock file declares. */
static void read_declared(char *out, size_t room) {
    static const char member[] = "member@2.0.0\n";
    read_file(DATA "npm.expected.txt", out, room);
    char *at = strstr(out, member);
    assert_non_null(at);
    memmove(at, at + sizeof member - 1, strlen(at + sizeof member - 1) + 1);
}

static void lists_what_npm_lists(void **state) {
    (void)state;
    char wanted[4096];
    read_file(DATA "npm.expected.txt", wanted, sizeof wanted);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_over(DATA "npm");
    assert_packages(&text, DECLARED, 0, wanted);
    assert_true(has(&text, "\"npm:workspace\""));
    assert_true(stella_testing_golden(GOLDEN "npm.json", stella_buf_sv(&text)));
}

/* Links lead from node_modules into the store, and from there to each other. */
static void lists_what_pnpm_lists(void **state) {
    (void)state;
    char wanted[4096];
    read_file(DATA "pnpm.expected.txt", wanted, sizeof wanted);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_over(DATA "pnpm");
    assert_packages(&text, DECLARED, 0, wanted);
    assert_packages(&text, DECLARED, DECLARED, wanted);
    assert_packages(&text, DECLARED | DEV, DECLARED | DEV, dev_packages);
    assert_true(stella_testing_golden(GOLDEN "pnpm.json", stella_buf_sv(&text)));
}

static void reads_the_same_from_every_lock_file(void **state) {
    (void)state;
    static const char *const roots[] = {DATA "npm",  DATA "npm-v1", DATA "npm-v2",
                                        DATA "yarn", DATA "berry",  DATA "pnpm"};
    char wanted[4096];
    read_declared(wanted, sizeof wanted);
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_over(roots[i]);
        print_message("%s\n", roots[i] + strlen(DATA));
        assert_packages(&text, DECLARED, DECLARED, wanted);
        assert_packages(&text, DECLARED | DEV, DECLARED | DEV, dev_packages);
        assert_packages(&text, DECLARED | OPTIONAL, DECLARED | OPTIONAL, optional_packages);
        assert_true(has(&text, "\"from\": \"pkg:npm/debug@4.3.4\",\n   \"to\": \"pkg:npm/ms@2.1.2\""));
        assert_true(has(&text, "\"from\": \"pkg:npm/debug@2.6.9\",\n   \"to\": \"pkg:npm/ms@2.0.0\""));
    }
}

static void says_what_yarn_says(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf classic = run_over(DATA "yarn");
    STELLA_AUTO(stella_buf_fini) stella_buf berry = run_over(DATA "berry");
    assert_true(stella_testing_golden(GOLDEN "yarn.json", stella_buf_sv(&classic)));
    assert_true(stella_testing_golden(GOLDEN "berry.json", stella_buf_sv(&berry)));
}

/* Three of the zips that yarn has made; the lock file says what needs what. */
static void finds_packages_in_the_zips_of_yarn(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_over(DATA "pnp");
    assert_packages(&text, DECLARED, 0, "is-number@6.0.0\nis-odd@3.0.1\nms@2.1.2\n");
    assert_true(has(&text, "\"from\": \"pkg:npm/is-odd@3.0.1\",\n   \"to\": \"pkg:npm/is-number@6.0.0\""));
    assert_true(stella_testing_golden(GOLDEN "pnp.json", stella_buf_sv(&text)));
}

static void is_the_same_for_every_size_of_pieces(void **state) {
    (void)state;
    static const uint64_t sizes[] = {1, 7, 4096};
    const char *const root = DATA "npm";
    STELLA_AUTO(stella_buf_fini) stella_buf whole = run_over(root);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf pieces = run_as(NULL, &root, 1, sizes[i]);
        assert_string_equal(pieces.ptr, whole.ptr);
    }
}

static void survives_every_failing_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "berry", 20);
    fail_each_allocation(DATA "yarn", 20);
    fail_each_allocation(DATA "pnp", 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_what_npm_lists),
        cmocka_unit_test(lists_what_pnpm_lists),
        cmocka_unit_test(reads_the_same_from_every_lock_file),
        cmocka_unit_test(says_what_yarn_says),
        cmocka_unit_test(finds_packages_in_the_zips_of_yarn),
        cmocka_unit_test(is_the_same_for_every_size_of_pieces),
        cmocka_unit_test(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
