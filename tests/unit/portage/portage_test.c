#include "data.h"
#include "os_run.h"

#include "portage/license.h"
#include "portage/name.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/portage/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/portage/"
#define PKG    "var/db/pkg/"

static stella_buf run_root_in(const char *root) {
    const stella_distro distro = {.id = STELLA_SV("gentoo"), .version_id = STELLA_SV("2.15")};
    return run_as(&distro, &root, 1, 0);
}

static void finds_what_a_database_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(DATA "gentoo");
    assert_true(stella_testing_golden(GOLDEN "gentoo.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"from\""), 1);
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "gentoo", 10);
}

static void a_result_that_nobody_wants_is_not_made(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    const char *const root = DATA "gentoo";
    const stella_testing_options options = {
        .struct_size = sizeof options, .layers = &root, .layer_count = 1, .cancel_call = 1};
    assert_int_equal(stella_testing_run(&stella_plugin, &options, &text, NULL), STELLA_E_CANCELLED);
    assert_int_equal(text.len, 0);
}

static void names_and_versions_are_split_by_the_specification(void **state) {
    (void)state;
    static const struct {
        const char *folder, *name, *version;
    } cases[] = {
        {"app-misc/toy-1.2.3", "toy", "1.2.3"},
        {"app-misc/toy-app-1.2.3-r1", "toy-app", "1.2.3-r1"},
        {"dev-libs/libfoo-2-1.0a_rc1_p2-r10", "libfoo-2", "1.0a_rc1_p2-r10"},
        {"x11/font-100dpi-1.0", "font-100dpi", "1.0"},
        {"sys-libs/db-4.8.30-r2", "db", "4.8.30-r2"},
        {"dev-lang/c++-9999", "c++", "9999"},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        char path[256];
        portage_name name;
        snprintf(path, sizeof path, PKG "%s/CONTENTS", cases[i].folder);
        assert_true(portage_name_parse(stella_sv_cstr(path), &name));
        assert_true(stella_sv_eq(name.name, stella_sv_cstr(cases[i].name)));
        assert_true(stella_sv_eq(name.version, stella_sv_cstr(cases[i].version)));
    }
    static const char *const none[] = {PKG "app-misc/toy/CONTENTS", PKG "app-misc/toy-1.x/CONTENTS",
                                       PKG "toy-1/CONTENTS",        PKG "a b/toy-1/CONTENTS",
                                       PKG "../toy-1/CONTENTS",     "etc/CONTENTS",
                                       PKG "app-misc/-1/CONTENTS",  PKG "app-misc/toy-1"};
    portage_name name;
    for (uint32_t i = 0; i < STELLA_COUNT(none); i++)
        assert_false(portage_name_parse(stella_sv_cstr(none[i]), &name));
}

static void licenses_become_expressions(void **state) {
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"MIT", "MIT"},
        {"GPL-2 LGPL-2.1+", "GPL-2.0-only AND LGPL-2.1-or-later"},
        {"|| ( GPL-2+ MIT ) BSD", "(GPL-2.0-or-later OR MIT) AND BSD-3-Clause"},
        {"|| ( ( GPL-3 ZLIB ) custom )", "((GPL-3.0-only AND Zlib) OR LicenseRef-custom)"},
        {"doc? ( FDL-1.2 ) MIT", "(GFDL-1.2-only) AND MIT"},
        {"@GROUP", "LicenseRef-GROUP"},
    };
    static const char *const bad[] = {"( MIT", "MIT )", "|| ( )", "( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( MIT"};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_sv out = STELLA_SV("untouched");
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        assert_int_equal(license_expression(stella_sv_cstr(cases[i].text), arena, &out), STELLA_OK);
        if (!stella_sv_eq(out, stella_sv_cstr(cases[i].want)))
            fail_msg("%s: %.*s", cases[i].text, STELLA_SV_FMT(out));
    }
    out = STELLA_SV("untouched");
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++)
        assert_int_equal(license_expression(stella_sv_cstr(bad[i]), arena, &out), STELLA_E_FORMAT);
    assert_int_equal(license_expression(STELLA_SV(" \n"), arena, &out), STELLA_E_NOTFOUND);
    assert_true(stella_sv_eq(out, STELLA_SV("untouched")));
}

static void atoms_name_packages(void **state) {
    (void)state;
    static const struct {
        const char *word, *want;
    } cases[] = {
        {"dev-libs/toy", "dev-libs/toy"},
        {">=dev-libs/toy-1.2-r1:0/3=[a,-b]", "dev-libs/toy"},
        {"=dev-libs/toy-1*", "dev-libs/toy"},
        {"~dev-libs/toy-2-1.0", "dev-libs/toy-2"},
        {"dev-libs/toy:0", "dev-libs/toy"},
        {"!dev-libs/toy", NULL},
        {"||", NULL},
        {"use?", NULL},
        {"(", NULL},
        {"toy", NULL},
        {"a/", NULL},
        {"\xff/x", NULL},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        stella_sv atom = STELLA_SV("untouched");
        assert_int_equal(portage_atom_parse(stella_sv_cstr(cases[i].word), &atom), cases[i].want != NULL);
        assert_true(stella_sv_eq(atom, stella_sv_cstr(cases[i].want ? cases[i].want : "untouched")));
    }
}

static void malformed_contents_and_folders_do_no_harm(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, PKG "a/b-1/CONTENTS",
                  STELLA_SV("obj\nobj /x\nobj /y md5 1\nsym /z\nsym /l -> /y 1\n\xff\n\ndir /d\nobj / "
                            "376c02bd3b22804df8fdfdc895e7dbfb 1\nobj /good 376c02bd3b22804df8fdfdc895e7dbfb 1"));
    scratch_write(&root, PKG "a/b-1/LICENSE", STELLA_SV("( MIT"));
    scratch_write(&root, PKG "a/-MERGING-c-1/CONTENTS", STELLA_SV("obj /q 376c02bd3b22804df8fdfdc895e7dbfb 1\n"));
    scratch_write(&root, PKG "a/noversion/CONTENTS", STELLA_SV(""));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "with a valid version: skipped"), 2);
    assert_true(has(&text, "\"path\": \"good\"") && has(&text, "\"path\": \"l\""));
    assert_false(has(&text, "\"path\": \"x\"") || has(&text, "\"path\": \"y\"") || has(&text, "\"path\": \"\""));
}

static void contents_of_ten_megabytes_are_read(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf contents = stella_buf_of(16u << 20);
    uint32_t files = 0;
    for (; contents.len < 10u << 20; files++)
        stella_buf_printf(&contents, "obj /usr/share/some/folder/%u 376c02bd3b22804df8fdfdc895e7dbfb 1649284374\n",
                          files);
    scratch_write(&root, PKG "a/b-1/CONTENTS", stella_buf_sv(&contents));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(root.path);
    assert_int_equal(count_of(&text, "\"md5\""), files);
}

static void a_package_belongs_to_the_layer_that_brought_it(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root base = scratch_root_create();
    STELLA_AUTO(scratch_root_destroy) scratch_root upper = scratch_root_create();
    scratch_write(&base, PKG "a/b-1/CONTENTS", STELLA_SV(""));
    scratch_write(&base, PKG "a/c-1/CONTENTS", STELLA_SV(""));
    scratch_write(&upper, PKG "a/.wh.c-1", STELLA_SV(""));
    scratch_write(&upper, PKG "a/c-2/CONTENTS", STELLA_SV(""));
    const char *const layers[] = {base.path, upper.path};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, layers, 2, 0);
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"introduced\": 0"), 1);
    assert_true(has(&text, "\"pkg:ebuild/a/c@2\""));
}

static void a_published_database_gives_its_package(void **state) {
    (void)state;
    char root[512];
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        skip();
    }
    snprintf(root, sizeof root, "%s/scanner/os-other/portage-syft/root", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(root);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "pkg:ebuild/app-containers/skopeo@1.5.1"));
    assert_true(has(&text, "\"installedSize\": \"27937835\""));
    assert_int_equal(count_of(&text, "\"md5\""), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_database_holds),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(a_result_that_nobody_wants_is_not_made),
        cmocka_unit_test(names_and_versions_are_split_by_the_specification),
        cmocka_unit_test(licenses_become_expressions),
        cmocka_unit_test(atoms_name_packages),
        cmocka_unit_test(malformed_contents_and_folders_do_no_harm),
        cmocka_unit_test(contents_of_ten_megabytes_are_read),
        cmocka_unit_test(a_package_belongs_to_the_layer_that_brought_it),
        cmocka_unit_test(a_published_database_gives_its_package),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
