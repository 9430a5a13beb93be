/* What is remembered of an archive: what is read can be written and reads the same, and its reply is checked anew. */
#include "plugins/scanner/driver/image.h"
#include "plugins/scanner/driver/memo_text.h"

#include <stella/auto.h>
#include <stella/digest.h>
#include <stella/sink.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_same(const memo_text *a, const memo_text *b) {
    assert(a->file_count == b->file_count && a->layer_count == b->layer_count && a->format_count == b->format_count);
    assert(stella_sv_eq(a->plugins, b->plugins) && stella_sv_eq(a->reply, b->reply));
    for (uint32_t i = 0; i < a->file_count; i++) {
        const memo_file *left = &a->files[i], *right = &b->files[i];
        assert(stella_sv_eq(left->path, right->path) && left->dev == right->dev && left->ino == right->ino);
        assert(left->size == right->size && left->changed_ns == right->changed_ns &&
               left->modified_ns == right->modified_ns);
    }
    for (uint32_t i = 0; i < a->layer_count; i++)
        assert(stella_sv_eq(a->layers[i], b->layers[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(64u << 20);
    const stella_sink sink = stella_buf_sink(&text);
    memo_text memo, again;
    image_info image = {.layer_count = 77};
    if (!arena || !memo_text_parse(stella_sv_of((const char *)data, size), arena, &memo))
        return 0;
    assert(memo.file_count > 0);
    for (uint32_t i = 0; i < memo.layer_count; i++)
        assert(!memo.layers[i].len || stella_digest_is_valid(memo.layers[i]));
    if (memo_text_write(&memo, &sink)) {
        assert(memo_text_parse(stella_buf_sv(&text), arena, &again));
        check_same(&memo, &again);
    }
    if (image_parse(memo.reply, arena, &image, NULL) != STELLA_OK)
        assert(image.layer_count == 77);
    return 0;
}
