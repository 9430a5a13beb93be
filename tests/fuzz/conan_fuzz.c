/* References, and files of sections: names and versions are parts of the text. */
#include "conan/reference.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    stella_sv line;
    conan_reference found;
    for (conan_lines it = conan_lines_of(text); conan_lines_next(&it, &line);) {
        assert(line.len && line.ptr >= text.ptr && line.ptr + line.len <= text.ptr + text.len && it.number);
        if (conan_reference_parse(line, &found))
            assert(found.name.len && found.version.len && found.name.len + found.version.len < line.len);
    }
    return 0;
}
