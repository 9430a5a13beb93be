/* texts.h - distinct texts in the order in which they were first met, each with a value: a map that only grows. */
#ifndef EMITTER_SPDX_TEXTS_H
#define EMITTER_SPDX_TEXTS_H

#include <stella/arena.h>

typedef struct spdx_text {
    stella_sv text; /* borrowed */
    stella_sv value;
} spdx_text;

/* A plain value, all zero but the arena at the start. Its memory is the arena's. */
typedef struct spdx_texts {
    stella_arena *arena;
    spdx_text *items;
    uint32_t *slots; /* 1 + index of the item, 0: free */
    uint32_t count;
    uint32_t slot_count; /* a power of two; items has room for half of it */
} spdx_texts;

/* The item of that text, or NULL. */
spdx_text *spdx_texts_find(const spdx_texts *texts, stella_sv text);

/* The item of that text, made with an empty value when it is new. Items move when another is added: keep indices.
 * Returns NULL when the arena is spent. */
spdx_text *spdx_texts_add(spdx_texts *texts, stella_sv text);

#endif
