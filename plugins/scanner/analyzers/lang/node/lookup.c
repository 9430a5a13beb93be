#include "lookup.h"

#include <stdlib.h>

#define FNV_BASIS    UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME    UINT64_C(0x100000001b3)
#define ENTRIES_FEW  64
#define ENTRIES_MANY (UINT32_MAX / 4)

static uint64_t hash_add(uint64_t hash, stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * FNV_PRIME;
    return hash;
}

static int grow(lookup *l) {
    const uint32_t room = l->room ? l->room * 2 : ENTRIES_FEW;
    lookup_entry *grown = room < ENTRIES_MANY ? stella_arena_alloc(l->arena, room, sizeof *grown) : NULL;
    if (!grown)
        return 0;
    if (l->count)
        memcpy(grown, l->entries, l->count * sizeof *grown);
    l->entries = grown;
    l->room = room;
    return 1;
}

int lookup_add(lookup *l, stella_sv text, uint32_t value) {
    if (l->count == l->room && !grow(l))
        return 0;
    l->entries[l->count++] = (lookup_entry){.hash = hash_add(FNV_BASIS, text), .text = text, .value = value};
    return 1;
}

static int compare(const void *left, const void *right) {
    const lookup_entry *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    const int order = stella_sv_cmp(a->text, b->text);
    return order ? order : (a->value > b->value) - (a->value < b->value);
}

void lookup_sort(lookup *l) {
    if (l->count)
        qsort(l->entries, l->count, sizeof *l->entries, compare);
}

/* As stella_sv_cmp(text, parts joined). */
static int compare_joined(stella_sv text, const stella_sv *parts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const int order = stella_sv_cmp(stella_sv_first(text, parts[i].len), parts[i]);
        if (order)
            return order;
        text = stella_sv_skip(text, parts[i].len);
    }
    return text.len ? 1 : 0;
}

uint32_t lookup_find_joined(const lookup *l, const stella_sv *parts, uint32_t count) {
    uint64_t hash = FNV_BASIS;
    uint32_t low = 0, high = l->count;
    for (uint32_t i = 0; i < count; i++)
        hash = hash_add(hash, parts[i]);
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const lookup_entry *e = &l->entries[middle];
        if (e->hash < hash || (e->hash == hash && compare_joined(e->text, parts, count) < 0))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == l->count)
        return LOOKUP_NONE;
    const lookup_entry *e = &l->entries[low];
    return e->hash == hash && compare_joined(e->text, parts, count) == 0 ? e->value : LOOKUP_NONE;
}

uint32_t lookup_find(const lookup *l, stella_sv text) {
    return lookup_find_joined(l, &text, 1);
}
