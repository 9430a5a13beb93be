#include "spdx/texts.h"

#define SLOTS_AT_FIRST 64u

/* FNV-1a. Hostile texts can make it slow, not wrong: what a plugin may use of the processor is bounded. */
static uint64_t hash_of(stella_sv text) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

/* The slot that holds the text, or the free one where it belongs. There is always a free one. */
static uint32_t *slot_of(const spdx_texts *texts, stella_sv text) {
    for (uint64_t at = hash_of(text);; at++) {
        uint32_t *slot = &texts->slots[at & (texts->slot_count - 1)];
        if (*slot == 0 || stella_sv_eq(texts->items[*slot - 1].text, text))
            return slot;
    }
}

static int grow(spdx_texts *texts) {
    const uint32_t slot_count = texts->slot_count ? texts->slot_count * 2 : SLOTS_AT_FIRST;
    uint32_t *slots = stella_arena_alloc(texts->arena, slot_count, sizeof *slots);
    spdx_text *items = stella_arena_alloc(texts->arena, slot_count / 2, sizeof *items);
    if (!slots || !items || slot_count == 0)
        return 0;
    for (uint32_t i = 0; i < texts->count; i++)
        items[i] = texts->items[i];
    texts->slots = slots;
    texts->items = items;
    texts->slot_count = slot_count;
    for (uint32_t i = 0; i < texts->count; i++)
        *slot_of(texts, items[i].text) = i + 1;
    return 1;
}

spdx_text *spdx_texts_find(const spdx_texts *texts, stella_sv text) {
    const uint32_t *slot = texts->slot_count ? slot_of(texts, text) : NULL;
    return slot && *slot ? &texts->items[*slot - 1] : NULL;
}

spdx_text *spdx_texts_add(spdx_texts *texts, stella_sv text) {
    spdx_text *known = spdx_texts_find(texts, text);
    if (known)
        return known;
    if (texts->count == texts->slot_count / 2 && !grow(texts))
        return NULL;
    spdx_text *item = texts->items ? &texts->items[texts->count] : NULL;
    if (!item)
        return NULL;
    *slot_of(texts, text) = ++texts->count;
    *item = (spdx_text){.text = text};
    return item;
}
