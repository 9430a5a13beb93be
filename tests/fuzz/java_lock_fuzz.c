/* Lock files of Gradle and sbt: the probes end, and keys are within their limits. */
#include "java/jdk.h"
#include "java/lock.h"
#include "probe_input.h"

#include <stella/auto.h>

static void check(const stella_record *record) {
    assert(record->key.len && record->bytes.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const stella_sv text = stella_sv_of((const char *)data, size);
    stella_status status;
    if (!arena)
        return 0;
    (void)probe_input_run(lock_probe_gradle, "gradle.lockfile", text, arena, check, &status);
    (void)probe_input_run(lock_probe_sbt, "build.sbt.lock", text, arena, check, &status);
    (void)probe_input_run(jdk_probe, "usr/lib/jvm/x/release", text, arena, check, &status);
    return 0;
}
