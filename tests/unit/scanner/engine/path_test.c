/* Names made into paths that stay inside. */
#include "check.h"

#include "path.h"

static void cleans_names(void **state) {
    (void)state;
    static const struct {
        const char *name, *path;
        int absolute;
    } cases[] = {{"usr/bin/ls", "usr/bin/ls", 0},           {"./usr/bin/ls", "usr/bin/ls", 0},
                 {"/usr//bin/./ls", "usr/bin/ls", 1},       {"dir/", "dir", 0},
                 {".hidden/..x/...", ".hidden/..x/...", 0}, {"././a", "a", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buf[64];
        stella_sv path = {0};
        int absolute = 7;
        assert_int_equal(path_clean(stella_sv_cstr(cases[i].name), buf, sizeof buf, &path, &absolute), PATH_OK);
        assert_true(stella_sv_eq(path, stella_sv_cstr(cases[i].path)));
        assert_int_equal(absolute, cases[i].absolute);
    }
}

static void tells_what_cannot_be_a_path(void **state) {
    (void)state;
    static const struct {
        stella_sv name;
        int result;
    } cases[] = {{STELLA_SV_INIT(""), PATH_ROOT},
                 {STELLA_SV_INIT("./"), PATH_ROOT},
                 {STELLA_SV_INIT("/"), PATH_ROOT},
                 {STELLA_SV_INIT("."), PATH_ROOT},
                 {STELLA_SV_INIT(".."), PATH_DOTDOT},
                 {STELLA_SV_INIT("a/../b"), PATH_DOTDOT},
                 {STELLA_SV_INIT("./../b"), PATH_DOTDOT},
                 {STELLA_SV_INIT("a\0b"), PATH_NUL},
                 {STELLA_SV_INIT("123456789"), PATH_TOO_LONG},
                 {STELLA_SV_INIT("1234/6789/"), PATH_TOO_LONG}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buf[8];
        stella_sv path = STELLA_SV("untouched");
        assert_int_equal(path_clean(cases[i].name, buf, sizeof buf, &path, NULL), cases[i].result);
        assert_true(stella_sv_eq(path, STELLA_SV("untouched")));
    }
}

static void orders_a_directory_before_its_content_before_its_neighbours(void **state) {
    (void)state;
    static const char *const order[] = {"", "a", "a/a", "a/b", "a!", "a-b", "b"};
    for (int i = 0; i < 7; i++)
        for (int j = 0; j < 7; j++) {
            const int cmp = path_cmp(stella_sv_cstr(order[i]), stella_sv_cstr(order[j]));
            assert_int_equal((cmp > 0) - (cmp < 0), (i > j) - (i < j));
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleans_names),
        cmocka_unit_test(tells_what_cannot_be_a_path),
        cmocka_unit_test(orders_a_directory_before_its_content_before_its_neighbours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
