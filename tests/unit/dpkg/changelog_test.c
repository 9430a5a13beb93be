/* CVE ids that changelogs name. */
#include "analyzer_run.h"
#include "gzip.h"

#define ENTRY(text) "a (1) unstable; urgency=high\n\n  * " text "\n"

#define INSTALLED(name) "Package: " name "\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n"

static void write_changelog(const scratch_root *root, const char *path, const char *text) {
    const stella_sv member = gzip_of(stella_sv_cstr(text));
    assert_non_null(member.ptr);
    scratch_write(root, path, member);
    free((void *)(uintptr_t)member.ptr);
}

static void ids_of_both_changelogs_are_hints_each_once(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV(INSTALLED("a") INSTALLED("b")));
    write_changelog(&root, "usr/share/doc/a/changelog.Debian.gz", ENTRY("CVE-2023-1234 CVE-2021-1111 CVE-2023-1234"));
    write_changelog(&root, "usr/share/doc/a/changelog.gz", ENTRY("CVE-2023-1234 CVE-2022-22222"));
    scratch_link(&root, "usr/share/doc/b", "a");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"changelog:cve\""), 6); /* three a package */
    assert_int_equal(count_of(&text, "\"CVE-2023-1234\""), 2);
    assert_int_equal(count_of(&text, "\"CVE-2021-1111\""), 2);
    assert_int_equal(count_of(&text, "\"CVE-2022-22222\""), 2);
}

static void a_changelog_of_no_installed_package_gives_no_hint(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV(INSTALLED("a")));
    write_changelog(&root, "usr/share/doc/other/changelog.gz", ENTRY("CVE-2023-1234"));
    write_changelog(&root, "usr/share/doc/a/changelog.Debian.gz", ENTRY("nothing of note"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "CVE-"), 0);
}

static void upstream_s_changelog_is_not_read(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV(INSTALLED("a")));
    write_changelog(&root, "usr/share/doc/a/changelog.gz", "2023-01-01 Pat Example\n\n* main.c: CVE-2023-1234\n");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "CVE-"), 0);
    assert_int_equal(count_of(&text, "\"severity\""), 0);
}

static void a_damaged_changelog_is_a_note_and_no_error(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV(INSTALLED("a")));
    const stella_sv member = gzip_of(STELLA_SV(ENTRY("CVE-2023-1234 and more words behind it")));
    assert_non_null(member.ptr);
    scratch_write(&root, "usr/share/doc/a/changelog.gz", stella_sv_first(member, member.len - 4));
    free((void *)(uintptr_t)member.ptr);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "no sound gzip file"), 1);
    assert_true(has(&text, "\"severity\": \"info\"") || has(&text, "\"severity\": 1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_of_both_changelogs_are_hints_each_once),
        cmocka_unit_test(a_changelog_of_no_installed_package_gives_no_hint),
        cmocka_unit_test(upstream_s_changelog_is_not_read),
        cmocka_unit_test(a_damaged_changelog_is_a_note_and_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
