/* What a step uses: its parts lie within the text and hold no separators of others. */
#include "github_actions/uses.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uses found;
    if (uses_parse(stella_sv_of((const char *)data, size), &found)) {
        assert(found.owner.len && found.repository.len && found.reference.len);
        assert(found.owner.len + found.repository.len + found.folder.len + found.reference.len < size);
        assert(!memchr(found.repository.ptr, '/', found.repository.len));
        assert(!memchr(found.owner.ptr, '/', found.owner.len));
    }
    return 0;
}
