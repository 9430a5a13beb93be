/* Roots made by rpmbuild and rpm, in each of its containers, against what rpm itself says of them. */
#include "rpm_run.h"

static scratch_root made;

static int make_roots(void **state) {
    char command[512];
    (void)state;
    made = scratch_root_create();
    snprintf(command, sizeof command, "python3 '" CHECKER "make_roots.py' %s", made.path);
    return system(command);
}

static int remove_roots(void **state) {
    (void)state;
    scratch_root_destroy(&made);
    return 0;
}

static const char *path_of(const char *name, char path[256]) {
    snprintf(path, 256, "%s/%s", made.path, name);
    return path;
}

/* The result over these layers is what rpm lists for the case. */
static stella_buf check_layers(const char *name, const char *const *names, uint32_t count) {
    char paths[4][256], expected[256];
    const char *layers[4];
    for (uint32_t i = 0; i < count; i++)
        layers[i] = path_of(names[i], paths[i]);
    const stella_buf text = run_layers(layers, count);
    snprintf(expected, sizeof expected, "%s/%s.tsv", made.path, name);
    check_with(&made, &text, "compare_table.py", expected);
    snprintf(expected, sizeof expected, "%s/%s.files", made.path, name);
    check_with(&made, &text, "compare_files.py", expected);
    assert_int_equal(count_of(&text, "\"severity\": \"error\""), 0);
    return text;
}

static void check_case(const char *name) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = check_layers(name, &name, 1);
    assert_int_equal(count_of(&text, "\"severity\""), 0);
}

static void sqlite_equals_what_rpm_lists(void **state) {
    (void)state;
    check_case("sqlite");
}

static void berkeley_db_equals_what_rpm_lists_in_both_byte_orders_and_page_sizes(void **state) {
    (void)state;
    check_case("bdb-little");
    check_case("bdb-big");
    check_case("bdb-small-pages");
    check_case("bdb-large-pages");
}

static void ndb_equals_what_rpm_lists(void **state) {
    (void)state;
    check_case("ndb");
}

static void a_file_is_what_its_magic_says_whatever_its_name(void **state) {
    (void)state;
    check_case("misnamed");
}

static void a_log_in_the_same_layer_is_read_with_its_database(void **state) {
    (void)state;
    check_case("together");
}

/* The layers of a component: the one that introduced it, and the others when there are any. */
static uint32_t layers_of(const stella_json *component, uint64_t layers[8]) {
    const stella_json *list = stella_json_get(component, "layers");
    assert_true(stella_json_u64(stella_json_get(component, "introduced"), &layers[0]));
    for (uint32_t i = 0; list && i < list->count && i < 8; i++) {
        const uint64_t introduced = layers[0];
        assert_true(stella_json_u64(stella_json_at(list, i), &layers[i]));
        assert_true(layers[0] == introduced);
    }
    return list ? list->count : 1;
}

/* Which layers introduce and keep a package, "1 2". */
static void assert_layers(const stella_buf *text, const char *version, const char *wanted) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_json *root;
    assert_int_equal(stella_json_parse(stella_buf_sv(text), arena, &root, NULL), STELLA_OK);
    const stella_json *components = stella_json_get(root, "components");
    for (uint32_t i = 0; i < components->count; i++) {
        const stella_json *c = stella_json_at(components, i);
        uint64_t layers[8];
        char have[32] = "";
        if (!stella_sv_eq(stella_json_str(stella_json_get(c, "version")), stella_sv_cstr(version)))
            continue;
        const uint32_t count = layers_of(c, layers);
        for (uint32_t k = 0, at = 0; k < count; k++)
            at +=
                (uint32_t)snprintf(have + at, sizeof have - at, "%s%llu", k ? " " : "", (unsigned long long)layers[k]);
        assert_string_equal(have, wanted);
        return;
    }
    fail_msg("no package of version %s", version);
}

static void packages_are_introduced_by_the_layer_that_installed_upgraded_or_brought_them_back(void **state) {
    (void)state;
    static const char *const layers[] = {"layer-0", "layer-1", "layer-2", "layer-3"};
    STELLA_AUTO(stella_buf_fini) stella_buf text = check_layers("layers", layers, 4);
    assert_layers(&text, "1.1-1.fc39", "1 2 3");
    assert_layers(&text, "7-1.fc39", "2 3");
    assert_layers(&text, "2.5~rc1-1.fc39", "3");
}

static void a_package_that_stays_keeps_its_layer_though_the_database_is_rewritten(void **state) {
    (void)state;
    static const char *const layers[] = {"layer-0", "layer-1"};
    char paths[2][256];
    const char *const full[] = {path_of(layers[0], paths[0]), path_of(layers[1], paths[1])};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_layers(full, 2);
    assert_layers(&text, "2.5~rc1-1.fc39", "0 1");
    assert_layers(&text, "1.1-1.fc39", "1");
}

static void a_log_above_its_database_is_read_with_it_and_introduces_what_it_adds(void **state) {
    (void)state;
    static const char *const layers[] = {"split-below", "split-above"};
    STELLA_AUTO(stella_buf_fini) stella_buf text = check_layers("together", layers, 2);
    assert_layers(&text, "1.0-1.fc39", "0");
    assert_layers(&text, "2.5~rc1-1.fc39", "1");
    assert_layers(&text, "7-1.fc39", "1");
}

static void the_newest_kind_of_database_counts_and_the_other_is_noted(void **state) {
    (void)state;
    static const char *const layers[] = {"layer-0", "bdb-little"}; /* two packages in SQLite, three in Berkeley DB */
    char paths[2][256];
    const char *const full[] = {path_of(layers[0], paths[0]), path_of(layers[1], paths[1])};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_layers(full, 2);
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"severity\": \"info\""), 1);
    assert_true(has(&text, "\"path\": \"var/lib/rpm/Packages\""));
    assert_true(has(&text, "an older package database beside a newer one"));
}

static void requirements_become_relations_by_name_version_and_path(void **state) {
    (void)state;
    char path[256];
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(path_of("sqlite", path));
    assert_int_equal(count_of(&text, "\"depends-on\""), 2); /* tool on base, other on tool; base not on itself */
    assert_true(has(&text, "\"from\": \"pkg:rpm/fedora/tool@2.5~rc1-1.fc39?arch=noarch&distro=fedora-39&epoch=2\",\n"
                           "   \"to\": \"pkg:rpm/fedora/base@1.0-1.fc39?arch=noarch&distro=fedora-39\""));
    assert_true(has(&text, "\"from\": \"pkg:rpm/fedora/other@7-1.fc39?arch=noarch&distro=fedora-39&epoch=0\",\n"
                           "   \"to\": \"pkg:rpm/fedora/tool@2.5~rc1-1.fc39?arch=noarch&distro=fedora-39&epoch=2\""));
}

static void licenses_texts_and_hints_are_those_of_the_package(void **state) {
    (void)state;
    char path[256];
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(path_of("ndb", path));
    assert_true(has(&text, "\"expression\": \"GPL-2.0-or-later AND (LicenseRef-BSD OR Apache-2.0)\""));
    assert_true(has(&text, "\"expression\": \"MIT\""));
    assert_true(has(&text, "\"name\": \"Some Own Terms\""));
    assert_true(has(&text, "\"homepage\": \"https://example.org/tool\""));
    assert_true(has(&text, "\"maintainer\": \"A Packager <packager@example.org>\""));
    assert_true(has(&text, "\"name\": \"rpm:build-time\",\n     \"value\": \"1700000000\""));
    assert_int_equal(count_of(&text, "\"changelog:cve\""), 6);
    assert_int_equal(count_of(&text, "\"value\": \"CVE-2022-99999\""), 3);
}

static void a_database_behind_a_link_is_read(void **state) {
    (void)state;
    char command[600];
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_link(&root, "var/lib/rpm", "../../opt/packages");
    snprintf(command, sizeof command, "mkdir -p %s/opt/packages && cp %s/together/var/lib/rpm/* %s/opt/packages/",
             root.path, made.path, root.path);
    assert_int_equal(system(command), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    char expected[256];
    snprintf(expected, sizeof expected, "%s/together.tsv", made.path);
    check_with(&root, &text, "compare_table.py", expected);
    assert_true(has(&text, "\"path\": \"opt/packages/rpmdb.sqlite\""));
}

static void a_link_between_rpm_s_own_folders_makes_no_second_database(void **state) {
    (void)state;
    char command[600];
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_link(&root, "var/lib/rpm", "../../usr/lib/sysimage/rpm");
    snprintf(command, sizeof command,
             "mkdir -p %s/usr/lib/sysimage/rpm && cp %s/sqlite/var/lib/rpm/* %s/usr/lib/sysimage/rpm/", root.path,
             made.path, root.path);
    assert_int_equal(system(command), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 3);
    assert_int_equal(count_of(&text, "\"severity\""), 0);
}

static void files_of_a_database_below_another_root_are_below_it_too(void **state) {
    (void)state;
    char command[600];
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    snprintf(command, sizeof command,
             "mkdir -p %s/srv/tree/usr/share/rpm && cp %s/ndb/var/lib/rpm/Packages.db %s/srv/tree/usr/share/rpm/",
             root.path, made.path, root.path);
    assert_int_equal(system(command), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 3);
    assert_true(has(&text, "\"path\": \"srv/tree/usr/bin/tool\""));
    assert_int_equal(count_of(&text, "\"depends-on\""), 2);
}

static void without_os_release_the_vendor_says_whose_packages_they_are(void **state) {
    (void)state;
    const char *const layers[] = {STELLA_SOURCE_DIR "/tests/data/rpm/ndb"};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as((stella_distro){0}, layers, 1);
    assert_true(has(&text, "\"pkg:rpm/unknown/base@1.0-1.fc39?arch=noarch\""));
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "var/lib/rpmmanifest/container-manifest-2",
                  STELLA_SV("a\t1-2\t1\t2\tFedora Project\t(none)\t5\tx86_64\t0\ta-1-2.src.rpm\n"));
    const char *const manifest[] = {root.path};
    STELLA_AUTO(stella_buf_fini) stella_buf other = run_as((stella_distro){0}, manifest, 1);
    assert_true(has(&other, "\"pkg:rpm/fedora/a@1-2?arch=x86_64\""));
}

static void a_small_root_gives_the_same_bytes_ever_after(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(STELLA_SOURCE_DIR "/tests/data/rpm/ndb");
    assert_true(stella_testing_golden(GOLDEN "ndb.json", stella_buf_sv(&text)));
}

static void a_failing_allocation_is_told(void **state) {
    (void)state;
    char path[256];
    const char *const layers[] = {path_of("ndb", path)};
    const stella_testing_options options = {.struct_size = sizeof options, .layers = layers, .layer_count = 1};
    stella_error err = {0};
    uint64_t runs = 0;
    if (stella_testing_fail_each(&stella_plugin, &options, &runs, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    assert_true(runs > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sqlite_equals_what_rpm_lists),
        cmocka_unit_test(berkeley_db_equals_what_rpm_lists_in_both_byte_orders_and_page_sizes),
        cmocka_unit_test(ndb_equals_what_rpm_lists),
        cmocka_unit_test(a_file_is_what_its_magic_says_whatever_its_name),
        cmocka_unit_test(a_log_in_the_same_layer_is_read_with_its_database),
        cmocka_unit_test(packages_are_introduced_by_the_layer_that_installed_upgraded_or_brought_them_back),
        cmocka_unit_test(a_package_that_stays_keeps_its_layer_though_the_database_is_rewritten),
        cmocka_unit_test(a_log_above_its_database_is_read_with_it_and_introduces_what_it_adds),
        cmocka_unit_test(the_newest_kind_of_database_counts_and_the_other_is_noted),
        cmocka_unit_test(requirements_become_relations_by_name_version_and_path),
        cmocka_unit_test(licenses_texts_and_hints_are_those_of_the_package),
        cmocka_unit_test(a_database_behind_a_link_is_read),
        cmocka_unit_test(a_link_between_rpm_s_own_folders_makes_no_second_database),
        cmocka_unit_test(files_of_a_database_below_another_root_are_below_it_too),
        cmocka_unit_test(without_os_release_the_vendor_says_whose_packages_they_are),
        cmocka_unit_test(a_small_root_gives_the_same_bytes_ever_after),
        cmocka_unit_test(a_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, make_roots, remove_roots);
}
