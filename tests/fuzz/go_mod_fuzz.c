/* The readers of go.mod, go.sum and modules.txt end, their lines ascend, and their texts lie inside the file. */
#include "plugins/scanner/analyzers/lang/go/gomod.h"
#include "plugins/scanner/analyzers/lang/go/semver.h"

#include <assert.h>

static void inside(stella_sv file, stella_sv text) {
    assert(text.len == 0 || (text.ptr >= file.ptr && text.len <= file.len - (size_t)(text.ptr - file.ptr)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    gomod_entry entry;
    gosum_entry sum, last = {0};
    uint32_t line = 0;
    for (gomod_reader reader = gomod_open(bytes); gomod_next(&reader, &entry); line = entry.line) {
        assert(entry.line > line);
        inside(bytes, entry.path);
        inside(bytes, entry.by_version);
    }
    for (gosum_reader reader = gosum_open(bytes); gosum_next(&reader, &sum); last = sum) {
        inside(bytes, sum.sum);
        assert(semver_cmp(last.version, sum.version) == -semver_cmp(sum.version, last.version));
    }
    for (gosum_reader reader = gosum_open(bytes); vendored_next(&reader, &sum);)
        inside(bytes, sum.path);
    return 0;
}
