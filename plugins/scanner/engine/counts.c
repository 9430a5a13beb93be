#include "counts.h"

#include <stdlib.h>

static int by_name(const void *left, const void *right) {
    return stella_sv_cmp(((const finding_count *)left)->name, ((const finding_count *)right)->name);
}

/* Every name once; returns how many are left. */
static uint32_t join(finding_count *counts, uint32_t count) {
    uint32_t kept = 0;
    if (count)
        qsort(counts, count, sizeof *counts, by_name);
    for (uint32_t i = 0; i < count; i++) {
        if (kept && stella_sv_eq(counts[kept - 1].name, counts[i].name))
            counts[kept - 1].n += counts[i].n;
        else
            counts[kept++] = counts[i];
    }
    return kept;
}

stella_status counts_sum(const stages *all, const stage *one_more, stella_arena *arena, stella_list *out) {
    uint32_t total = one_more ? one_more->counts.count : 0, at = 0;
    for (uint32_t i = 0; i < all->count; i++)
        total += all->items[i]->counts.count;
    finding_count *counts = stella_arena_alloc(arena, total, sizeof *counts);
    stella_bom_pair *pairs = stella_arena_alloc(arena, total, sizeof *pairs);
    if (!counts || !pairs)
        return STELLA_E_NOMEM;
    for (uint32_t i = 0; i < all->count; i++)
        for (const finding_count *one = chain_first(&all->items[i]->counts); one; one = chain_next(one))
            counts[at++] = *one;
    for (const finding_count *one = one_more ? chain_first(&one_more->counts) : NULL; one; one = chain_next(one))
        counts[at++] = *one;
    total = join(counts, total);
    for (uint32_t i = 0; i < total; i++) {
        pairs[i] = (stella_bom_pair){.name = counts[i].name,
                                     .value = stella_arena_printf(arena, "%llu", (unsigned long long)counts[i].n)};
        if (!pairs[i].value.ptr)
            return STELLA_E_NOMEM;
    }
    *out = (stella_list){.items = pairs, .count = total, .stride = sizeof *pairs};
    return STELLA_OK;
}
