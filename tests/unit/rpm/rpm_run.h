/* rpm_run.h - runs the rpm analyzer over folders, as a distribution. */
#ifndef TESTS_RPM_RUN_H
#define TESTS_RPM_RUN_H

#include "check.h"
#include "data.h"
#include "scratch_root.h"

#include <stella/auto.h>
#include <stella/distro.h>
#include <stella/json.h>
#include <stella/testing.h>

#define GOLDEN  STELLA_SOURCE_DIR "/tests/golden/rpm/"
#define CHECKER STELLA_SOURCE_DIR "/tests/unit/rpm/"

/* The text of a run over layers; the caller frees it with stella_buf_fini. */
static inline stella_buf run_as(stella_distro distro, const char *const *layers, uint32_t count) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(4096);
    assert_int_equal(stella_distro_encode(&distro, &bytes), STELLA_OK);
    const stella_record published = {.struct_size = sizeof published,
                                     .kind = STELLA_SV(STELLA_DISTRO_KIND),
                                     .key = distro.id,
                                     .bytes = stella_buf_sv(&bytes)};
    const stella_testing_options options = {.struct_size = sizeof options,
                                            .layer_count = count,
                                            .layers = layers,
                                            .published = &published,
                                            .published_count = distro.id.len ? 1 : 0};
    stella_buf text = stella_buf_of((size_t)1 << 30);
    stella_error err = {0};
    const stella_status status = stella_testing_run(&stella_plugin, &options, &text, &err);
    if (status != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return text;
}

static inline stella_buf run_layers(const char *const *layers, uint32_t count) {
    return run_as((stella_distro){.id = STELLA_SV("fedora"), .version_id = STELLA_SV("39")}, layers, count);
}

static inline stella_buf run_root(const char *root) {
    return run_layers(&root, 1);
}

static inline int has(const stella_buf *text, const char *part) {
    return text->len && memmem(text->ptr, text->len, part, strlen(part)) != NULL;
}

static inline uint32_t count_of(const stella_buf *text, const char *part) {
    const size_t len = strlen(part);
    stella_sv rest = stella_buf_sv(text);
    uint32_t count = 0;
    for (const char *at; (at = memmem(rest.ptr, rest.len, part, len)); count++)
        rest = stella_sv_skip(rest, (size_t)(at - rest.ptr) + len);
    return count;
}

/* Writes the text where a checker of another language finds it, and runs that: it must be content. */
static inline void check_with(const scratch_root *root, const stella_buf *text, const char *script,
                              const char *expected) {
    char command[1024];
    scratch_write(root, "result.json", stella_buf_sv(text));
    snprintf(command, sizeof command, "python3 '" CHECKER "%s' %s/result.json '%s'", script, root->path, expected);
    if (system(command) != 0)
        fail_msg("%s: not what rpm says", expected);
}

#endif
