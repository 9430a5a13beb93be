/* Requirements and markers: a requirement has a valid name; a marker has one of three values, also when extras are asked for. */
#include "python/name.h"
#include "python/requirement.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv extra = STELLA_SV("x");
    const marker_environment environment = {.python_version = STELLA_SV("3.11"), .extras = &extra, .extra_count = 1};
    const stella_sv text = stella_sv_of((const char *)data, size);
    requirement r;
    if (!requirement_parse(text, &r))
        return 0;
    assert(name_is_valid(r.name));
    const int value = marker_evaluate(r.marker, &environment);
    assert(value == MARKER_FALSE || value == MARKER_UNKNOWN || value == MARKER_TRUE);
    assert(requirement_pin(r.spec).len <= r.spec.len);
    return 0;
}
