/* Paragraphs of vcpkg's database: each has a package and a line, all views lie within the text. */
#include "vcpkg/status.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    status_reader reader = {.rest = text};
    status_paragraph p;
    uint32_t last = 0;
    while (status_next(&reader, &p)) {
        assert(p.package.len && p.line > last);
        assert(p.package.ptr >= text.ptr && p.package.ptr + p.package.len <= text.ptr + text.len);
        last = p.line;
    }
    return 0;
}
