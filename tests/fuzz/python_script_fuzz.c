/* Python files: what is found is modules' names within the text. */
#include "python/imports.h"
#include "python/script.h"
#include "python/search.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv module = script_module(stella_sv_of((const char *)data, size));
    assert(!module.len || search_is_module(module));
    assert(module.len <= size);
    static import_name names[64];
    const uint32_t count = imports_read(stella_sv_of((const char *)data, size), names, 64);
    assert(count <= 64);
    for (uint32_t i = 0; i < count; i++)
        assert(names[i].dots || search_is_module(names[i].module));
    return 0;
}
