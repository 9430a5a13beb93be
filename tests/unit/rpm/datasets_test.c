/* Databases of real images below STELLA_TEST_DATA, against the lists that rpm itself made of them. */
#include "rpm_run.h"

/* Lays a database out as the image had it; returns 0 when it is not there. */
static int unpack(const scratch_root *root, const char *data, const char *file, const char *as) {
    char command[1024];
    snprintf(command, sizeof command,
             "d='%s/scanner/%s'; mkdir -p \"$(dirname '%s/r/%s')\" && if [ -r \"$d.zst\" ]; "
             "then zstd -qdc \"$d.zst\" > '%s/r/%s'; else cat \"$d\" > '%s/r/%s' 2>/dev/null; fi",
             data, file, root->path, as, root->path, as, root->path, as);
    return system(command) == 0;
}

/* The folder of data, which holds the file, perhaps compressed. Before anything is made: a skipped test cleans up nothing. */
static const char *data_or_skip(const char *file) {
    const char *data = data_root();
    char plain[512], compressed[sizeof plain + 4];
    snprintf(plain, sizeof plain, "%s/scanner/%s", data ? data : "", file);
    snprintf(compressed, sizeof compressed, "%s.zst", plain);
    if (!data || (access(plain, R_OK) != 0 && access(compressed, R_OK) != 0)) {
        print_message("STELLA_TEST_DATA is not set or has no %s: this part is skipped\n", file);
        skip();
    }
    return data;
}

/* key: of the signatures that the distribution makes. */
static void check_database(const char *folder, const char *file, const char *as, stella_distro distro,
                           const char *key) {
    char name[256], expected[512], path[128];
    snprintf(name, sizeof name, "rpm/%s/%s", folder, file);
    const char *data = data_or_skip(name);
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    snprintf(path, sizeof path, "%s/r", root.path);
    assert_true(unpack(&root, data, name, as));
    const char *const layers[] = {path};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(distro, layers, 1);
    snprintf(expected, sizeof expected, "%s/scanner/rpm/%s/expected.tsv", data, folder);
    check_with(&root, &text, "compare_table.py", expected);
    assert_int_equal(count_of(&text, "\"severity\""), 0);
    assert_true(has(&text, key));
}

static void centos_7_berkeley_db(void **state) {
    (void)state;
    check_database("bdb-centos7-plain", "Packages", "var/lib/rpm/Packages",
                   (stella_distro){.id = STELLA_SV("centos"), .version_id = STELLA_SV("7")}, "\"24c6a8a7f4a80eb5\"");
}

static void a_berkeley_db_of_one_package(void **state) {
    (void)state;
    check_database("bdb-libuuid-single", "Packages", "var/lib/rpm/Packages",
                   (stella_distro){.id = STELLA_SV("rhel"), .version_id = STELLA_SV("8.8")}, "\"199e2f91fd431d51\"");
}

static void sle_15_ndb(void **state) {
    (void)state;
    check_database("ndb-sle15-bci", "Packages.db", "usr/lib/sysimage/rpm/Packages.db",
                   (stella_distro){.id = STELLA_SV("opensuse-leap"), .version_id = STELLA_SV("15.4")},
                   "\"70af9e8139db7c82\"");
}

static void centos_8_sqlite_with_modules(void **state) {
    (void)state;
    check_database("sqlite-centos8-subset", "rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite",
                   (stella_distro){.id = STELLA_SV("centos"), .version_id = STELLA_SV("8")}, "\"05b555b38483c65d\"");
}

static void mariner_s_manifest(void **state) {
    (void)state;
    static const char file[] = "os-other/rpm-manifest-mariner/container-manifest-2";
    const char *data = data_or_skip(file);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    stella_sv manifest = data_read(stella_arena_printf(arena, "%s/scanner/%s", data, file).ptr, arena), line;
    assert_non_null(manifest.ptr);
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "var/lib/rpmmanifest/container-manifest-2", manifest);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    uint32_t lines = 0;
    while (stella_sv_split(&manifest, '\n', &line))
        lines += line.len != 0;
    assert_int_equal(count_of(&text, "\"ref\""), lines);
    assert_int_equal(count_of(&text, "\"severity\""), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(centos_7_berkeley_db), cmocka_unit_test(a_berkeley_db_of_one_package),
        cmocka_unit_test(sle_15_ndb),           cmocka_unit_test(centos_8_sqlite_with_modules),
        cmocka_unit_test(mariner_s_manifest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
