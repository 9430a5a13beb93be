/* Headers of plugins and themes, and the version of WordPress: what is found lies within the text. */
#include "wordpress/header.h"

#include <assert.h>

static void check(stella_sv part, stella_sv whole) {
    assert(part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    stella_sv values[HEADER_FIELDS], version;
    if (header_read(text, values))
        assert(values[HEADER_NAME].len);
    for (uint32_t i = 0; i < HEADER_FIELDS; i++)
        check(values[i], text);
    if (header_core_version(text, &version))
        check(version, text);
    return 0;
}
