/* license_run.h - runs the analyzer that the test program links as a user who asks for texts of licenses. */
#ifndef TESTS_LICENSE_RUN_H
#define TESTS_LICENSE_RUN_H

#include "data.h"
#include "os_run.h"

static inline stella_testing_options license_options(const char *const *root, uint32_t options) {
    return (stella_testing_options){
        .struct_size = sizeof(stella_testing_options), .layers = root, .layer_count = 1, .options = options};
}

/* The caller frees it with stella_buf_fini. */
static inline stella_buf license_run(const char *root, uint32_t options) {
    const stella_testing_options how = license_options(&root, options);
    stella_buf text = stella_buf_of((size_t)1 << 30);
    stella_error err = {0};
    if (stella_testing_run(&stella_plugin, &how, &text, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return text;
}

static inline void license_fail_each_allocation(const char *root) {
    const stella_testing_options how = license_options(&root, STELLA_OPTION_LICENSE_TEXTS);
    uint64_t runs = 0;
    stella_error err = {0};
    if (stella_testing_fail_each(&stella_plugin, &how, &runs, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    assert_true(runs >= 3);
}

/* Writes the text of a license that tests/data/license_text has. */
static inline void license_put(const scratch_root *root, const char *path, const char *id) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    char from[512];
    assert_non_null(arena);
    snprintf(from, sizeof from, STELLA_SOURCE_DIR "/tests/data/license_text/%s", id);
    scratch_write(root, path, data_read(from, arena));
}

#endif
