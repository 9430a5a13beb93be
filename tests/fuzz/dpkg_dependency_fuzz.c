/* A relationship field, and a version compared with another: the order is total on every pair. */
#include "plugins/scanner/analyzers/common/deb_version.h"
#include "plugins/scanner/analyzers/common/dependency.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv field = stella_sv_of((const char *)data, size);
    dependency d, last = {0};
    for (dependency_reader reader = dependency_open(field); dependency_next(&reader, &d); last = d) {
        assert(d.name.len && d.group >= last.group);
        assert(d.name.ptr >= field.ptr && d.name.ptr + d.name.len <= field.ptr + field.len);
        assert(deb_version_compare(d.version, d.version) == 0);
        const int order = deb_version_compare(d.version, last.version),
                  back = deb_version_compare(last.version, d.version);
        assert((order > 0) == (back < 0) && (order < 0) == (back > 0));
    }
    return 0;
}
