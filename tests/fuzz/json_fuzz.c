/* What the tree accepts the reader accepts too; writing and canonical form read back to themselves. */
#include <stella/auto.h>
#include <stella/json.h>

#include <assert.h>

static int reader_accepts(stella_sv document) {
    stella_json_reader r;
    stella_json_reader_init(&r, document, 0);
    uint32_t token;
    do {
        token = stella_json_next(&r);
        assert(r.offset <= document.len && r.depth <= STELLA_JSON_DEPTH_MAX);
    } while (token != STELLA_JSON_NONE && token != STELLA_JSON_ERROR);
    stella_json_reader_fini(&r);
    return token == STELLA_JSON_NONE;
}

static void write_tree(const stella_json *tree, uint32_t indent, stella_buf *out) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, indent);
    stella_json_write_value(&w, tree);
    assert(stella_json_finish(&w, NULL) == STELLA_OK);
}

/* Written indented, read and written compact, it is the same as written compact at once. */
static void check_writer(const stella_json *tree, stella_arena *arena) {
    STELLA_AUTO(stella_buf_fini) stella_buf compact = stella_buf_of(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf pretty = stella_buf_of(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf again = stella_buf_of(64u << 20);
    const stella_json *back;
    write_tree(tree, 0, &compact);
    write_tree(tree, 3, &pretty);
    if (stella_json_parse(stella_buf_sv(&pretty), arena, &back, NULL) == STELLA_OK) {
        write_tree(back, 0, &again);
        assert(stella_sv_eq(stella_buf_sv(&compact), stella_buf_sv(&again)));
    }
}

static void check_canonical(const stella_json *tree, stella_arena *arena) {
    STELLA_AUTO(stella_buf_fini) stella_buf once = stella_buf_of(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf twice = stella_buf_of(64u << 20);
    const stella_sink first = stella_buf_sink(&once), second = stella_buf_sink(&twice);
    const stella_json *back;
    if (stella_json_canonical(tree, &first, NULL) != STELLA_OK)
        return;
    const stella_status status = stella_json_parse(stella_buf_sv(&once), arena, &back, NULL);
    assert(status == STELLA_OK || status == STELLA_E_NOMEM);
    if (status != STELLA_OK)
        return;
    assert(stella_json_canonical(back, &second, NULL) == STELLA_OK);
    assert(stella_sv_eq(stella_buf_sv(&once), stella_buf_sv(&twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv document = stella_sv_of((const char *)data, size);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const stella_json *tree = NULL;
    stella_error err = {0};
    const int is_read = reader_accepts(document);
    const stella_status status = stella_json_parse(document, arena, &tree, &err);
    assert(status == STELLA_OK ? is_read && tree : !tree && err.code == status && err.message[0]);
    if (tree) {
        check_writer(tree, arena);
        check_canonical(tree, arena);
    }
    return 0;
}
