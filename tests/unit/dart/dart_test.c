#include "data.h"
#include "lang_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/dart/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/dart/"
#define CACHE  "root/.pub-cache/hosted/pub.dev/"

static void what_pub_has_locked_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "app");
    assert_true(stella_testing_golden(GOLDEN "app.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 5);
    assert_int_equal(count_of(&text, "\"flags\": 3"), 1); /* flutter_test is for development */
    assert_int_equal(count_of(&text, "\"from\""), 3);
    assert_true(has(&text, "pkg:pub/path@1.8.3?repository_url=https:%2F%2Fpub.example.org"));
    assert_true(has(&text, "pkg:pub/collection@1.17.2\""));
    assert_true(has(&text, "pkg:pub/shop@1.10.0%2B3"));
}

static void what_pub_has_unpacked_is_installed(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "cache");
    assert_true(stella_testing_golden(GOLDEN "cache.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"flags\""), 0);
    assert_int_equal(count_of(&text, "\"from\""), 1);
    assert_false(has(&text, "example"));
}

static void versions_keep_their_text(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file("pubspec.lock", STELLA_SV("packages:\n  a: {version: 1.10, source: path, description: x}\n"
                                           "  b: {version: 2, unknown: [1]}\n"));
    assert_true(has(&text, "pkg:pub/a@1.10\""));
    assert_true(has(&text, "pkg:pub/b@2\""));
}

static void what_is_malformed_is_noted(void **state) {
    static const char *const bad[] = {
        "",
        "[]",
        "a",
        "packages:\n  a/b: {version: 1}\n",
        "packages:\n  ..: {version: 1}\n",
        "packages:\n  \"a\\u0007\": {version: 1}\n",
        "packages:\n  a: {version: 1 2}\n",
        "packages: {a: [",
        "packages: &a {b: *a}",
        "\xff\xff",
    };
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("pubspec.lock", stella_sv_cstr(bad[i]));
        if (count_of(&text, "\"ref\"") != 0 || count_of(&text, "\"message\"") != 1)
            fail_msg("%s: %s", bad[i], text.ptr);
    }
    STELLA_AUTO(stella_buf_fini) stella_buf nameless = run_file("pubspec.yaml", STELLA_SV("version: 1\n"));
    assert_int_equal(count_of(&nameless, "\"message\""), 1);
    STELLA_AUTO(stella_buf_fini) stella_buf unpublished = run_file("pubspec.yaml", STELLA_SV("name: app\n"));
    assert_int_equal(count_of(&unpublished, "\"ref\"") + count_of(&unpublished, "\"message\""), 0);
}

static void lock_files_within_the_cache_are_stepped_over(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(CACHE "a-1/pubspec.lock", STELLA_SV("packages:\n  inner: {version: 1}\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
}

static void broken_files_take_nothing_with_them(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {CACHE "good-1/pubspec.yaml", STELLA_SV("name: good\nversion: 1\n"), "pkg:pub/good@1"};
    (void)state;
    survives_beside(&good, "pubspec.lock", data_read(DATA "app/pubspec.lock", arena));
    survives_beside(&good, "pubspec.yaml", data_read(DATA "app/pubspec.yaml", arena));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "app", 5);
}

static void a_published_lock_file_gives_its_packages(void **state) {
    char root[512];
    (void)state;
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        skip();
    }
    snprintf(root, sizeof root, "%s/scanner/lang/pub/happy", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root);
    assert_int_equal(count_of(&text, "\"ref\""), 3);
    assert_int_equal(count_of(&text, "\"flags\": 3"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_pub_has_locked_is_declared),
        cmocka_unit_test(what_pub_has_unpacked_is_installed),
        cmocka_unit_test(versions_keep_their_text),
        cmocka_unit_test(what_is_malformed_is_noted),
        cmocka_unit_test(lock_files_within_the_cache_are_stepped_over),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(a_published_lock_file_gives_its_packages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
