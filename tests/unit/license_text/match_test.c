/* Texts of licenses: each is told from its relatives, however it is laid out. */
#include "check.h"

#include "common/license_text/match.h"
#include "common/license_text/table.h"

#include <stella/auto.h>
#include <stella/sink.h>
#include <stella/spdx.h>

#include <stdio.h>
#include <string.h>

#define OURS   STELLA_SOURCE_DIR "/tests/data/license_text/"
#define DEBIAN "/usr/share/common-licenses/" /* package base-files */

static stella_arena *arena;
static stella_buf text;
static license_text_matches got;

static int begin(void **state) {
    (void)state;
    arena = stella_arena_create(LICENSE_TEXT_ARENA_BYTES);
    text = stella_buf_of(64u << 20);
    got = (license_text_matches){.count = 77};
    return arena ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    stella_arena_destroyp(&arena);
    stella_buf_fini(&text);
    return 0;
}

static void add_file(const char *path) {
    char bytes[65536];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t len = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    assert_true(len > 0);
    assert_int_equal(stella_buf_add(&text, stella_sv_of(bytes, len)), STELLA_OK);
}

static void add(const char *words) {
    assert_int_equal(stella_buf_add(&text, stella_sv_cstr(words)), STELLA_OK);
}

static void match(stella_sv bytes) {
    stella_arena_reset(arena);
    assert_int_equal(license_text_match(bytes, arena, &got), STELLA_OK);
}

/* What is found in the text, "MIT ISC", with a '?' behind what a notice says. */
static void expect(const char *expected) {
    char found[512] = "";
    size_t len = 0;
    match(stella_buf_sv(&text));
    for (uint32_t i = 0; i < got.count; i++)
        len += (size_t)snprintf(found + len, sizeof found - len, "%s%.*s%s", i ? " " : "",
                                STELLA_SV_FMT(got.items[i].id), got.items[i].is_notice ? "?" : "");
    assert_string_equal(found, expected);
}

static void expect_file(const char *path, const char *expected) {
    stella_buf_fini(&text);
    text = stella_buf_of(64u << 20);
    add_file(path);
    expect(expected);
}

static void tells_short_licenses_from_their_relatives(void **state) {
    (void)state;
    static const char *const ids[] = {"MIT", "ISC", "0BSD", "X11", "BSD-2-Clause", "BSD-3-Clause", "Unlicense", "Zlib"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        char path[512];
        assert_true(snprintf(path, sizeof path, OURS "%s", ids[i]) < (int)sizeof path);
        expect_file(path, ids[i]);
        assert_true(got.items[0].score >= 99);
    }
    expect_file(DEBIAN "BSD", "BSD-3-Clause");
}

static void tells_long_licenses_from_their_relatives(void **state) {
    (void)state;
    expect_file(DEBIAN "GPL-1", "GPL-1.0-only");
    expect_file(DEBIAN "GPL-2", "GPL-2.0-only");
    expect_file(DEBIAN "GPL-3", "GPL-3.0-only");
    expect_file(DEBIAN "LGPL-2", "LGPL-2.0-only");
    expect_file(DEBIAN "LGPL-2.1", "LGPL-2.1-only");
    expect_file(DEBIAN "LGPL-3", "LGPL-3.0-only");
    expect_file(OURS "AGPL-3.0", "AGPL-3.0-only");
    expect_file(DEBIAN "GFDL-1.3", "GFDL-1.3-only");
    expect_file(DEBIAN "Apache-2.0", "Apache-2.0");
    expect_file(DEBIAN "MPL-1.1", "MPL-1.1");
    expect_file(DEBIAN "MPL-2.0", "MPL-2.0");
    expect_file(DEBIAN "Artistic", "Artistic-1.0-Perl");
    expect_file(DEBIAN "CC0-1.0", "CC0-1.0");
}

#define GPL_NOTICE(version)                                                                                            \
    "# This program is free software; you can redistribute it and/or modify\n"                                         \
    "# it under the terms of the GNU General Public License as published by\n"                                         \
    "# the Free Software Foundation; " version "\n"                                                                    \
    "# This program is distributed in the hope that it will be useful,\n"                                              \
    "# but WITHOUT ANY WARRANTY; without even the implied warranty of\n"                                               \
    "# MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the\n"                                                \
    "# GNU General Public License for more details.\n#\n"                                                              \
    "# You should have received a copy of the GNU General Public License along\n"                                      \
    "# with this program; if not, write to the Free Software Foundation, Inc.,\n"                                      \
    "# 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA.\n"

static void a_notice_says_whether_later_versions_may_be_used(void **state) {
    (void)state;
    add(GPL_NOTICE("either version 2 of the License, or\n# (at your option) any later version.\n#"));
    expect("GPL-2.0-or-later?");
}

static void a_notice_without_later_versions_is_only(void **state) {
    (void)state;
    add(GPL_NOTICE("version 2.\n#"));
    expect("GPL-2.0-only?");
}

/* "see <...>" has taken the place of the address in all of them. */
static void versions_of_a_notice_are_told_apart_by_their_number(void **state) {
    (void)state;
    add("This program is free software: you can redistribute it and/or modify it under the terms of the GNU General"
        " Public License as published by the Free Software Foundation, either version 2 of the License, or (at your"
        " option) any later version. This program is distributed in the hope that it will be useful, but WITHOUT ANY"
        " WARRANTY; without even the implied warranty of MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE. See the"
        " GNU General Public License for more details. You should have received a copy of the GNU General Public "
        "License"
        " along with this program. If not, see <https://www.gnu.org/licenses/>.");
    expect("GPL-2.0-or-later?");
}

static void knows_the_notice_of_apache(void **state) {
    (void)state;
    add("Copyright 2024 Somebody\n\nLicensed under the Apache License, Version 2.0 (the \"License\");\n"
        "you may not use this file except in compliance with the License.\nYou may obtain a copy of the License at\n\n"
        "    http://www.apache.org/licenses/LICENSE-2.0\n\nUnless required by applicable law or agreed to in writing,"
        " software\ndistributed under the License is distributed on an \"AS IS\" BASIS,\nWITHOUT WARRANTIES OR"
        " CONDITIONS OF ANY KIND, either express or implied.\nSee the License for the specific language governing"
        " permissions and\nlimitations under the License.\n");
    expect("Apache-2.0?");
}

static void finds_every_license_of_a_file(void **state) {
    (void)state;
    add_file(DEBIAN "Apache-2.0");
    add_file(OURS "MIT");
    add_file(OURS "BSD-3-Clause");
    expect("Apache-2.0 BSD-3-Clause MIT");
}

static void layout_does_not_count(void **state) {
    (void)state;
    add_file(OURS "MIT");
    stella_buf laid_out = stella_buf_of(1u << 20);
    const stella_sv plain = stella_buf_sv(&text);
    for (size_t i = 0; i < plain.len; i++) {
        const char c = plain.ptr[i];
        const char upper = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        const stella_sv out = c == '\n'  ? STELLA_SV("\r\n ** > ")
                              : c == ' ' ? STELLA_SV("\t ")
                                         : stella_sv_of(&upper, 1);
        assert_int_equal(stella_buf_add(&laid_out, out), STELLA_OK);
    }
    match(stella_buf_sv(&laid_out));
    stella_buf_fini(&laid_out);
    assert_int_equal(got.count, 1);
    assert_true(stella_sv_eq(got.items[0].id, STELLA_SV("MIT")));
    assert_int_equal(got.items[0].score, 100);
}

static void half_a_license_is_none(void **state) {
    (void)state;
    add_file(OURS "MIT");
    match(stella_sv_first(stella_buf_sv(&text), stella_buf_sv(&text).len / 2));
    assert_int_equal(got.count, 0);
}

static void words_about_licenses_are_none(void **state) {
    (void)state;
    add("This module may be distributed under the MIT License or the GNU General Public License. See COPYING.\n");
    expect("");
}

static void nothing_has_no_license(void **state) {
    (void)state;
    match(STELLA_SV(""));
    assert_int_equal(got.count, 0);
}

static void ten_megabytes_of_a_word_have_no_license(void **state) {
    (void)state;
    for (int i = 0; i < 1 << 20; i++)
        add("license   ");
    expect("");
}

static void bytes_that_are_no_text_have_no_license(void **state) {
    (void)state;
    uint32_t seed = 1;
    for (int i = 0; i < 1 << 18; i++) {
        seed = seed * 1664525u + 1013904223u;
        assert_int_equal(stella_buf_u8(&text, (uint8_t)(seed >> 24)), STELLA_OK);
    }
    expect("");
}

static void what_is_behind_the_limit_is_not_looked_at(void **state) {
    (void)state;
    while (stella_buf_sv(&text).len < LICENSE_TEXT_BYTES_MAX)
        add("word ");
    add_file(OURS "MIT");
    expect("");
}

static void without_memory_the_output_is_left_alone(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *small = stella_arena_create(4096);
    add_file(OURS "MIT");
    assert_int_equal(license_text_match(stella_buf_sv(&text), small, &got), STELLA_E_NOMEM);
    assert_int_equal(got.count, 77);
}

static void the_table_is_of_the_list_that_identifiers_are_checked_against(void **state) {
    (void)state;
    assert_string_equal(license_text_list_version(), stella_spdx_list_version());
    assert_true(license_table_count > 600);
    for (uint32_t i = 0; i < license_table_count; i++) {
        const license_table_text *t = &license_table[i];
        assert_true(stella_sv_eq(stella_spdx_license(t->id), t->id));
        assert_true(t->count > 0 && t->pairs >= t->count && t->decisive <= t->count);
        for (uint32_t k = t->decisive + 1; k < t->count; k++)
            assert_true(license_table_hashes[t->first + k - 1] < license_table_hashes[t->first + k]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_short_licenses_from_their_relatives, begin, end),
        cmocka_unit_test_setup_teardown(tells_long_licenses_from_their_relatives, begin, end),
        cmocka_unit_test_setup_teardown(a_notice_says_whether_later_versions_may_be_used, begin, end),
        cmocka_unit_test_setup_teardown(a_notice_without_later_versions_is_only, begin, end),
        cmocka_unit_test_setup_teardown(versions_of_a_notice_are_told_apart_by_their_number, begin, end),
        cmocka_unit_test_setup_teardown(knows_the_notice_of_apache, begin, end),
        cmocka_unit_test_setup_teardown(finds_every_license_of_a_file, begin, end),
        cmocka_unit_test_setup_teardown(layout_does_not_count, begin, end),
        cmocka_unit_test_setup_teardown(half_a_license_is_none, begin, end),
        cmocka_unit_test_setup_teardown(words_about_licenses_are_none, begin, end),
        cmocka_unit_test_setup_teardown(nothing_has_no_license, begin, end),
        cmocka_unit_test_setup_teardown(ten_megabytes_of_a_word_have_no_license, begin, end),
        cmocka_unit_test_setup_teardown(bytes_that_are_no_text_have_no_license, begin, end),
        cmocka_unit_test_setup_teardown(what_is_behind_the_limit_is_not_looked_at, begin, end),
        cmocka_unit_test_setup_teardown(without_memory_the_output_is_left_alone, begin, end),
        cmocka_unit_test_setup_teardown(the_table_is_of_the_list_that_identifiers_are_checked_against, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
