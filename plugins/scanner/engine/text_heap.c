#include "text_heap.h"

#include <stdlib.h>

#define CHUNKS_MAX (UINT32_MAX / TEXT_CHUNK)
#define LONG_MARK  255u /* as length byte: two more bytes tell the length */

void text_heap_fini(text_heap *heap) {
    for (uint32_t i = 0; i < heap->count; i++)
        free(heap->chunks[i]);
    free(heap->chunks);
    *heap = (text_heap)TEXT_HEAP_INIT;
}

static stella_status grow(text_heap *heap, stella_error *err) {
    if (heap->count == CHUNKS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than 4 GiB of names in one layer");
    if (heap->count == heap->room) {
        const uint32_t room = heap->room ? heap->room * 2 : 16;
        char **chunks = realloc(heap->chunks, room * sizeof *chunks);
        if (!chunks)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for names");
        heap->chunks = chunks;
        heap->room = room;
    }
    char *chunk = malloc(TEXT_CHUNK);
    if (!chunk)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for names");
    heap->chunks[heap->count++] = chunk;
    heap->used = 0;
    return STELLA_OK;
}

stella_status text_heap_add(text_heap *heap, stella_sv text, uint32_t *ref, stella_error *err) {
    if (text.len > UINT16_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a name of %zu bytes", text.len);
    const uint32_t head = text.len < LONG_MARK ? 1 : 3;
    if (text.len + head > TEXT_CHUNK - heap->used) {
        const stella_status status = grow(heap, err);
        if (status != STELLA_OK)
            return status;
    }
    char *at = heap->chunks[heap->count - 1] + heap->used;
    *ref = (heap->count - 1) * TEXT_CHUNK + heap->used;
    at[0] = (char)(head == 1 ? text.len : LONG_MARK);
    if (head == 3) {
        at[1] = (char)(text.len & 0xff);
        at[2] = (char)(text.len >> 8);
    }
    if (text.len)
        memcpy(at + head, text.ptr, text.len);
    heap->used += head + (uint32_t)text.len;
    return STELLA_OK;
}

stella_sv text_heap_get(const text_heap *heap, uint32_t ref) {
    const char *at = heap->chunks[ref / TEXT_CHUNK] + ref % TEXT_CHUNK;
    const unsigned char *bytes = (const unsigned char *)at;
    if (bytes[0] < LONG_MARK)
        return stella_sv_of(at + 1, bytes[0]);
    return stella_sv_of(at + 3, bytes[1] | (size_t)bytes[2] << 8);
}
