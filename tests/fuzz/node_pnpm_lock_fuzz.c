/* Any bytes as a pnpm-lock.yaml. */
#include "node_lock_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return lock_input_run(pnpm_lock_read, data, size);
}
