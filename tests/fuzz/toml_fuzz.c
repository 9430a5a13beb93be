/* TOML: reading ends; the tree has no more values than the document has bytes, no key twice, and lines that exist. */
#include "common/toml/toml.h"

#include <stella/auto.h>

#include <assert.h>

static uint64_t check(const stella_json *value, uint32_t lines) {
    uint64_t values = 1;
    assert(value->line >= 1 && value->line <= lines);
    for (uint32_t i = 0; value->kind == STELLA_JSON_ARRAY && i < value->count; i++)
        values += check(&value->items[i], lines);
    for (uint32_t i = 0; value->kind == STELLA_JSON_OBJECT && i < value->count; i++) {
        for (uint32_t j = 0; j < i && value->count < 64; j++)
            assert(!stella_sv_eq(value->members[i].key, value->members[j].key));
        values += check(&value->members[i].value, lines);
    }
    assert(stella_sv_utf8_prefix(value->text) == value->text.len);
    return values;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)64 << 20);
    const stella_json *tree = NULL;
    uint32_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n' ? 1 : 0;
    if (arena && toml_parse(stella_sv_of((const char *)data, size), arena, &tree, NULL) == STELLA_OK)
        assert(check(tree, lines) <= (uint64_t)size + 1);
    return 0;
}
