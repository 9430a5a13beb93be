#include "providers.h"

#include <stdlib.h>

#define FIRST_ROOM 256

stella_status providers_add(providers *p, provider item, stella_error *err) {
    if (p->count == p->room) {
        if (p->room > UINT32_MAX / 2)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than 4294967295 provided names");
        const uint32_t room = p->room ? 2 * p->room : FIRST_ROOM;
        provider *bigger = stella_arena_alloc(p->arena, room, sizeof *bigger);
        if (!bigger)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the provided names");
        if (p->count)
            memcpy(bigger, p->items, p->count * sizeof *bigger);
        p->items = bigger;
        p->room = room;
    }
    p->items[p->count++] = item;
    return STELLA_OK;
}

static int compare(const void *x, const void *y) {
    const provider *a = x, *b = y;
    const int order = stella_sv_cmp(a->name, b->name);
    if (order)
        return order;
    if (a->is_own != b->is_own)
        return a->is_own ? -1 : 1;
    return a->package != b->package ? (a->package > b->package) - (a->package < b->package)
                                    : stella_sv_cmp(a->version, b->version);
}

void providers_sort(providers *p) {
    if (p->count)
        qsort(p->items, p->count, sizeof *p->items, compare);
}

static uint32_t first_not_below(const providers *p, stella_sv name, int past_equal) {
    uint32_t low = 0, high = p->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = stella_sv_cmp(p->items[middle].name, name);
        if (order < 0 || (past_equal && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const provider *providers_find(const providers *p, stella_sv name, uint32_t *count) {
    const uint32_t first = first_not_below(p, name, 0);
    *count = first_not_below(p, name, 1) - first;
    return *count ? &p->items[first] : NULL;
}
