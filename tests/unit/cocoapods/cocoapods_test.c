#include "data.h"
#include "lang_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/cocoapods/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/cocoapods/"

static void what_is_locked_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "locked");
    assert_true(stella_testing_golden(GOLDEN "locked.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 5);
    assert_int_equal(count_of(&text, "\"from\""), 3);
    assert_true(has(&text, "pkg:cocoapods/AFNetworking@4.0.1#NSURLSession"));
    assert_true(has(&text, "pkg:cocoapods/GoogleUtilities@7.5.2#NSData%2Bzlib"));
    assert_true(has(&text, "pkg:cocoapods/Patched@1.10?vcs_url="));
}

static void what_was_installed_is_not_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "installed");
    assert_true(stella_testing_golden(GOLDEN "installed.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 5);
    assert_int_equal(count_of(&text, "\"flags\""), 0);
}

static void what_is_malformed_is_noted(void **state) {
    static const char *const bad[] = {
        "",
        "a: b",
        "PODS: {a: b}",
        "PODS:\n  - a+b (1)\n",
        "PODS:\n  - .a (1)\n",
        "PODS:\n  - a/../b (1)\n",
        "PODS:\n  - \"a\\u0001 (1)\"\n",
        "PODS:\n  - a (1 2)\n",
        "PODS:\n  - []\n",
        "PODS: &a\n  - *a\n",
        "PODS: [",
    };
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("Podfile.lock", stella_sv_cstr(bad[i]));
        if (count_of(&text, "\"ref\"") != 0 || count_of(&text, "\"message\"") != 1)
            fail_msg("%s: %s", bad[i], text.ptr);
    }
}

static void a_bomb_of_aliases_is_refused(void **state) {
    STELLA_AUTO(stella_buf_fini) stella_buf bomb = stella_buf_of(1u << 16);
    (void)state;
    stella_buf_add(&bomb, STELLA_SV("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"));
    for (int i = 1; i < 12; i++)
        stella_buf_printf(&bomb, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1,
                          i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    stella_buf_add(&bomb, STELLA_SV("PODS: *a11\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("Podfile.lock", stella_buf_sv(&bomb));
    assert_int_equal(count_of(&text, "\"message\""), 1);
}

static void lock_files_within_pods_are_stepped_over(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "ios/Pods/Manifest.lock", STELLA_SV("PODS:\n  - a (1)\n"));
    scratch_write(&root, "ios/Pods/a/Example/Podfile.lock", STELLA_SV("PODS:\n  - inner (1)\n"));
    scratch_write(&root, "ios/Podfile.lock", STELLA_SV("PODS:\n  - b:\n    - a\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_false(has(&text, "inner"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
}

static void broken_files_take_nothing_with_them(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {"good/Podfile.lock", STELLA_SV("PODS:\n  - Good (1)\n"), "pkg:cocoapods/Good@1"};
    (void)state;
    survives_beside(&good, "Podfile.lock", data_read(DATA "locked/Podfile.lock", arena));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "locked", 5);
}

static void a_published_lock_file_gives_its_pods(void **state) {
    char root[512];
    (void)state;
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        skip();
    }
    snprintf(root, sizeof root, "%s/scanner/repo-trivy/cocoapods/root", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "pkg:cocoapods/_NIODataStructures@2.41.0"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_locked_is_declared),
        cmocka_unit_test(what_was_installed_is_not_declared),
        cmocka_unit_test(what_is_malformed_is_noted),
        cmocka_unit_test(a_bomb_of_aliases_is_refused),
        cmocka_unit_test(lock_files_within_pods_are_stepped_over),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(a_published_lock_file_gives_its_pods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
