#include "check.h"

#include "dpkg/copyright.h"

#include <stella/arena.h>
#include <stella/auto.h>
#include <stella/component.h>

#define FORMAT "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"

/* All licenses of a text, "|" between them, names in quotes. */
static stella_sv licenses_of(stella_arena *arena, const char *text) {
    copyright c;
    stella_sv all = STELLA_SV("");
    assert_int_equal(copyright_parse(stella_sv_cstr(text), arena, &c), STELLA_OK);
    for (uint32_t i = 0; i < c.count; i++) {
        const char *quote = c.licenses[i].how == STELLA_LICENSE_NAME ? "'" : "";
        all = stella_arena_printf(arena, "%.*s%s%s%.*s%s", STELLA_SV_FMT(all), i ? "|" : "", quote,
                                  STELLA_SV_FMT(c.licenses[i].text), quote);
    }
    return all;
}

static void check_all(const char *const cases[][2], uint32_t count) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    for (uint32_t i = 0; i < count; i++)
        assert_string_equal(licenses_of(arena, cases[i][0]).ptr, cases[i][1]);
}

static void maps_short_names_that_have_one_meaning(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {FORMAT "License: GPL-2+\n", "GPL-2.0-or-later"},
        {FORMAT "License: GPL-2\n", "GPL-2.0-only"},
        {FORMAT "License: GPLv3+\n", "GPL-3.0-or-later"},
        {FORMAT "License: LGPL-2.1+\n", "LGPL-2.1-or-later"},
        {FORMAT "License: GFDL-NIV-1.3+\n", "GFDL-1.3-no-invariants-or-later"},
        {FORMAT "License: AGPL-3\n", "AGPL-3.0-only"},
        {FORMAT "License: Expat\n", "MIT"},
        {FORMAT "License: BSD-3-clause\n", "BSD-3-Clause"},
        {FORMAT "License: Apache-2.0\n", "Apache-2.0"},
        {FORMAT "License: apache-2\n", "Apache-2.0"},
        {FORMAT "License: CC0\n", "CC0-1.0"},
        {FORMAT "License: ZLIB\n", "Zlib"},
    };
    check_all(cases, STELLA_COUNT(cases));
}

static void does_not_guess(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {FORMAT "License: GPL\n", "LicenseRef-GPL"},
        {FORMAT "License: GPL-4+\n", "LicenseRef-GPL-4-or-later"},
        {FORMAT "License: LGPL-1\n", "LicenseRef-LGPL-1"},
        {FORMAT "License: Artistic\n", "LicenseRef-Artistic"},
        {FORMAT "License: MIT/X11\n", "LicenseRef-MIT-X11"},
        {FORMAT "License: public-domain\n", "LicenseRef-public-domain"},
        {FORMAT "License: GPL-2+ with OpenSSL exception\n", "LicenseRef-GPL-2-or-later-with-OpenSSL-exception"},
        {FORMAT "License: GPL-3+ with Autoconf exception\n", "LicenseRef-GPL-3-or-later-with-Autoconf-exception"},
        {FORMAT "License: Permission is hereby granted, free of charge\n",
         "'Permission is hereby granted, free of charge'"},
        {FORMAT "License: GPL-2 or\n", "'GPL-2 or'"},
    };
    check_all(cases, STELLA_COUNT(cases));
}

static void writes_expressions(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {FORMAT "License: GPL-1+ or Artistic\n", "GPL-1.0-or-later OR LicenseRef-Artistic"},
        {FORMAT "License: GPL-2+ or MIT, and BSD-2-clause\n", "(GPL-2.0-or-later OR MIT) AND BSD-2-Clause"},
        {FORMAT "License: ISC and BSD-2-clause\n", "ISC AND BSD-2-Clause"},
        {FORMAT "License: GPL-2+ with Libtool exception\n", "GPL-2.0-or-later WITH Libtool-exception"},
        {FORMAT "License: GPL-2 with Linux-syscall-note exception and MIT\n",
         "GPL-2.0-only WITH Linux-syscall-note AND MIT"},
        {FORMAT "License: Perl or ISC\n", "(Artistic-1.0-Perl OR GPL-1.0-or-later) OR ISC"},
    };
    check_all(cases, STELLA_COUNT(cases));
}

static void takes_paragraphs_that_apply_to_files(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {FORMAT "\nFiles: *\nLicense: ISC or GPL-2+\n\nFiles: debian/*\nLicense: ISC\n\nLicense: GPL-2+\n The text.\n",
         "ISC OR GPL-2.0-or-later|ISC"},
        {FORMAT "\nLicense: ISC\n Only a text stands here.\n", "ISC"},
        {"Files: *\nCopyright: me\nLicense: MPL-1.1 or GPL-2 or LGPL-2.1\n\nLicense: GPL-2\n [TEXT]\n",
         "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-only"},
        {"Upstream-Name: x\nformat: http://dep.debian.net/deps/dep5/\nLicense: ISC\n", "ISC"},
        {FORMAT "\nFiles: *\nLicense:\n Words of a license, without a name.\n", ""},
    };
    check_all(cases, STELLA_COUNT(cases));
}

static void takes_references_to_common_licenses(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"See /usr/share/common-licenses/Apache-2.0.\n", "Apache-2.0"},
        {"version 2 of the License, or (at your option) any\n later version.\n`/usr/share/common-licenses/GPL-2'.\n",
         "GPL-2.0-or-later"},
        {"version 2 of the License. /usr/share/common-licenses/GPL-2\n", "'GPL-2'"},
        {"any later version: /usr/share/common-licenses/GPL-2 and /usr/share/common-licenses/LGPL-2.1\n",
         "'GPL-2'|'LGPL-2.1'"},
        {"any later version: /usr/share/common-licenses/GPL\n", "'GPL'"},
        {"Format: of another kind\n\n/usr/share/common-licenses/BSD\n", "'BSD'"},
        {"Permission is hereby granted, free of charge\n", ""},
        {"", ""},
    };
    check_all(cases, STELLA_COUNT(cases));
}

static void holds_many_licenses_and_says_when_there_are_more(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    stella_sv text = STELLA_SV(FORMAT "\n");
    for (int i = 0; i < COPYRIGHT_LICENSES_MAX + 1; i++)
        text = stella_arena_printf(arena, "%.*sFiles: %d\nLicense: L%d\n\n", STELLA_SV_FMT(text), i, i);
    copyright c;
    assert_int_equal(copyright_parse(text, arena, &c), STELLA_OK);
    assert_int_equal(c.count, COPYRIGHT_LICENSES_MAX);
    assert_int_equal(c.is_full, 1);
}

static void leaves_the_output_alone_when_memory_is_short(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64);
    copyright c = {.count = 77};
    assert_int_equal(copyright_parse(STELLA_SV(FORMAT "License: ISC\n"), arena, &c), STELLA_E_NOMEM);
    assert_int_equal(c.count, 77);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_short_names_that_have_one_meaning),
        cmocka_unit_test(does_not_guess),
        cmocka_unit_test(writes_expressions),
        cmocka_unit_test(takes_paragraphs_that_apply_to_files),
        cmocka_unit_test(takes_references_to_common_licenses),
        cmocka_unit_test(holds_many_licenses_and_says_when_there_are_more),
        cmocka_unit_test(leaves_the_output_alone_when_memory_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
