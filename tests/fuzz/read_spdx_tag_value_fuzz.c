/* Any bytes as a document of SPDX tag-value: refused with a reason, or read without breaking the contract. */
#include <stella/auto.h>
#include <stella/testing.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(64u << 20);
    stella_error err = {0};
    const stella_status status =
        stella_testing_read(&stella_plugin, stella_sv_of((const char *)data, size), &text, &err);
    assert(status != STELLA_E_INVALID && status != STELLA_E_INTERNAL);
    assert(status == STELLA_OK ? text.len > 0 : err.message[0] != 0);
    return 0;
}
