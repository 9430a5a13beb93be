#include "os_run.h"

#include <zstd.h>

#define DATA   STELLA_SOURCE_DIR "/tests/data/chisel/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/chisel/"
#define WALL   "var/lib/chisel/manifest.wall"
#define HEADER "{\"jsonwall\":\"1.0\",\"schema\":\"1.0\",\"count\":1}\n"
#define PACKAGE(name)                                                                                                  \
    "{\"kind\":\"package\",\"name\":\"" name "\",\"version\":\"1\",\"sha256\":\"\",\"arch\":\"amd64\"}\n"

static stella_buf run_root_in(const char *root, uint64_t chunk_bytes) {
    const stella_distro distro = {.id = STELLA_SV("ubuntu"), .version_id = STELLA_SV("24.04")};
    return run_as(&distro, &root, 1, chunk_bytes);
}

static void write_wall(const scratch_root *root, stella_sv text, size_t cut) {
    const size_t room = ZSTD_compressBound(text.len);
    char *bytes = malloc(room);
    assert_non_null(bytes);
    const size_t size = ZSTD_compress(bytes, room, text.ptr, text.len, 3);
    assert_false(ZSTD_isError(size));
    scratch_write(root, WALL, stella_sv_of(bytes, size - cut));
    free(bytes);
}

static stella_buf run_text(stella_sv text, size_t cut) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    write_wall(&root, text, cut);
    return run_root_in(root.path, 0);
}

static void finds_what_a_manifest_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(DATA "ubuntu", 0);
    assert_true(stella_testing_golden(GOLDEN "ubuntu.json", stella_buf_sv(&text)));
    STELLA_AUTO(stella_buf_fini) stella_buf cut = run_root_in(DATA "ubuntu", 1);
    assert_string_equal(text.ptr, cut.ptr);
    assert_int_equal(count_of(&text, "usr/lib/libtoy.so.1\""), 2); /* of both packages */
    assert_int_equal(count_of(&text, "usr/lib/libtoy.so\""), 1);   /* of two slices of one */
    assert_true(has(&text, "bbbbbbbb"));
    assert_false(has(&text, "aaaaaaaa"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "ubuntu", 2);
}

static void what_is_no_manifest_is_an_error_of_the_result(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root plain = scratch_root_create();
    scratch_write(&plain, WALL, STELLA_SV(HEADER PACKAGE("a")));
    STELLA_AUTO(stella_buf_fini) stella_buf not_zstd = run_root_in(plain.path, 0);
    assert_int_equal(count_of(&not_zstd, "\"ref\""), 0);
    assert_true(has(&not_zstd, "not a sound zstd file"));
    scratch_write(&plain, WALL, STELLA_SV(""));
    STELLA_AUTO(stella_buf_fini) stella_buf empty = run_root_in(plain.path, 0);
    assert_true(has(&empty, "cut short"));
    STELLA_AUTO(stella_buf_fini) stella_buf other = run_text(STELLA_SV("{\"jsonwall\":\"2.0\"}\n" PACKAGE("a")), 0);
    assert_int_equal(count_of(&other, "\"ref\""), 0);
    assert_true(has(&other, "not a chisel manifest"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(STELLA_SV("no json"), 0);
    assert_true(has(&text, "not a chisel manifest"));
    STELLA_AUTO(stella_buf_fini) stella_buf cut = run_text(STELLA_SV(HEADER PACKAGE("a")), 3);
    assert_int_equal(count_of(&cut, "\"severity\""), 1);
}

static void malformed_lines_are_noted_and_skipped(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_text(
        STELLA_SV(HEADER "nonsense\n" PACKAGE("")
                      PACKAGE("a b") "{\"kind\":\"package\",\"name\":1}\n"
                                     "{\"kind\":\"path\",\"path\":\"\",\"slices\":[\"good_x\"]}\n"
                                     "{\"kind\":\"path\",\"path\":\"/\",\"slices\":[\"good_x\"]}\n"
                                     "{\"kind\":\"path\",\"path\":\"/f\",\"slices\":[\"good_x\",7],\"sha256\":\"zz\"}\n"
                                     "{\"kind\":\"path\",\"path\":\"/g\"}\n"
                                     "{\"kind\":\"slice\",\"name\":\"nobody_x\"}\n{\"kind\":\"later\"}\n[]\n"
                                     "{\"kind\":\"package\",\"name\":\"\xff\"}\n" PACKAGE("good")),
        0);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "no JSON"), 2);
    assert_int_equal(count_of(&text, "a package without a valid"), 3);
    assert_int_equal(count_of(&text, "a path that is none"), 1);
    assert_int_equal(count_of(&text, "\"path\": \"f\""), 1);
    assert_false(has(&text, "\"path\": \"g\""));
}

static void a_line_of_ten_megabytes_is_skipped_and_said(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf wall = stella_buf_of(16u << 20);
    stella_buf_add(&wall, STELLA_SV(HEADER "{\"kind\":\"path\",\"path\":\"/"));
    while (wall.len < 10u << 20)
        stella_buf_add(&wall, STELLA_SV("some/long/path/"));
    stella_buf_add(&wall, STELLA_SV("\"}\n" PACKAGE("good")));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_buf_sv(&wall), 0);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "longer than 256 KiB"), 1);
}

static void a_manifest_that_inflates_to_too_much_is_refused(void **state) {
    (void)state;
    const size_t size = (size_t)257 << 20;
    char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, '\n', size);
    memcpy(bytes, HEADER, sizeof HEADER - 1);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_sv_of(bytes, size), 0);
    free(bytes);
    assert_true(has(&text, "inflates to more than its limit"));
}

static void a_package_belongs_to_the_layer_that_brought_it(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root base = scratch_root_create();
    STELLA_AUTO(scratch_root_destroy) scratch_root upper = scratch_root_create();
    write_wall(&base, STELLA_SV(HEADER PACKAGE("a")), 0);
    write_wall(&upper, STELLA_SV(HEADER PACKAGE("a") PACKAGE("b")), 0);
    const char *const layers[] = {base.path, upper.path};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, layers, 2, 0);
    assert_int_equal(count_of(&text, "\"introduced\": 0"), 1);
    assert_int_equal(count_of(&text, "\"introduced\": 1"), 1);
    assert_true(has(&text, "pkg:deb/ubuntu/b@1?arch=amd64\""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_manifest_holds),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(what_is_no_manifest_is_an_error_of_the_result),
        cmocka_unit_test(malformed_lines_are_noted_and_skipped),
        cmocka_unit_test(a_line_of_ten_megabytes_is_skipped_and_said),
        cmocka_unit_test(a_manifest_that_inflates_to_too_much_is_refused),
        cmocka_unit_test(a_package_belongs_to_the_layer_that_brought_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
