/* Console scripts: what is found is a module's name within the text. */
#include "python/script.h"
#include "python/search.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv module = script_module(stella_sv_of((const char *)data, size));
    assert(!module.len || search_is_module(module));
    assert(module.len <= size);
    return 0;
}
