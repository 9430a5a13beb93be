/* text_heap.h - millions of short texts, each named by 32 bits: no allocation a text, no copy when it grows.
 * [one thread] */
#ifndef SCANNER_ENGINE_TEXT_HEAP_H
#define SCANNER_ENGINE_TEXT_HEAP_H

#include <stella/error.h>

#define TEXT_CHUNK (1u << 20)

typedef struct text_heap {
    char **chunks;
    uint32_t count, room;
    uint32_t used; /* of the last chunk */
} text_heap;

#define TEXT_HEAP_INIT                                                                                                 \
    { .used = TEXT_CHUNK }

void text_heap_fini(text_heap *heap);

/* Adds a text of less than 64 KiB. Returns STELLA_E_NOMEM, or STELLA_E_LIMIT at 4 GiB. */
stella_status text_heap_add(text_heap *heap, stella_sv text, uint32_t *ref, stella_error *err);

/* The text; valid until fini. */
stella_sv text_heap_get(const text_heap *heap, uint32_t ref);

#endif
