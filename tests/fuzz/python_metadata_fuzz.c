/* Core metadata: what a record says decodes, has a valid name, and a version that is valid or empty. */
#include "python/metadata.h"
#include "python/name.h"

#include "probe_input.h"

#include <stella/auto.h>

static void check(const stella_record *record) {
    metadata_view view;
    assert(metadata_decode(record->bytes, &view, NULL) == STELLA_OK);
    assert(name_is_valid(view.values[METADATA_NAME]));
    const stella_sv version = view.values[METADATA_VERSION];
    assert(version.len == 0 || version_is_valid(version));
    for (int i = 0; i < METADATA_FIELDS; i++)
        assert(stella_sv_utf8_prefix(view.values[i]) == view.values[i].len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 20);
    const stella_sv text = stella_sv_of((const char *)data, size);
    stella_status status;
    if (!arena)
        return 0;
    assert(probe_input_run(metadata_probe, "x.dist-info/METADATA", text, arena, check, &status) <= 1);
    assert(status == STELLA_OK);
    return 0;
}
