/* Installed distributions: what pip lists, and what lies beside the metadata. */
#include "python_run.h"

#include "data.h"

#include <stella/json.h>

#include "python/name.h"

#define BUDGET ((uint64_t)64 << 20)

static void finds_what_a_virtual_environment_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "venv");
    assert_true(stella_testing_golden(GOLDEN "venv.json", stella_buf_sv(&text)));
}

/* pip-list.json is what "pip list --format json" said of the environment that the data is taken from. */
static void lists_what_pip_lists(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "venv");
    const stella_json *list = NULL;
    assert_int_equal(stella_json_parse(data_read(DATA "pip-list.json", arena), arena, &list, NULL), STELLA_OK);
    assert_true(list->count > 15);
    for (uint32_t i = 0; i < list->count; i++) {
        const stella_sv name = name_normal(stella_json_str(stella_json_get(&list->items[i], "name")), arena);
        const stella_sv version = stella_json_str(stella_json_get(&list->items[i], "version"));
        const stella_sv ref =
            stella_arena_printf(arena, "\"ref\": \"pkg:pypi/%.*s@%.*s\"", STELLA_SV_FMT(name), STELLA_SV_FMT(version));
        if (!has(&text, ref.ptr))
            fail_msg("not found: %s", ref.ptr);
    }
    /* and one more, which setuptools carries along: pip does not list it */
    assert_int_equal(count_of(&text, "\"ref\""), list->count + 1);
    assert_int_equal(count_of(&text, "python:vendored-in"), 1);
}

static void does_not_depend_on_how_files_are_cut_up(void **state) {
    (void)state;
    const char *const root = DATA "venv";
    STELLA_AUTO(stella_buf_fini) stella_buf whole = run_as(NULL, &root, 1, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf sevens = run_as(NULL, &root, 1, 7);
    assert_string_equal(whole.ptr, sevens.ptr);
}

static void a_file_that_is_not_what_RECORD_states_is_told_of(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put_dist(&root, SITE, "x", "1", "");
    scratch_write(&root, SITE "x/same.py", STELLA_SV(""));
    scratch_write(&root, SITE "x/other.py", STELLA_SV("import os\n"));
    scratch_write(&root, SITE "x-1.dist-info/RECORD",
                  STELLA_SV("x/same.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"
                            "x/other.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"
                            "x/gone.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"
                            "\"x/with, \"\"quotes\"\".py\",,\n../../../bin/x,,\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "python:record-mismatch"), 1);
    assert_true(has(&text, "\"value\": \"" SITE "x/other.py\""));
    assert_true(has(&text, "1 files are not those that RECORD states, the first is " SITE "x/other.py"));
    assert_true(has(&text, "\"path\": \"usr/bin/x\""));
    assert_true(has(&text, "x/with, \\\"quotes\\\".py\""));
}

static void extras_that_others_ask_for_count_and_markers_are_obeyed(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put_dist(&root, SITE, "app", "1",
             "Requires-Dist: Lib.One[socks] (>=1)\nRequires-Dist: win ; sys_platform == 'win32'\n"
             "Requires-Dist: old; python_version < '3.8'\nRequires-Dist: arm; platform_machine == 'aarch64'\n");
    put_dist(&root, SITE, "lib_one", "1",
             "Requires-Dist: sock; extra == 'SOCKS'\nRequires-Dist: other; extra == 'other'\n");
    for (const char *const *name = (const char *const[]){"win", "old", "arm", "sock", "other", NULL}; *name; name++)
        put_dist(&root, SITE, *name, "1", "");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(relates(&text, "app@1", "lib-one@1"));
    assert_true(relates(&text, "app@1", "arm@1")); /* the machine is not known */
    assert_true(relates(&text, "lib-one@1", "sock@1"));
    assert_int_equal(count_of(&text, "\"from\""), 3);
}

static void environments_do_not_see_each_other(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put_dist(&root, SITE, "dep", "1", "");
    put_dist(&root, "opt/a/lib/python3.11/site-packages/", "app", "1", "Requires-Dist: dep\n");
    put_dist(&root, "opt/b/lib/python3.11/site-packages/", "app", "2", "Requires-Dist: dep\n");
    scratch_write(&root, "opt/b/pyvenv.cfg", STELLA_SV("include-system-site-packages = true\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_false(relates(&text, "app@1", "dep@1"));
    assert_true(relates(&text, "app@2", "dep@1"));
}

static void says_where_a_distribution_came_from(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    for (const char *const *name = (const char *const[]){"vcs", "zip", "edit", "bad", NULL}; *name; name++)
        put_dist(&root, SITE, *name, "1", "");
    scratch_write(&root, SITE "vcs-1.dist-info/direct_url.json",
                  STELLA_SV("{\"url\": \"https://h/x.git\", \"vcs_info\": {\"vcs\": \"git\", \"commit_id\": \"abc\", "
                            "\"requested_revision\": \"main\"}}"));
    scratch_write(&root, SITE "zip-1.dist-info/direct_url.json",
                  STELLA_SV("{\"url\": \"https://h/x.zip\", \"archive_info\": {}}"));
    scratch_write(&root, SITE "edit-1.dist-info/direct_url.json",
                  STELLA_SV("{\"url\": \"file:///app\", \"dir_info\": {\"editable\": true}}"));
    scratch_write(&root, SITE "bad-1.dist-info/direct_url.json", STELLA_SV("[{"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "pkg:pypi/vcs@1?vcs_url=git%2Bhttps:%2F%2Fh%2Fx.git%40abc\""));
    assert_true(has(&text, "pkg:pypi/zip@1?download_url=https:%2F%2Fh%2Fx.zip\""));
    assert_true(has(&text, "\"value\": \"file:///app\""));
    assert_int_equal(count_of(&text, "python:editable"), 1);
    assert_true(has(&text, "python:requested-revision"));
    assert_true(has(&text, "no direct_url.json: it names no URL"));
    assert_int_equal(count_of(&text, "\"ref\""), 4);
}

static void reads_eggs_of_every_kind(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "usr/lib/python3/dist-packages/one.egg-info", STELLA_SV("Name: one\nVersion: 1\n"));
    scratch_write(&root, SITE "two.egg-info/PKG-INFO", STELLA_SV("Name: two\nVersion: 2\n"));
    scratch_write(&root, SITE "two.egg-info/requires.txt",
                  STELLA_SV("three\n\n[x]\nabsent\n[:python_version<'3']\nfour\n"));
    scratch_write(&root, SITE "two.egg-info/installed-files.txt", STELLA_SV("../two/__init__.py\nPKG-INFO\n"));
    scratch_write(&root, SITE "three-3.egg/EGG-INFO/PKG-INFO", STELLA_SV("Name: three\nVersion: 3\n"));
    scratch_write(&root, SITE "four.egg-link", STELLA_SV("/src/four\n.\n"));
    scratch_write(&root, "src/four/four.egg-info/PKG-INFO", STELLA_SV("Name: four\nVersion: 4\n"));
    scratch_write(&root, "src/four/four.egg-info/requires.txt", STELLA_SV("two\n"));
    scratch_write(&root, "src/four/setup.py", STELLA_SV(""));
    scratch_write(&root, "src/five/five.egg-info/PKG-INFO", STELLA_SV("Name: five\nVersion: 5\n"));
    scratch_write(&root, "src/five/setup.py", STELLA_SV(""));
    scratch_write(&root, "usr/lib/python3.11/Python-3.11.egg-info", STELLA_SV("Name: Python\nVersion: 3.11\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 5);
    assert_int_equal(count_of(&text, "\"flags\": 1,"), 1); /* five: a source tree that was built in */
    assert_true(relates(&text, "two@2", "three@3"));
    assert_true(relates(&text, "four@4", "two@2"));
    assert_false(relates(&text, "two@2", "four@4"));
    assert_true(has(&text, "\"path\": \"" SITE "two/__init__.py\""));
    assert_true(has(&text, "\"value\": \"" SITE "four.egg-link\""));
}

/* Debian's packages bring no list of files: what makes the modules importable is known by their names. */
static void an_egg_without_a_list_owns_what_its_top_level_names(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, SITE "two-2.egg-info/PKG-INFO", STELLA_SV("Name: two\nVersion: 2\n"));
    scratch_write(&root, SITE "two-2.egg-info/top_level.txt", STELLA_SV("two\nsingle\ngone\n../../../etc\n\n"));
    scratch_write(&root, SITE "two/__init__.py", STELLA_SV("x"));
    scratch_write(&root, SITE "two/other.py", STELLA_SV("x"));
    scratch_write(&root, SITE "single.py", STELLA_SV("x"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "\"path\": \"" SITE "two/__init__.py\""));
    assert_true(has(&text, "\"path\": \"" SITE "single.py\""));
    assert_false(has(&text, "other.py") || has(&text, "gone.py") || has(&text, "gone/") || has(&text, "etc.py"));
}

static void reads_metadata_inside_archives(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    char command[1024];
    snprintf(command, sizeof command,
             "cd %s && python3 -c \"import zipfile\nfor n, m in ('a.whl', 'a-1.dist-info/METADATA'), ('b.egg', "
             "'EGG-INFO/PKG-INFO'), ('c.pyz', 'x/c-1.dist-info/METADATA'):\n with zipfile.ZipFile(n, 'w', 8) as z: "
             "z.writestr(m, 'Name: ' + n[0] + chr(10) + 'Version: 1' + chr(10))\"",
             root.path);
    assert_int_equal(system(command), 0);
    scratch_write(&root, "bad.whl", STELLA_SV("PK no archive"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"method\": \"archive\""), 3);
    assert_true(has(&text, "pkg:pypi/a@1") && has(&text, "pkg:pypi/b@1") && has(&text, "pkg:pypi/c@1"));
    assert_true(has(&text, "\"path\": \"bad.whl\""));
}

static void licenses_are_expressions_where_metadata_allows(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put_dist(&root, SITE, "a", "1", "License-Expression: mit or Apache-2.0\nLicense: GPL-3.0-only\n");
    put_dist(&root, SITE, "b", "1", "License: BSD\nClassifier: License :: OSI Approved :: ISC License (ISCL)\n");
    put_dist(&root, SITE, "c", "1", "License: Do what you want\nClassifier: License :: OSI Approved :: BSD License\n");
    put_dist(&root, SITE, "d", "1", "License: UNKNOWN\nLicense-File: COPYING\n");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "\"expression\": \"MIT OR Apache-2.0\""));
    assert_true(has(&text, "\"expression\": \"ISC\""));
    assert_true(has(&text, "\"name\": \"Do what you want\""));
    assert_true(has(&text, "python:license-file"));
    assert_false(has(&text, "GPL-3.0-only"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "small", 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_virtual_environment_holds),
        cmocka_unit_test(lists_what_pip_lists),
        cmocka_unit_test(does_not_depend_on_how_files_are_cut_up),
        cmocka_unit_test(a_file_that_is_not_what_RECORD_states_is_told_of),
        cmocka_unit_test(extras_that_others_ask_for_count_and_markers_are_obeyed),
        cmocka_unit_test(environments_do_not_see_each_other),
        cmocka_unit_test(says_where_a_distribution_came_from),
        cmocka_unit_test(reads_eggs_of_every_kind),
        cmocka_unit_test(an_egg_without_a_list_owns_what_its_top_level_names),
        cmocka_unit_test(reads_metadata_inside_archives),
        cmocka_unit_test(licenses_are_expressions_where_metadata_allows),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
