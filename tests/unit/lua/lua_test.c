#include "lang_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/lua/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/lua/"
#define ROCKS  "usr/local/lib/luarocks/rocks-5.1/"

static void finds_what_luarocks_installed(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "tree");
    assert_true(stella_testing_golden(GOLDEN "tree.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"from\""), 1);
    assert_true(has(&text, "share/lua/5.1/toy/util.lua"));
}

static void a_rockspec_among_sources_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("src/toy/toy-scm-1.rockspec", STELLA_SV("package = 'toy' version = [[scm-1]]"));
    assert_true(stella_testing_golden(GOLDEN "declared.json", stella_buf_sv(&text)));
    assert_true(has(&text, "pkg:luarocks/toy@scm-1"));
    assert_true(has(&text, "\"manifest\""));
    assert_int_equal(count_of(&text, "\"message\""), 0);
}

static void texts_are_put_together(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(
        "x.rockspec",
        STELLA_SV("#!/usr/bin/lua\nlocal a, b = '1.', '2' --[[ package = 'no' ]]\npackage = 'x' version = a .. b .. "
                  "\"-3\"\nlocal t = { package = 'no', { version = 'no' } }\nif f() then other = 1 end\n"
                  "description = { detailed = [==[ ]] ]==], license = 'MIT' .. '/X11', labels = { 'a' } }\n"));
    assert_true(has(&text, "pkg:luarocks/x@1.2-3"));
    assert_true(has(&text, "MIT/X11"));
}

static void the_folders_of_an_installed_rock_name_what_it_computes(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(ROCKS "x/1.0-1/x-1.0-1.rockspec", STELLA_SV("package = f()\nversion = g(1)\n"));
    assert_true(has(&text, "pkg:luarocks/x@1.0-1"));
}

static void what_is_no_rockspec_is_noted(void **state) {
    (void)state;
    static const char *const bad[] = {
        "package = 'a/b' version = '1-1'",
        "package = 'a' version = '1\\n1'",
        "version = '1-1'",
        "package = 'a",
        "package = 'a' dependencies = {",
        "package = '\xff' version = '1'",
        "--[[",
        "",
    };
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("x.rockspec", stella_sv_cstr(bad[i]));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
        assert_int_equal(count_of(&text, "\"severity\": \"error\""), 1);
    }
}

static void a_list_of_files_keeps_to_the_rocks_folders(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, ROCKS "x/1-1/x-1-1.rockspec", STELLA_SV("package = 'x' version = '1-1'"));
    scratch_write(&root, ROCKS "x/1-1/rock_manifest",
                  STELLA_SV("rock_manifest = { lua = { ['../../etc'] = 'd41d8cd98f00b204e9800998ecf8427e', ['a.lua'] = "
                            "'d41d8cd98f00b204e9800998ecf8427e', b = 'short' }, [\"..\"] = { }"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "usr/local/share/lua/5.1/a.lua"));
    assert_false(has(&text, "etc"));
    assert_true(has(&text, "a folder that is none"));
}

static void a_text_that_doubles_itself_costs_its_own_file_only(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf bomb = stella_buf_of(1u << 20);
    stella_buf_printf(&bomb, "a = 'aaaaaaaaaaaaaaaa'\n");
    for (int i = 0; i < 12; i++)
        stella_buf_printf(&bomb, "a = a .. a\n");
    for (int i = 0; i < 20000; i++)
        stella_buf_printf(&bomb, "b = a .. ''\n");
    scratch_write(&root, "bomb.rockspec", stella_buf_sv(&bomb));
    scratch_write(&root, "good.rockspec", STELLA_SV("package = 'good' version = '1-1'"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "pkg:luarocks/good@1-1"));
    assert_int_equal(count_of(&text, "no memory for a text"), 1);
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {ROCKS "good/1-1/good-1-1.rockspec", STELLA_SV("package = 'good' version = '1-1'"),
                            "pkg:luarocks/good@1-1"};
    survives_beside(&good, ROCKS "bad/1-1/bad-1-1.rockspec",
                    STELLA_SV("package = 'bad'\nversion = '1-1'\ndescription = { license = 'MIT' }\n"
                              "dependencies = { 'lua >= 5.1', 'good' }\n"));
    survives_beside(&good, ROCKS "good/1-1/rock_manifest",
                    STELLA_SV("rock_manifest = { lua = { a = 'd41d8cd98f00b204e9800998ecf8427e' } }\n"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "tree", 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_luarocks_installed),
        cmocka_unit_test(a_rockspec_among_sources_is_declared),
        cmocka_unit_test(texts_are_put_together),
        cmocka_unit_test(the_folders_of_an_installed_rock_name_what_it_computes),
        cmocka_unit_test(what_is_no_rockspec_is_noted),
        cmocka_unit_test(a_list_of_files_keeps_to_the_rocks_folders),
        cmocka_unit_test(a_text_that_doubles_itself_costs_its_own_file_only),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
