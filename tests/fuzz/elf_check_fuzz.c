#include "plugin/elf_check.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever passes names the one symbol, and what fails says why. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elf_report report = {.needed_count = 77, .init_count = 77};
    stella_error err = {0};
    const stella_sv binary = stella_sv_of((const char *)data, size);
    const stella_status status = elf_check(binary, &report, &err);
    assert(status == STELLA_OK ? memmem(data, size, "stella_plugin", 14) != NULL
                               : err.code == status && err.message[0] && report.needed_count == 77);
    return 0;
}
