/* What is found of Go build information is text that lies inside the file. */
#include "plugins/scanner/analyzers/lang/go/buildinfo.h"

#include <assert.h>

static void check(stella_sv file, stella_sv text) {
    assert(text.len == 0 || (text.ptr >= file.ptr && text.len <= file.len - (size_t)(text.ptr - file.ptr)));
    assert(stella_sv_utf8_prefix(text) == text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    binary_slices slices;
    binary b;
    if (binary_slices_of(bytes, &slices, NULL) != STELLA_OK)
        return 0;
    for (uint32_t i = 0; i <= MACHO_SLICES_MAX; i++) {
        buildinfo info;
        if (binary_slices_next(&slices, &b, NULL) != STELLA_OK)
            continue;
        if (!b.format)
            break;
        (void)buildinfo_is_go(&b);
        (void)buildinfo_is_packed(&b);
        if (buildinfo_find(&b, &info, NULL) != STELLA_OK)
            continue;
        assert(info.version.len && info.version.len <= BUILDINFO_VERSION_MAX);
        check(bytes, info.version);
        check(bytes, info.modules);
    }
    return 0;
}
