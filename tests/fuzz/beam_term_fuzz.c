/* Terms of Erlang and Elixir: the tree is no larger than its text, and no deeper than the limit. */
#include "beam/term.h"

#include <assert.h>

static uint64_t walk(const stella_json *value, uint32_t depth) {
    uint64_t count = 1;
    assert(depth <= 2 * TERM_DEPTH_MAX + 2); /* a pair is one more */
    assert(value->line);
    for (uint32_t i = 0; stella_json_at(value, i); i++)
        count += walk(stella_json_at(value, i), depth + 1);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    for (int i = 0; i < 2; i++) {
        stella_arena *arena = stella_arena_create(64u << 20);
        const stella_json *root = NULL;
        if (arena && (i ? term_parse_elixir : term_parse_erlang)(text, arena, &root, NULL) == STELLA_OK) {
            assert(walk(root, 0) <= 2 * size + 1);
            (void)term_get(stella_json_at(root, 0), STELLA_SV("vsn"));
        }
        stella_arena_destroy(arena);
    }
    return 0;
}
