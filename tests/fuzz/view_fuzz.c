/* The merged view equals layers applied one after the other to a tree in memory. */
#include "tests/unit/scanner/engine/overlay_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const int holds = model_holds(data, size);
    assert(holds);
    (void)holds;
    return 0;
}
