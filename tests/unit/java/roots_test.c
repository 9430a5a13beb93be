/* Trees that make_roots.py makes: what is said of them is the golden text, however the files arrive. */
#include "os_run.h"

#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/java/"

static scratch_root made;

static int make_roots(void **state) {
    char command[512];
    (void)state;
    made = scratch_root_create();
    snprintf(command, sizeof command, "python3 '%s/tests/unit/java/make_roots.py' %s", STELLA_SOURCE_DIR, made.path);
    return system(command);
}

static int remove_roots(void **state) {
    (void)state;
    scratch_root_destroy(&made);
    return 0;
}

static void root_of(const char *name, char path[128]) {
    snprintf(path, 128, "%s/%s", made.path, name);
}

static stella_buf run_root(const char *name, uint64_t chunk_bytes) {
    char path[128];
    const char *root = path;
    root_of(name, path);
    return run_as(NULL, &root, 1, chunk_bytes);
}

static void check_golden(const char *name) {
    char golden[512];
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(name, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf cut = run_root(name, 7);
    snprintf(golden, sizeof golden, GOLDEN "%s.json", name);
    assert_true(stella_testing_golden(golden, stella_buf_sv(&text)));
    assert_string_equal(text.ptr, cut.ptr);
}

static void a_boot_archive_contains_its_libraries_and_theirs(void **state) {
    (void)state;
    check_golden("boot");
}

static void a_shaded_archive_is_the_project_that_it_is_named_after(void **state) {
    (void)state;
    check_golden("shaded");
}

static void a_manifest_says_what_projects_do_not(void **state) {
    (void)state;
    check_golden("manifests");
}

static void jenkins_plugins_need_each_other(void **state) {
    (void)state;
    check_golden("jenkins");
}

static void a_release_file_is_a_runtime(void **state) {
    (void)state;
    check_golden("runtime");
}

static void a_build_declares_what_its_parents_and_boms_manage(void **state) {
    (void)state;
    check_golden("maven");
}

static void lock_files_declare(void **state) {
    (void)state;
    check_golden("locks");
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    char path[128];
    root_of("boot", path);
    fail_each_allocation(path, 5);
    root_of("maven", path);
    fail_each_allocation(path, 20);
    root_of("locks", path);
    fail_each_allocation(path, 1);
    root_of("runtime", path);
    fail_each_allocation(path, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_boot_archive_contains_its_libraries_and_theirs),
        cmocka_unit_test(a_shaded_archive_is_the_project_that_it_is_named_after),
        cmocka_unit_test(a_manifest_says_what_projects_do_not),
        cmocka_unit_test(jenkins_plugins_need_each_other),
        cmocka_unit_test(a_release_file_is_a_runtime),
        cmocka_unit_test(a_build_declares_what_its_parents_and_boms_manage),
        cmocka_unit_test(lock_files_declare),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, make_roots, remove_roots);
}
