/* A freeze file and a package's description: what is found lies within the input. */
#include "haskell/conf.h"
#include "haskell/freeze.h"

#include <assert.h>

static void check(stella_sv part, stella_sv whole) {
    assert(part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    freeze_entry found;
    for (freeze_reader reader = freeze_open(text); freeze_next(&reader, &found);) {
        assert(found.name.len && found.version.len && found.line);
        check(found.name, text);
        check(found.version, text);
    }
    const conf c = conf_read(text);
    const stella_sv parts[] = {c.name, c.version, c.id, c.license, c.maintainer, c.homepage, c.synopsis, c.depends};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        check(parts[i], text);
    return 0;
}
