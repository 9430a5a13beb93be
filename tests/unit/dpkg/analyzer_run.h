/* analyzer_run.h - runs the dpkg analyzer over folders, as Debian 12. */
#ifndef TESTS_DPKG_ANALYZER_RUN_H
#define TESTS_DPKG_ANALYZER_RUN_H

#include "os_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/dpkg/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/dpkg/"
#define STATUS "var/lib/dpkg/status"

/* The text of a run over layers; the caller frees it with stella_buf_fini. */
static inline stella_buf run_layers(const char *const *layers, uint32_t count, uint64_t chunk_bytes) {
    const stella_distro distro = {.id = STELLA_SV("debian"), .version_id = STELLA_SV("12")};
    return run_as(&distro, layers, count, chunk_bytes);
}

static inline stella_buf run_root(const char *root) {
    return run_layers(&root, 1, 0);
}

#endif
