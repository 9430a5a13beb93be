/* Any bytes as a package-lock.json. */
#include "node_lock_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return lock_input_run(npm_lock_read, data, size);
}
