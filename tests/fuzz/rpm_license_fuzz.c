/* A License tag: what becomes an expression is one, and stays what it is when it is read again. */
#include "plugins/scanner/analyzers/os/rpm/license.h"

#include <stella/auto.h>
#include <stella/component.h>
#include <stella/spdx.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    license got, again;
    if (!arena || license_read(stella_sv_of((const char *)data, size), arena, &got) != STELLA_OK)
        return 0;
    assert(got.text.len);
    if (got.how != STELLA_LICENSE_EXPRESSION)
        return 0;
    assert(stella_spdx_expression(got.text, arena).ptr);
    assert(license_read(got.text, arena, &again) == STELLA_OK && stella_sv_eq(got.text, again.text));
    return 0;
}
