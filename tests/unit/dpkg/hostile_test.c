/* Status files that no dpkg wrote, and those that are very large. */
#include "analyzer_run.h"

#define INSTALLED(name) "Package: " name "\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n"

static stella_buf run_status(stella_sv status) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, status);
    return run_root(root.path);
}

static void reads_the_last_stanza_without_a_newline(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_status(STELLA_SV("Package: a\nStatus: install ok installed\nVersion: 1.5"));
    assert_true(has(&text, "pkg:deb/debian/a@1.5?distro=debian-12"));
}

static void reads_carriage_returns_and_odd_case(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_status(STELLA_SV("PACKAGE: a\r\nstatus:install ok installed\r\nVersion:\t1.5 \r\n\r\n" INSTALLED("b")));
    assert_true(has(&text, "pkg:deb/debian/a@1.5?distro=debian-12"));
    assert_true(has(&text, "pkg:deb/debian/b@1?arch=all"));
}

static void notes_lines_of_nul_bytes_and_reads_on(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_status(STELLA_SV(INSTALLED("a") "\0\0\0\n\n" INSTALLED("b") "Homepage: x\0y\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_true(has(&text, "\"line\": 5,\n   \"message\": \"a line that is no"));
}

static void skips_a_stanza_without_a_package_and_names_its_line(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_status(STELLA_SV("\n\nStatus: install ok installed\nVersion: 1\n\n" INSTALLED("b")));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "\"line\": 3,\n   \"message\": \"a stanza without a valid Package"));
}

static void refuses_names_that_would_leave_the_folder(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_status(STELLA_SV(INSTALLED("../../etc/passwd") "\n" INSTALLED("a\033[31m") "\n" INSTALLED("a/b")));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
    assert_int_equal(count_of(&text, "without a valid Package"), 3);
}

static void a_flood_of_malformed_stanzas_is_told_in_few_notes(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf status = stella_buf_of(1u << 20);
    for (int i = 0; i < 2000; i++)
        stella_buf_add(&status, STELLA_SV("Version: 1\n\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_status(stella_buf_sv(&status));
    assert_int_equal(count_of(&text, "\"message\""), 51);
    assert_true(has(&text, "more stanzas of this file are malformed"));
}

static void a_line_of_ten_megabytes_is_cut_and_said(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf status = stella_buf_of(16u << 20);
    stella_buf_add(&status, STELLA_SV(INSTALLED("first") "\n" INSTALLED("a") "Depends: first"));
    while (status.len < 10u << 20)
        stella_buf_add(&status, STELLA_SV(", some-long-package-name (>= 1.2.3)"));
    stella_buf_add(&status, STELLA_SV("\n\n" INSTALLED("b")));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_status(stella_buf_sv(&status));
    assert_int_equal(count_of(&text, "\"ref\""), 3);
    assert_int_equal(count_of(&text, "\"from\""), 1);
    assert_true(has(&text, "a field longer than its limit was cut"));
}

static void the_name_at_the_cut_is_not_taken_for_another_package(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf status = stella_buf_of(1u << 20);
    stella_buf_add(&status, STELLA_SV(INSTALLED("zz") "\n" INSTALLED("a") "Depends: x"));
    while (status.len < 300u << 10)
        stella_buf_add(&status, STELLA_SV(",zzzzzzz")); /* cut anywhere inside, it may read "zz" */
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_status(stella_buf_sv(&status));
    assert_int_equal(count_of(&text, "\"from\""), 0);
}

/* 100 MB of status: 150,000 stanzas; a tenth of it where each access is checked by a sanitizer. */
#ifdef STELLA_SANITIZED
#define STANZAS      15000
#define STATUS_BYTES (10u << 20)
#else
#define STANZAS      150000
#define STATUS_BYTES (100u << 20)
#endif

static void a_status_file_of_a_hundred_megabytes_is_read(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf status = stella_buf_of(200u << 20);
    for (int i = 0; i < STANZAS; i++) {
        stella_buf_printf(&status,
                          "Package: package-%d\nStatus: install ok installed\nPriority: optional\nVersion: 1.%d\n"
                          "Architecture: amd64\nDepends: package-%d, package-%d (>= 0.5)\n",
                          i, i, i / 2, i / 3);
        for (int line = 0; line < 6; line++)
            stella_buf_printf(&status,
                              "Unknown-Field-%d: some text that nobody asks for, only to make the file long, "
                              "as descriptions do\n",
                              line);
        stella_buf_add(&status, STELLA_SV("\n"));
    }
    assert_true(status.len > STATUS_BYTES);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_status(stella_buf_sv(&status));
    assert_int_equal(count_of(&text, "\"ref\""), STANZAS);
    assert_true(has(&text, "pkg:deb/debian/package-14999@1.14999?arch=amd64"));
}

static void a_farm_of_links_to_one_list_is_not_followed(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV(INSTALLED("a") "\n" INSTALLED("b")));
    scratch_write(&root, "var/lib/dpkg/info/a.list", STELLA_SV("/usr/bin/a\n"));
    scratch_link(&root, "var/lib/dpkg/info/b.list", "a.list");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"usr/bin/a\""), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_last_stanza_without_a_newline),
        cmocka_unit_test(reads_carriage_returns_and_odd_case),
        cmocka_unit_test(notes_lines_of_nul_bytes_and_reads_on),
        cmocka_unit_test(skips_a_stanza_without_a_package_and_names_its_line),
        cmocka_unit_test(refuses_names_that_would_leave_the_folder),
        cmocka_unit_test(a_flood_of_malformed_stanzas_is_told_in_few_notes),
        cmocka_unit_test(a_line_of_ten_megabytes_is_cut_and_said),
        cmocka_unit_test(the_name_at_the_cut_is_not_taken_for_another_package),
        cmocka_unit_test(a_status_file_of_a_hundred_megabytes_is_read),
        cmocka_unit_test(a_farm_of_links_to_one_list_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
