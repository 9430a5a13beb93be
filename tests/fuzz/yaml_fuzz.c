/* Any bytes as YAML: what was read can be walked within the limits that the header promises. */
#include "plugins/scanner/analyzers/common/yaml/yaml.h"

#include <stella/auto.h>

#include <assert.h>

#define ARENA_BYTES ((uint64_t)64 << 20)

/* Recursion is bounded: that is what is asserted. */
static uint64_t walk(const stella_json *value, uint32_t depth) { /* NOLINT(misc-no-recursion) */
    uint64_t met = 1;
    assert(depth <= STELLA_JSON_DEPTH_MAX);
    assert(value->line > 0);
    if (stella_json_is(value, STELLA_JSON_STRING))
        return met;
    assert(value->kind == STELLA_JSON_OBJECT || value->kind == STELLA_JSON_ARRAY);
    for (uint32_t i = 0; i < value->count; i++)
        met += walk(value->kind == STELLA_JSON_OBJECT ? &value->members[i].value : &value->items[i], depth + 1);
    return met;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    const stella_json *documents = NULL;
    if (!arena || yaml_parse(stella_sv_of((const char *)data, size), arena, &documents, NULL) != STELLA_OK)
        return 0;
    for (uint32_t i = 0; i < documents->count; i++)
        assert(walk(&documents->items[i], 0) <= YAML_NODES_MAX);
    return 0;
}
