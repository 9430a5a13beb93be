/* os_run.h - runs the analyzer that the test program links over folders, as an image of some distribution. */
#ifndef TESTS_OS_RUN_H
#define TESTS_OS_RUN_H

#include "check.h"
#include "scratch_root.h"

#include <stella/auto.h>
#include <stella/distro.h>
#include <stella/testing.h>

/* The text of a run over layers; distro may be NULL: nothing was published. The caller frees it with
 * stella_buf_fini. */
static inline stella_buf run_as(const stella_distro *distro, const char *const *layers, uint32_t count,
                                uint64_t chunk_bytes) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(4096);
    if (distro)
        assert_int_equal(stella_distro_encode(distro, &bytes), STELLA_OK);
    const stella_record published = {.struct_size = sizeof published,
                                     .kind = STELLA_SV(STELLA_DISTRO_KIND),
                                     .key = distro ? distro->id : STELLA_SV(""),
                                     .bytes = stella_buf_sv(&bytes)};
    const stella_testing_options options = {.struct_size = sizeof options,
                                            .layer_count = count,
                                            .layers = layers,
                                            .chunk_bytes = chunk_bytes,
                                            .published = &published,
                                            .published_count = distro ? 1 : 0};
    stella_buf text = stella_buf_of((size_t)1 << 30);
    stella_error err = {0};
    const stella_status status = stella_testing_run(&stella_plugin, &options, &text, &err);
    if (status != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return text;
}

static inline int has(const stella_buf *text, const char *part) {
    return text->len && strstr(text->ptr, part) != NULL;
}

/* Not with strstr: a sanitizer measures the whole text at each call of it. */
static inline uint32_t count_of(const stella_buf *text, const char *part) {
    const size_t len = strlen(part);
    const char *const end = text->ptr + text->len;
    uint32_t count = 0;
    for (const char *at = text->ptr; at && (at = memchr(at, part[0], (size_t)(end - at))); at++)
        count += (size_t)(end - at) >= len && memcmp(at, part, len) == 0 ? 1 : 0;
    return count;
}

/* Fails unless every allocation of a run over the folder may fail; at least that many are made. */
static inline void fail_each_allocation(const char *root, uint64_t at_least) {
    const stella_testing_options options = {.struct_size = sizeof options, .layers = &root, .layer_count = 1};
    uint64_t runs = 0;
    stella_error err = {0};
    if (stella_testing_fail_each(&stella_plugin, &options, &runs, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    assert_true(runs >= at_least);
}

#endif
