/* The address of a repository: parts are parts of it, and its user is in none. */
#include "swift/location.h"

#include <assert.h>

static void check(stella_sv part, stella_sv whole) {
    assert(part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    location found;
    if (location_read(text, &found)) {
        assert(found.host.len && found.name.len);
        assert(stella_sv_find(found.host, '@') == found.host.len && stella_sv_find(found.name, '/') == found.name.len);
        check(found.host, text);
        check(found.owner, text);
        check(found.name, text);
    }
    return 0;
}
