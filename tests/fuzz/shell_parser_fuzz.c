/* Scripts: whatever the bytes are, there is a tree or a reason, and the tree is a JSON document. */
#include "shell/shell_parse.h"

#include <stella/auto.h>

#include <assert.h>

static void check_json(const shell_script *script) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of((size_t)64 << 20);
    const stella_sink sink = stella_buf_sink(&text);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    shell_ast_json(script, &w);
    if (stella_json_finish(&w, NULL) != STELLA_OK)
        return; /* larger than the buffer */
    stella_json_reader reader;
    stella_json_reader_init(&reader, stella_buf_sv(&text), 0);
    uint32_t token;
    while ((token = stella_json_next(&reader)) != STELLA_JSON_NONE)
        assert(token != STELLA_JSON_ERROR);
    stella_json_reader_fini(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)128 << 20);
    const shell_script *script = NULL;
    stella_error err = {0};
    if (!arena || shell_parse(stella_sv_of((const char *)data, size), arena, &script, &err) != STELLA_OK)
        return 0;
    assert(script->node_count <= SHELL_NODES_MAX + 1);
    assert(!script->has_fault || (script->fault_at.first_line && script->fault.message[0]));
    check_json(script);
    return 0;
}
