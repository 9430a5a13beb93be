#include "check.h"
#include "scratch_root.h"

#include "os-release/os_release.h"

#include <stella/auto.h>
#include <stella/testing.h>

static void takes_quotes_off_as_a_shell_does(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    os_release r;
    assert_int_equal(os_release_parse(STELLA_SV("# a comment\n\nID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME='It is \\ '\n"
                                                "NAME=\"a \\\"b\\\" $c\"\nVERSION_CODENAME=book\\ worm trailing\n"
                                                "ID_LIKE=\"x y\"\r\nCPE_NAME=cpe:/o\nHOME_URL=\"https://a\"\n"),
                                      arena, &r),
                     STELLA_OK);
    assert_true(stella_sv_eq(r.distro.id, STELLA_SV("debian")));
    assert_true(stella_sv_eq(r.distro.version_id, STELLA_SV("12")));
    assert_true(stella_sv_eq(r.distro.name, STELLA_SV("It is \\ ")));
    assert_true(stella_sv_eq(r.distro.codename, STELLA_SV("book worm")));
    assert_true(stella_sv_eq(r.distro.id_like, STELLA_SV("x y")));
    assert_true(stella_sv_eq(r.cpe, STELLA_SV("cpe:/o")));
    assert_true(stella_sv_eq(r.homepage, STELLA_SV("https://a")));
    assert_int_equal(r.id_line, 3);
    assert_int_equal(r.bad_line, 0);
}

static void the_last_of_a_repeated_key_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    os_release r;
    assert_int_equal(os_release_parse(STELLA_SV("ID=a\nthis is no assignment\nID=b\n"), arena, &r), STELLA_OK);
    assert_true(stella_sv_eq(r.distro.id, STELLA_SV("b")));
    assert_int_equal(r.id_line, 3);
    assert_int_equal(r.bad_line, 2);
}

static void text_that_is_no_utf8_names_no_system(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    os_release r;
    assert_int_equal(os_release_parse(STELLA_SV("ID=debian\nID=deb\xff\nVERSION_ID=\xc0\x80\n"), arena, &r), STELLA_OK);
    assert_true(stella_sv_eq(r.distro.id, STELLA_SV("debian")));
    assert_int_equal(r.distro.version_id.len, 0);
    assert_int_equal(r.bad_line, 2);
}

static void is_linux_without_an_id(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    os_release r;
    assert_int_equal(os_release_parse(STELLA_SV("NAME=x\n"), arena, &r), STELLA_OK);
    assert_true(stella_sv_eq(r.distro.id, STELLA_SV("linux")));
    assert_true(stella_sv_eq(r.distro.name, STELLA_SV("x")));
    assert_int_equal(r.id_line, 0);
}

static stella_buf run(const char *root) {
    const stella_testing_options options = {.struct_size = sizeof options, .layers = &root, .layer_count = 1};
    stella_buf text = stella_buf_of(1u << 20);
    stella_error err = {0};
    if (stella_testing_run(&stella_plugin, &options, &text, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    return text;
}

static void names_the_system_of_a_real_root(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run(STELLA_SOURCE_DIR "/tests/data/dpkg/bookworm");
    assert_true(
        stella_testing_golden(STELLA_SOURCE_DIR "/tests/golden/os-release/bookworm.json", stella_buf_sv(&text)));
}

static void etc_comes_before_usr(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "etc/os-release", STELLA_SV("ID=first\n"));
    scratch_write(&root, "usr/lib/os-release", STELLA_SV("ID=second\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run(root.path);
    assert_non_null(strstr(text.ptr, "operating-system:first@"));
    assert_null(strstr(text.ptr, "second"));
}

static void follows_a_link_to_anywhere_and_passes_over_a_broken_one(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root linked = scratch_root_create();
    scratch_write(&linked, "opt/vendor/release", STELLA_SV("ID=vendor\n"));
    scratch_link(&linked, "etc/os-release", "/opt/vendor/release");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run(linked.path);
    assert_non_null(strstr(text.ptr, "operating-system:vendor@"));

    STELLA_AUTO(scratch_root_destroy) scratch_root broken = scratch_root_create();
    scratch_link(&broken, "etc/os-release", "../../nowhere");
    scratch_write(&broken, "usr/lib/os-release", STELLA_SV("ID=fallback\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf other = run(broken.path);
    assert_non_null(strstr(other.ptr, "operating-system:fallback@"));
}

static void says_nothing_of_a_tree_without_one(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "etc/passwd", STELLA_SV(""));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run(root.path);
    assert_null(strstr(text.ptr, "\"ref\""));
    assert_null(strstr(text.ptr, "\"severity\""));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    const char *const root = STELLA_SOURCE_DIR "/tests/data/dpkg/bookworm";
    const stella_testing_options options = {.struct_size = sizeof options, .layers = &root, .layer_count = 1};
    uint64_t runs = 0;
    stella_error err = {0};
    if (stella_testing_fail_each(&stella_plugin, &options, &runs, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    assert_true(runs > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_quotes_off_as_a_shell_does),
        cmocka_unit_test(the_last_of_a_repeated_key_holds),
        cmocka_unit_test(text_that_is_no_utf8_names_no_system),
        cmocka_unit_test(is_linux_without_an_id),
        cmocka_unit_test(names_the_system_of_a_real_root),
        cmocka_unit_test(etc_comes_before_usr),
        cmocka_unit_test(follows_a_link_to_anywhere_and_passes_over_a_broken_one),
        cmocka_unit_test(says_nothing_of_a_tree_without_one),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
