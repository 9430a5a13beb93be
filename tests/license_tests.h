/* license_tests.h - what every analyzer that reads texts of licenses is held to. A test program defines LICENSE_PATH, where
 * the text of its package lies, and put_package, before it includes this. */
#ifndef TESTS_LICENSE_TESTS_H
#define TESTS_LICENSE_TESTS_H

#include "license_run.h"

/* The package's metadata. stated  1: that its license is ISC */
static void put_package(const scratch_root *root, int stated);

static inline void without_the_option_texts_say_nothing(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put_package(&root, 0);
    license_put(&root, LICENSE_PATH, "MIT");
    STELLA_AUTO(stella_buf_fini) stella_buf text = license_run(root.path, 0);
    assert_true(has(&text, "\"ref\""));
    assert_false(has(&text, "license-text"));
    assert_false(has(&text, "MIT"));
}

static inline void a_text_is_the_license_of_what_states_none(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put_package(&root, 0);
    license_put(&root, LICENSE_PATH, "MIT");
    STELLA_AUTO(stella_buf_fini) stella_buf text = license_run(root.path, STELLA_OPTION_LICENSE_TEXTS);
    assert_true(has(&text, "\"MIT 100% " LICENSE_PATH "\""));
    assert_true(has(&text, "\"license-text\""));
    assert_true(has(&text, "\"MIT\""));
}

static inline void every_allocation_may_fail(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put_package(&root, 0);
    license_put(&root, LICENSE_PATH, "MIT");
    license_fail_each_allocation(root.path);
}

/* For metadata that can state a license: the text is then evidence alone. */
static inline void license_is_only_evidence(void) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    put_package(&root, 1);
    license_put(&root, LICENSE_PATH, "MIT");
    STELLA_AUTO(stella_buf_fini) stella_buf text = license_run(root.path, STELLA_OPTION_LICENSE_TEXTS);
    assert_true(has(&text, "\"MIT 100% " LICENSE_PATH "\""));
    assert_true(has(&text, "\"ISC\""));
    assert_false(has(&text, "\"MIT\""));
}

#endif
