/* apk_run.h - runs the apk analyzer over folders, as Alpine 3.20.3. */
#ifndef TESTS_APK_RUN_H
#define TESTS_APK_RUN_H

#include "os_run.h"

#define DATA      STELLA_SOURCE_DIR "/tests/data/apk/"
#define GOLDEN    STELLA_SOURCE_DIR "/tests/golden/apk/"
#define INSTALLED "lib/apk/db/installed"

static inline stella_buf run_layers(const char *const *layers, uint32_t count, uint64_t chunk_bytes) {
    const stella_distro distro = {.id = STELLA_SV("alpine"), .version_id = STELLA_SV("3.20.3")};
    return run_as(&distro, layers, count, chunk_bytes);
}

static inline stella_buf run_root(const char *root) {
    return run_layers(&root, 1, 0);
}

static inline stella_buf run_text(stella_sv installed) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, INSTALLED, installed);
    return run_root(root.path);
}

#endif
