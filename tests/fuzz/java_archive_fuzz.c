/* A jar with jars in it: every record is an artifact that lies in one before it. */
#include "java/archive.h"

#include "java/artifact.h"
#include "java/words.h"
#include "probe_input.h"

#include <stella/auto.h>

static uint32_t met;

static void check(const stella_record *record) {
    artifact a;
    assert(artifact_decode(record, &a, NULL) == STELLA_OK);
    assert(java_is_word(a.texts[ARTIFACT_NAME]) && a.parent <= met);
    assert(a.texts[ARTIFACT_GROUP].len == 0 || java_is_word(a.texts[ARTIFACT_GROUP]));
    met++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_status status;
    met = 0;
    if (arena)
        (void)probe_input_run(archive_probe, "opt/lib/app-1.0.jar", stella_sv_of((const char *)data, size), arena,
                              check, &status);
    return 0;
}
