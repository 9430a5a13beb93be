/* A value of PHP's serialize(): the tree is no larger than its text, and its texts lie within. */
#include "php/serialized.h"

#include <assert.h>

static uint64_t walk(const stella_json *value, stella_sv whole, uint32_t depth) {
    const stella_sv text = value->text;
    uint64_t count = 1;
    assert(depth <= SERIALIZED_DEPTH_MAX);
    assert(text.len == 0 || (text.ptr >= whole.ptr && text.ptr + text.len <= whole.ptr + whole.len));
    for (uint32_t i = 0; value->kind == STELLA_JSON_OBJECT && i < value->count; i++)
        count += walk(&value->members[i].value, whole, depth + 1);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    stella_arena *arena = stella_arena_create(64u << 20);
    const stella_json *root;
    if (arena && serialized_parse(text, arena, &root, NULL) == STELLA_OK)
        assert(walk(root, text, 0) <= size);
    stella_arena_destroy(arena);
    return 0;
}
