/* A module: its texts have no control characters, and are UTF-8. */
#include "plugins/scanner/analyzers/native/kernel/module.h"

#include <stella/auto.h>

#include <assert.h>

static void check_text(stella_sv text) {
    assert(stella_sv_utf8_prefix(text) == text.len);
    for (size_t i = 0; i < text.len; i++)
        assert((unsigned char)text.ptr[i] >= ' ');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_buf_fini) stella_buf authors = stella_buf_of(MODULE_AUTHORS_MAX);
    module m;
    if (!module_read(stella_sv_of((const char *)data, size), &authors, &m))
        return 0;
    const stella_sv texts[] = {m.name,    m.version, m.source_version, m.magic,
                               m.license, m.depends, m.description,    m.authors};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_text(texts[i]);
    assert(m.authors.len <= MODULE_AUTHORS_MAX && m.aliases <= size);
    return 0;
}
