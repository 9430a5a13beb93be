/* Any bytes as a yarn.lock of either kind. */
#include "node_lock_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    lock_input_run(yarn_berry_read, data, size);
    return lock_input_run(yarn_lock_read, data, size);
}
