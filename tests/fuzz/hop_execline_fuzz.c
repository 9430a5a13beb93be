/* The tracer execline over any command line, environment and tree: it ends, and what it says keeps the contract. */
#include "hop_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return hop_input_run(data, size);
}
