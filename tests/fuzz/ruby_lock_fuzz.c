/* A lock file of Bundler: items lie within the input, lines ascend. */
#include "ruby/lock.h"

#include <assert.h>

static void check(stella_sv part, stella_sv whole) {
    assert(part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    lock_item item;
    uint32_t line = 0;
    for (lock_reader r = lock_open(text); lock_next(&r, &item);) {
        assert(item.line > line);
        line = item.line;
        assert(item.kind == LOCK_BAD || item.name.len);
        assert(item.kind != LOCK_SPEC || item.version.len);
        check(item.name, text);
        check(item.version, text);
        check(item.platform, text);
        check(item.remote, text);
        check(item.revision, text);
    }
    return 0;
}
