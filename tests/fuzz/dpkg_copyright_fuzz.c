/* A copyright file: what is found is a text each, once, and each expression is one for the SPDX parser too. */
#include "plugins/scanner/analyzers/os/dpkg/copyright.h"

#include <stella/auto.h>
#include <stella/component.h>
#include <stella/spdx.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    copyright c;
    if (!arena || copyright_parse(stella_sv_of((const char *)data, size), arena, &c) != STELLA_OK)
        return 0;
    assert(c.count <= COPYRIGHT_LICENSES_MAX);
    for (uint32_t i = 0; i < c.count; i++) {
        assert(c.licenses[i].text.len);
        if (c.licenses[i].how == STELLA_LICENSE_EXPRESSION)
            assert(stella_spdx_expression(c.licenses[i].text, arena).ptr);
    }
    return 0;
}
