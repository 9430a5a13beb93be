/* conda-meta: a record decodes and has a name and a version without slashes. */
#include "conda/meta.h"

#include "probe_input.h"

#include <stella/auto.h>

static void check(const stella_record *record) {
    meta_view view;
    assert(meta_decode(record->bytes, &view, NULL) == STELLA_OK);
    for (int i = META_NAME; i <= META_VERSION; i++)
        assert(view.values[i].len && stella_sv_find(view.values[i], '/') == view.values[i].len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 20);
    stella_status status;
    if (!arena)
        return 0;
    assert(probe_input_run(meta_probe, "opt/conda-meta/x.json", stella_sv_of((const char *)data, size), arena, check,
                           &status) <= 1);
    assert(status == STELLA_OK);
    return 0;
}
