/* Any bytes as a bun.lock and as a deno.lock. */
#include "node_lock_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    lock_input_run(deno_lock_read, data, size);
    return lock_input_run(bun_lock_read, data, size);
}
