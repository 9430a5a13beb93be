/* Databases that no apk wrote, and those that are very large. */
#include "apk_run.h"

static void reads_the_last_package_without_a_newline(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(STELLA_SV("P:a\nV:1\n\n\n\nP:b\r\nV:2"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_true(has(&text, "pkg:apk/alpine/b@2?"));
}

static void skips_packages_without_name_or_version_and_their_files(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_text(STELLA_SV("V:1\nF:x\nR:lost\n\nP:b\nF:y\nR:lost\n\nP:c\nV:1\nF:z\nR:kept\n\nP:a b\nV:1\n\n"
                           "P:\033[31m\nV:1\n\nP:\xff\nV:1\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "without a valid name"), 5);
    assert_true(has(&text, "\"z/kept\""));
    assert_false(has(&text, "lost"));
}

static void the_later_of_two_entries_of_a_name_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_text(STELLA_SV("P:a\nV:1\nF:x\nR:first\n\nP:b\nV:1\nD:a\n\nP:a\nV:2\nF:x\nR:second\n\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_true(has(&text, "a@2?"));
    assert_true(has(&text, "x/second"));
    assert_false(has(&text, "x/first"));
    assert_int_equal(count_of(&text, "again further down"), 1);
    assert_int_equal(count_of(&text, "\"from\""), 1);
}

static void bad_checksums_and_lines_are_noted_and_the_rest_stands(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_text(STELLA_SV("P:a\nV:1\nnonsense\nX\nF:d\nR:one\nZ:Q1short\nR:two\nZ:md5\nR:\nR:three\n"
                                         "Z:Q11Q7hNe8QpDS531guqCdrXBzoA/o=\nq:later letters are no error\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "no \\\"X:value\\\""), 2);
    assert_int_equal(count_of(&text, "checksum of a file that is none"), 2);
    assert_int_equal(count_of(&text, "file without a name"), 1);
    assert_int_equal(count_of(&text, "\"d/"), 3);
    assert_true(has(&text, "\"sha1\": \"d50ee135ef10a434b9df582ea8276b5c1ce803fa\""));
}

static void paths_are_limited(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf db = stella_buf_of(1u << 20);
    stella_buf_add(&db, STELLA_SV("P:a\nV:1\nF:"));
    for (int i = 0; i < 5000; i++)
        stella_buf_add(&db, STELLA_SV("d"));
    stella_buf_add(&db, STELLA_SV("\nR:x\nF:e\nR:y\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_buf_sv(&db));
    assert_int_equal(count_of(&text, "a path longer than 4096"), 1);
    assert_int_equal(count_of(&text, "one that is too long"), 1);
    assert_true(has(&text, "\"e/y\""));
}

static void a_line_of_ten_megabytes_is_read_whole(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf db = stella_buf_of(32u << 20);
    stella_buf_add(&db, STELLA_SV("P:a\nV:1\np:"));
    while (db.len < 11u << 20)
        stella_buf_printf(&db, "cmd:some-long-command-name-%zu=1.2.3 ", db.len);
    stella_buf_add(&db, STELLA_SV("cmd:last=1\nD:b\n\nP:b\nV:1\nD:cmd:last\n\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_buf_sv(&db));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"from\""), 2);
    assert_int_equal(count_of(&text, "\"message\""), 0);
}

static void a_line_above_the_limit_is_cut_at_a_word_and_said(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf db = stella_buf_of(32u << 20);
    stella_buf_add(&db, STELLA_SV("P:a\nV:1\nD:b "));
    while (db.len < 17u << 20)
        stella_buf_add(&db, STELLA_SV("bb bbb bbbb bbbbb bbbbbb bbbbbbb bbbbbbbb "));
    stella_buf_add(&db, STELLA_SV("\n\nP:b\nV:1\n\nP:bbbbbbbb\nV:1\n\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_buf_sv(&db));
    assert_int_equal(count_of(&text, "\"ref\""), 3);
    assert_true(has(&text, "a field longer than its limit was cut"));
}

static void a_package_of_many_files_keeps_them_all(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf db = stella_buf_of(32u << 20);
    stella_buf_add(&db, STELLA_SV("P:a\nV:1\n"));
    for (int i = 0; i < 20000; i++)
        stella_buf_printf(&db, "F:some/folder/%d\nR:file\nZ:Q11Q7hNe8QpDS531guqCdrXBzoA/o=\n", i);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_buf_sv(&db));
    assert_int_equal(count_of(&text, "\"sha1\""), 20000);
}

static void a_flood_of_malformed_lines_is_told_in_few_notes(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf db = stella_buf_of(1u << 20);
    for (int i = 0; i < 2000; i++)
        stella_buf_add(&db, STELLA_SV("?\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_buf_sv(&db));
    assert_int_equal(count_of(&text, "\"message\""), 51);
}

static void a_graph_that_no_image_has_is_followed_only_so_far(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf db = stella_buf_of(1u << 20);
    for (int i = 0; i < 256; i++) { /* each dependency has 256 candidates, of which the first will do */
        stella_buf_printf(&db, "P:p%03d\nV:1\np:v=%d\nD:", i, i ? 1 : 10);
        for (int k = 0; k < 160; k++)
            stella_buf_add(&db, STELLA_SV("v>9 "));
        stella_buf_add(&db, STELLA_SV("\n\n"));
    }
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_buf_sv(&db));
    assert_int_equal(count_of(&text, "\"ref\""), 256);
    assert_in_range(count_of(&text, "\"from\""), 1, 255 * 160 - 1);
    assert_int_equal(count_of(&text, "10000000 candidates for those of all packages"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_last_package_without_a_newline),
        cmocka_unit_test(skips_packages_without_name_or_version_and_their_files),
        cmocka_unit_test(the_later_of_two_entries_of_a_name_holds),
        cmocka_unit_test(bad_checksums_and_lines_are_noted_and_the_rest_stands),
        cmocka_unit_test(paths_are_limited),
        cmocka_unit_test(a_line_of_ten_megabytes_is_read_whole),
        cmocka_unit_test(a_line_above_the_limit_is_cut_at_a_word_and_said),
        cmocka_unit_test(a_package_of_many_files_keeps_them_all),
        cmocka_unit_test(a_flood_of_malformed_lines_is_told_in_few_notes),
        cmocka_unit_test(a_graph_that_no_image_has_is_followed_only_so_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
