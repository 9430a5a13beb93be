/* Package databases that only a symbolic link leads to. */
#include "analyzer_run.h"

#define INSTALLED(name) "Package: " name "\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n"
#define UNREAD          "behind a symbolic link and was not read"

static stella_buf run_linked(const char *link, const char *target, const char *file, const char *status) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_link(&root, link, target);
    scratch_write(&root, file, stella_sv_cstr(status));
    return run_root(root.path);
}

static void finds_packages_behind_a_linked_folder(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_linked("var/lib/dpkg", "../../opt/d", "opt/d/status", INSTALLED("a") "Status: x\n\n" INSTALLED("b"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_true(has(&text, "pkg:deb/debian/a@1?arch=amd64"));
    assert_true(has(&text, "\"path\": \"opt/d/status\""));
    assert_true(has(&text, "\"line\": 6,\n   \"message\": \"a stanza without a valid Package"));
}

static void finds_packages_behind_a_linked_var(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_linked("var", "data", "data/lib/dpkg/status", INSTALLED("a"));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
}

static void finds_packages_behind_a_linked_file(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_linked(STATUS, "/opt/s", "opt/s", INSTALLED("a") INSTALLED("b"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
}

static void reads_the_lists_of_a_folder_in_a_linked_one(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_link(&root, "var", "data");
    scratch_write(&root, "data/lib/dpkg/status", STELLA_SV(INSTALLED("a")));
    scratch_write(&root, "data/lib/dpkg/info/a.list", STELLA_SV("/usr/bin/a\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "\"usr/bin/a\""), 1);
    assert_int_equal(count_of(&text, "\"severity\""), 0);
}

static void reads_the_lists_behind_a_linked_info_folder(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV(INSTALLED("a") INSTALLED("b")));
    scratch_link(&root, "var/lib/dpkg/info", "../../../opt/info");
    scratch_write(&root, "opt/info/a.list", STELLA_SV("/usr/bin/a\n"));
    scratch_write(&root, "opt/info/a.md5sums", STELLA_SV("0123456789abcdef0123456789abcdef  usr/bin/a\n"));
    scratch_link(&root, "opt/info/b.list", "a.list"); /* one long list is not many */
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"usr/bin/a\""), 1);
    assert_int_equal(count_of(&text, "0123456789abcdef0123456789abcdef"), 1);
    assert_int_equal(count_of(&text, "\"severity\""), 0);
}

static void a_link_to_a_file_that_was_probed_counts_it_once(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_linked(STATUS, "status.d/a", "var/lib/dpkg/status.d/a", INSTALLED("a"));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
}

static void a_linked_package_belongs_to_the_layer_of_its_file(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root base = scratch_root_create();
    STELLA_AUTO(scratch_root_destroy) scratch_root upper = scratch_root_create();
    scratch_link(&base, STATUS, "/opt/s");
    scratch_write(&upper, "opt/s", STELLA_SV(INSTALLED("a")));
    const char *const layers[] = {base.path, upper.path};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_layers(layers, 2, 0);
    assert_true(has(&text, "\"introduced\": 1"));
}

static void says_that_a_linked_database_is_too_large(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    char path[128];
    scratch_link(&root, STATUS, "/opt/s");
    scratch_write(&root, "opt/s", STELLA_SV(INSTALLED("a")));
    snprintf(path, sizeof path, "%s/opt/s", root.path);
    assert_int_equal(truncate(path, (256L << 20) + 1), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 0);
    assert_int_equal(count_of(&text, UNREAD), 1);
    assert_true(has(&text, "\"opt/s\""));
}

static void says_that_a_linked_status_d_was_not_read(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_linked("var/lib/dpkg/status.d", "/opt/d", "opt/d/a", INSTALLED("a"));
    assert_int_equal(count_of(&text, UNREAD), 1);
}

static void a_link_that_leads_nowhere_is_no_database(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_linked(STATUS, "/opt/s", "opt/other", INSTALLED("a"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
    assert_int_equal(count_of(&text, "\"message\""), 0);
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_link(&root, STATUS, "/opt/s");
    scratch_write(&root, "opt/s", STELLA_SV(INSTALLED("a") INSTALLED("b")));
    const char *const layers[] = {root.path};
    const stella_testing_options options = {.struct_size = sizeof options, .layer_count = 1, .layers = layers};
    uint64_t runs = 0;
    stella_error err = {0};
    const stella_status status = stella_testing_fail_each(&stella_plugin, &options, &runs, &err);
    if (status != STELLA_OK)
        fail_msg("%s", err.message);
    assert_true(runs > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_packages_behind_a_linked_folder),
        cmocka_unit_test(finds_packages_behind_a_linked_var),
        cmocka_unit_test(finds_packages_behind_a_linked_file),
        cmocka_unit_test(reads_the_lists_behind_a_linked_info_folder),
        cmocka_unit_test(reads_the_lists_of_a_folder_in_a_linked_one),
        cmocka_unit_test(a_link_to_a_file_that_was_probed_counts_it_once),
        cmocka_unit_test(a_linked_package_belongs_to_the_layer_of_its_file),
        cmocka_unit_test(says_that_a_linked_database_is_too_large),
        cmocka_unit_test(says_that_a_linked_status_d_was_not_read),
        cmocka_unit_test(a_link_that_leads_nowhere_is_no_database),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
