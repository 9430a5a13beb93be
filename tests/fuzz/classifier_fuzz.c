/* The first line is the name of a file, the rest its bytes: a version that is found lies in them and begins with a digit. */
#include "plugins/scanner/analyzers/native/classifier/classify.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stella_sv bytes = stella_sv_of((const char *)data, size), name;
    classify_match match;
    if (!stella_sv_split(&bytes, '\n', &name) || !classify(name, bytes, &match))
        return 0;
    assert(classify_is_known(name));
    assert(match.version.ptr >= bytes.ptr && match.version.ptr + match.version.len <= bytes.ptr + bytes.len);
    assert(match.version.len >= 3 && match.version.len <= CLASSIFY_VERSION_MAX);
    assert(match.version.ptr[0] >= '0' && match.version.ptr[0] <= '9');
    return 0;
}
