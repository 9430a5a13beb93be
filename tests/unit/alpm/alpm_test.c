#include "data.h"
#include "gzip.h"
#include "os_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/alpm/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/alpm/"
#define LOCAL  "var/lib/pacman/local/"

static stella_buf run_root_in(const char *root, uint64_t chunk_bytes) {
    const stella_distro distro = {.id = STELLA_SV("arch")};
    return run_as(&distro, &root, 1, chunk_bytes);
}

static void finds_what_pacman_installed(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(DATA "arch", 0);
    assert_true(stella_testing_golden(GOLDEN "arch.json", stella_buf_sv(&text)));
    STELLA_AUTO(stella_buf_fini) stella_buf cut = run_root_in(DATA "arch", 1);
    assert_string_equal(text.ptr, cut.ptr);
}

/* pacman -Q, and the installed sizes and file lists that it tells of the same database. */
static void every_package_equals_what_pacman_says(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(DATA "arch", 0);
    char line[512], name[256], version[256], wanted[1024];
    uint32_t packages = 0, files = 0;
    FILE *rows = popen("pacman --root " DATA "arch --dbpath " DATA "arch/var/lib/pacman -Q", "r");
    assert_non_null(rows);
    for (; fgets(line, sizeof line, rows); packages++) {
        assert_int_equal(sscanf(line, "%255s %255s", name, version), 2);
        snprintf(wanted, sizeof wanted, "\"type\": \"alpm\",\n   \"name\": \"%s\",\n   \"version\": \"%s\"", name,
                 version);
        if (count_of(&text, wanted) != 1)
            fail_msg("not found: %s", wanted);
    }
    assert_int_equal(pclose(rows), 0); /* Debian's package pacman-package-manager is needed */
    assert_int_equal(packages, 3);
    assert_int_equal(count_of(&text, "\"ref\""), packages);
    rows = popen("pacman --root / --dbpath " DATA "arch/var/lib/pacman -Qlq", "r");
    assert_non_null(rows);
    while (fgets(line, sizeof line, rows)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[strlen(line) - 1] == '/')
            continue;
        snprintf(wanted, sizeof wanted, "\"path\": \"%s\"", line + 1);
        assert_int_equal(count_of(&text, wanted), 1);
        files++;
    }
    assert_int_equal(pclose(rows), 0);
    assert_true(files >= 6);
    assert_int_equal(count_of(&text, "\"sha256\": \""), files - 1); /* all but a link */
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "arch", 8);
}

static void write_desc(const scratch_root *root, const char *package, const char *text) {
    char path[256];
    snprintf(path, sizeof path, LOCAL "%s/desc", package);
    scratch_write(root, path, stella_sv_cstr(text));
}

static void a_damaged_desc_is_noted_and_gives_no_package(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    write_desc(&root, "good-1-1", "%NAME%\ngood\n\n%VERSION%\n1-1\n");
    write_desc(&root, "a-1-1", "%NAME%\n\n%VERSION%\n1-1\n");
    write_desc(&root, "b-1-1", "no blocks at all\n");
    write_desc(&root, "c-1-1", "%NAME%\n\xff\xfe\n\n%VERSION%\n1-1\n");
    write_desc(&root, "d-1-1", "");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(root.path, 0);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "without a valid name"), 4);
}

static void without_files_the_mtree_tells_them(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    write_desc(&root, "a-1-1", "%NAME%\na\n\n%VERSION%\n1-1\n");
    const stella_sv tree =
        gzip_of(STELLA_SV("#mtree\n/set type=file\n./.PKGINFO size=1\n./usr type=dir\n./usr/a\\040b size=1\n"
                          "./usr/\\057 x=\nnot an entry\n./last type=link link=x"));
    scratch_write(&root, LOCAL "a-1-1/mtree", tree);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(root.path, 0);
    assert_true(has(&text, "\"path\": \"usr/a b\""));
    assert_true(has(&text, "\"path\": \"last\""));
    assert_false(has(&text, "PKGINFO"));
    assert_int_equal(count_of(&text, "\"severity\""), 0);

    scratch_write(&root, LOCAL "a-1-1/mtree", stella_sv_first(tree, tree.len - 4));
    STELLA_AUTO(stella_buf_fini) stella_buf cut = run_root_in(root.path, 0);
    assert_int_equal(count_of(&cut, "\"ref\""), 1);
    assert_int_equal(count_of(&cut, "\"severity\""), 1);
    free((void *)(uintptr_t)tree.ptr);
}

static void values_above_their_limit_are_left_out_and_said(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf desc = stella_buf_of(16u << 20);
    write_desc(&root, "x-1-1", "%NAME%\nx\n\n%VERSION%\n1-1\n");
    stella_buf_add(&desc, STELLA_SV("%NAME%\na\n\n%VERSION%\n1-1\n\n%DEPENDS%\nx\n"));
    while (desc.len < 10u << 20)
        stella_buf_add(&desc, STELLA_SV("some-long-package-name\n"));
    stella_buf_add(&desc, STELLA_SV("\n%ARCH%\nany\n"));
    write_desc(&root, "a-1-1", desc.ptr);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(root.path, 0);
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"from\""), 1);
    assert_int_equal(count_of(&text, "values longer than their limit"), 1);
    assert_true(has(&text, "a@1-1?arch=any"));
}

static void a_package_belongs_to_the_layer_that_brought_it(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root base = scratch_root_create();
    STELLA_AUTO(scratch_root_destroy) scratch_root upper = scratch_root_create();
    write_desc(&base, "a-1-1", "%NAME%\na\n\n%VERSION%\n1-1\n");
    write_desc(&base, "b-1-1", "%NAME%\nb\n\n%VERSION%\n1-1\n");
    scratch_write(&upper, LOCAL ".wh.b-1-1", STELLA_SV(""));
    write_desc(&upper, "b-2-1", "%NAME%\nb\n\n%VERSION%\n2-1\n");
    const char *const layers[] = {base.path, upper.path};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, layers, 2, 0);
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"introduced\": 0"), 1);
    assert_true(has(&text, "pkg:alpm/arch/b@2-1"));
}

static void published_databases_give_their_packages(void **state) {
    (void)state;
    char root[512];
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        skip();
    }
    snprintf(root, sizeof root, "%s/scanner/os-other/alpm-syft/root", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(root, 0);
    assert_int_equal(count_of(&text, "\"ref\""), 5);
    static const char *const packages[] = {"emacs@29.3-3", "fuzzy@1.2-3", "gmp@6.2.1-2", "madeup@20.30-4",
                                           "tree-sitter@0.22.6-1"};
    for (uint32_t i = 0; i < STELLA_COUNT(packages); i++)
        assert_true(has(&text, packages[i]));
    assert_true(has(&text, "corrupt-0.2.1-3")); /* in a note */
    assert_true(has(&text, "\"usr/include/gmp.h\",\n     \"sha256\""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_pacman_installed),
        cmocka_unit_test(every_package_equals_what_pacman_says),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(a_damaged_desc_is_noted_and_gives_no_package),
        cmocka_unit_test(without_files_the_mtree_tells_them),
        cmocka_unit_test(values_above_their_limit_are_left_out_and_said),
        cmocka_unit_test(a_package_belongs_to_the_layer_that_brought_it),
        cmocka_unit_test(published_databases_give_their_packages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
