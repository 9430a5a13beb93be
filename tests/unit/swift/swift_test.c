#include "swift/location.h"

#include "data.h"
#include "lang_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/swift/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/swift/"
#define FILE_  "App.xcworkspace/xcshareddata/swiftpm/Package.resolved"

static void every_format_is_read(void **state) {
    static const char *const formats[] = {"v1", "v2", "v3"};
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(formats); i++) {
        char data[256], golden[256];
        snprintf(data, sizeof data, DATA "%s", formats[i]);
        snprintf(golden, sizeof golden, GOLDEN "%s.json", formats[i]);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(data);
        assert_true(stella_testing_golden(golden, stella_buf_sv(&text)));
    }
}

static void pins_name_version_or_revision(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf first = run_root(DATA "v1");
    assert_true(has(&first, "pkg:swift/github.com/Alamofire/Alamofire@5.4.3"));
    assert_true(has(&first, "pkg:swift/github.com/RxSwiftCommunity/RxFlow@d0b3ed2ed4d8ca7dd8ae5b2b2fa1c4f8bd6a5a3a"));
    STELLA_AUTO(stella_buf_fini) stella_buf second = run_root(DATA "v2");
    assert_int_equal(count_of(&second, "\"ref\""), 1);
    assert_int_equal(count_of(&second, "\"message\""), 1); /* a folder has no package URL */
    STELLA_AUTO(stella_buf_fini) stella_buf third = run_root(DATA "v3");
    assert_true(has(&third, "pkg:swift/mona/LinkedList@1.2.0"));
    assert_true(has(&third, "pkg:swift/github.com/apple/swift-collections@1.1.0"));
}

static void addresses_are_taken_apart(void **state) {
    static const char *const cases[][4] = {
        {"https://github.com/apple/swift-nio.git", "github.com", "apple", "swift-nio"},
        {"https://user:secret@github.com:443/apple/swift-nio/", "github.com", "apple", "swift-nio"},
        {"ssh://git@gitlab.example.org:22/a/b/c.git", "gitlab.example.org", "a/b", "c"},
        {"git@github.com:apple/swift-nio.git", "github.com", "apple", "swift-nio"},
        {"https://example.org/one.git", "example.org", "", "one"},
    };
    static const char *const bad[] = {"",       "/a/b", "./a:b/c", "https://", "https://github.com/", "file:///a/b",
                                      "nothing"};
    location found = {0};
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        assert_true(location_read(stella_sv_cstr(cases[i][0]), &found));
        assert_true(stella_sv_eq(found.host, stella_sv_cstr(cases[i][1])));
        assert_true(stella_sv_eq(found.owner, stella_sv_cstr(cases[i][2])));
        assert_true(stella_sv_eq(found.name, stella_sv_cstr(cases[i][3])));
    }
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++)
        assert_false(location_read(stella_sv_cstr(bad[i]), &found));
}

static void what_is_malformed_is_noted(void **state) {
    static const char *const bad[] = {
        "",
        "[]",
        "{\"pins\":{}}",
        "{\"object\":7,\"pins\":[]}",
        "{\"pins\":[7]}",
        "{\"pins\":[{\"location\":\"https://a/b/..\",\"state\":{\"version\":\"1\"}}]}",
        "{\"pins\":[{\"location\":\"https://a/b/c\\u0001\",\"state\":{\"version\":\"1\"}}]}",
        "{\"pins\":[{\"location\":\"https://a/b/c\",\"state\":{\"version\":\"1 2\"}}]}",
        "{\"pins\":[{\"kind\":\"registry\",\"identity\":\"noscope\",\"state\":{\"version\":\"1\"}}]}",
    };
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(FILE_, stella_sv_cstr(bad[i]));
        if (count_of(&text, "\"ref\"") != 0 || count_of(&text, "\"message\"") != 1)
            fail_msg("%s: %s", bad[i], text.ptr);
    }
}

static void lock_files_of_checkouts_are_stepped_over(void **state) {
    (void)state;
    const stella_sv lock = STELLA_SV("{\"pins\":[{\"location\":\"https://a/b/c\",\"state\":{\"version\":\"1\"}}]}");
    STELLA_AUTO(stella_buf_fini) stella_buf inner = run_file("app/.build/checkouts/x/Package.resolved", lock);
    assert_int_equal(count_of(&inner, "\"ref\""), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf outer = run_file("app/checkouts/x/Package.resolved", lock);
    assert_int_equal(count_of(&outer, "\"ref\""), 1);
}

static void broken_files_take_nothing_with_them(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {"good/Package.resolved",
                            STELLA_SV("{\"pins\":[{\"location\":\"https://a/b/good\",\"state\":{\"version\":\"1\"}}]}"),
                            "pkg:swift/a/b/good@1"};
    (void)state;
    survives_beside(&good, FILE_, data_read(DATA "v1/Package.resolved", arena));
    survives_beside(&good, FILE_, data_read(DATA "v3/Package.resolved", arena));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_is_read),
        cmocka_unit_test(pins_name_version_or_revision),
        cmocka_unit_test(addresses_are_taken_apart),
        cmocka_unit_test(what_is_malformed_is_noted),
        cmocka_unit_test(lock_files_of_checkouts_are_stepped_over),
        cmocka_unit_test(broken_files_take_nothing_with_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
