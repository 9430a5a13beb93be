/* The name of a pod: its parts are parts of the text. */
#include "cocoapods/pod.h"

#include <assert.h>

static void check(stella_sv part, stella_sv whole) {
    assert(part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    const pod p = pod_read(text);
    check(p.full, text);
    check(p.name, p.full);
    check(p.subspec, p.full);
    check(p.version, text);
    assert(stella_sv_find(p.name, '/') == p.name.len);
    return 0;
}
