/* A packlist, a module's version, names of distributions: parts of the input, and paths that stay inside the tree. */
#include "perl/meta.h"
#include "perl/packlist.h"

#include "common/entry.h"

#include <assert.h>

static void check(stella_sv part, stella_sv whole) {
    assert(part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    stella_sv rest = text, path, name, version, root, module;
    while (packlist_next(&rest, &path)) {
        assert(entry_is_path(path));
        check(path, text);
    }
    check(packlist_module_version(text), text);
    meta_split(text, &name, &version);
    check(name, text);
    check(version, text);
    check(meta_author(text), text);
    if (packlist_split(text, &root, &module)) {
        assert(module.len);
        check(root, text);
        check(module, text);
    }
    return 0;
}
