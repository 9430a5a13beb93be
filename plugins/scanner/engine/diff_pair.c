#include "diff.h"

#include <stdlib.h>

/* Components of one side that are not paired yet, and those of the other that they may be paired with. */
typedef struct half {
    diff_side *side;
    diff_component **items;
    uint32_t count;
} half;

typedef int compare(const diff_component *a, const diff_component *b);
typedef int sort_order(const void *a, const void *b);

/* ---- orders -------------------------------------------------------------------------------------------------------
 */

static int first_of(int a, int b) {
    return a ? a : b;
}

static int by_package(const diff_component *a, const diff_component *b) {
    int order = stella_sv_cmp(a->type, b->type);
    if (!order)
        order = stella_sv_cmp(a->namespace_, b->namespace_);
    return order ? order : stella_sv_cmp(a->name, b->name);
}

static int by_ref(const diff_component *a, const diff_component *b) {
    return stella_sv_cmp(a->ref, b->ref);
}

static int by_version(const diff_component *a, const diff_component *b) {
    return first_of(diff_version_cmp(a->epoch, b->epoch), diff_version_cmp(a->version, b->version));
}

static int by_architecture(const diff_component *a, const diff_component *b) {
    return stella_sv_cmp(a->fields[DIFF_FIELD_ARCHITECTURE], b->fields[DIFF_FIELD_ARCHITECTURE]);
}

static int by_version_and_architecture(const diff_component *a, const diff_component *b) {
    return first_of(by_version(a, b), by_architecture(a, b));
}

static int any(const diff_component *a, const diff_component *b) {
    (void)a, (void)b;
    return 0;
}

static const diff_component *item(const void *at) {
    return *(diff_component *const *)at;
}

static int sort_whole(const void *x, const void *y) {
    const int order = by_package(x, y);
    return order ? order : first_of(by_version(x, y), by_ref(x, y));
}

static int sort_by_ref(const void *x, const void *y) {
    return by_ref(item(x), item(y));
}

static int sort_by_version_and_architecture(const void *x, const void *y) {
    return first_of(by_version_and_architecture(item(x), item(y)), by_ref(item(x), item(y)));
}

static int sort_by_architecture(const void *x, const void *y) {
    const int order = by_architecture(item(x), item(y));
    return order ? order : first_of(by_version(item(x), item(y)), by_ref(item(x), item(y)));
}

/* ---- one way of pairing -------------------------------------------------------------------------------------------
 */

static void join(half *a, half *b, diff_component *x, diff_component *y) {
    x->pair = (uint32_t)(y - b->side->components);
    y->pair = (uint32_t)(x - a->side->components);
}

static void drop_paired(half *h) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < h->count; i++)
        if (h->items[i]->pair == DIFF_NONE)
            h->items[kept++] = h->items[i];
    h->count = kept;
}

static void sort(half *h, sort_order *order) {
    if (h->count > 1)
        qsort(h->items, h->count, sizeof *h->items, order);
}

/* Pairs what is equal by key; of runs of equal ones the last with the last, and so on. order is by key first. */
static void pair_equal(half *a, half *b, sort_order *order, compare *key) {
    uint32_t i = a->count, k = b->count;
    sort(a, order);
    sort(b, order);
    while (i && k) {
        diff_component *x = a->items[i - 1], *y = b->items[k - 1];
        const int found = key(x, y);
        if (!found)
            join(a, b, x, y);
        i -= found >= 0;
        k -= found <= 0;
    }
    drop_paired(a);
    drop_paired(b);
}

/* ---- by place -----------------------------------------------------------------------------------------------------
 */

typedef struct place {
    stella_sv type, path;
    diff_component *component;
    int is_second; /* of b */
} place;

static int by_place(const void *x, const void *y) {
    const place *a = x, *b = y;
    const int order = first_of(stella_sv_cmp(a->type, b->type), stella_sv_cmp(a->path, b->path));
    return order ? order : a->is_second - b->is_second;
}

static int is_one_place(const place *a, const place *b) {
    return stella_sv_eq(a->type, b->type) && stella_sv_eq(a->path, b->path);
}

static uint64_t count_places(const half *h) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < h->count; i++)
        count += h->items[i]->location_count;
    return count;
}

static place *list_places(const half *h, int is_second, place *to) {
    for (uint32_t i = 0; i < h->count; i++)
        for (uint32_t k = 0; k < h->items[i]->location_count; k++)
            *to++ = (place){h->items[i]->type, h->items[i]->locations[k], h->items[i], is_second};
    return to;
}

/* Pairs what is alone at a place, on either side. */
static stella_status pair_places(half *a, half *b, stella_arena *arena, stella_error *err) {
    const uint64_t count = a->count && b->count ? count_places(a) + count_places(b) : 0;
    place *all = stella_arena_alloc(arena, count, sizeof *all);
    if (!all)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %llu places", (unsigned long long)count);
    if (!count)
        return STELLA_OK;
    list_places(b, 1, list_places(a, 0, all));
    qsort(all, count, sizeof *all, by_place);
    for (uint64_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && is_one_place(&all[from], &all[to]);)
            to++;
        diff_component *x = all[from].component, *y = all[to - 1].component;
        if (to - from == 2 && !all[from].is_second && all[from + 1].is_second && x->pair == DIFF_NONE &&
            y->pair == DIFF_NONE)
            join(a, b, x, y);
    }
    drop_paired(a);
    drop_paired(b);
    return STELLA_OK;
}

/* ---- one package, and all ------------------------------------------------------------------------------------------
 */

/* The components of one package. */
static half half_of(diff_side *side, uint32_t from, uint32_t to, diff_component **room) {
    half h = {.side = side, .items = room, .count = to - from};
    for (uint32_t i = from; i < to; i++)
        room[i - from] = &side->components[i];
    return h;
}

static stella_status pair_package(half *a, half *b, stella_arena *arena, stella_error *err) {
    if (a->count == 1 && b->count == 1) {
        join(a, b, a->items[0], b->items[0]);
        return STELLA_OK;
    }
    pair_equal(a, b, sort_by_ref, by_ref);
    pair_equal(a, b, sort_by_version_and_architecture, by_version_and_architecture);
    const stella_status status = pair_places(a, b, arena, err);
    if (status != STELLA_OK)
        return status;
    pair_equal(a, b, sort_by_architecture, by_architecture);
    pair_equal(a, b, sort_by_version_and_architecture, any);
    return STELLA_OK;
}

static uint32_t package_end(const diff_side *side, uint32_t from) {
    uint32_t to = from;
    while (to < side->component_count && !by_package(&side->components[from], &side->components[to]))
        to++;
    return to;
}

static stella_status pair_packages(diff_side *a, diff_side *b, diff_component **room_a, diff_component **room_b,
                                   stella_arena *arena, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0, k = 0; status == STELLA_OK && i < a->component_count && k < b->component_count;) {
        const int order = by_package(&a->components[i], &b->components[k]);
        const uint32_t i_end = order <= 0 ? package_end(a, i) : i, k_end = order >= 0 ? package_end(b, k) : k;
        half x = half_of(a, i, i_end, room_a), y = half_of(b, k, k_end, room_b);
        if (!order)
            status = pair_package(&x, &y, arena, err);
        i = i_end;
        k = k_end;
    }
    return status;
}

/* What is left and has no purl: its name may be its digest. */
static half nameless(diff_side *side, diff_component **room) {
    half h = {.side = side, .items = room};
    for (uint32_t i = 0; i < side->component_count; i++)
        if (side->components[i].pair == DIFF_NONE && !side->components[i].purl.len)
            room[h.count++] = &side->components[i];
    return h;
}

/* A result has its components ordered by purl: they mostly stand as they should already. */
static void order(diff_side *side) {
    int is_ordered = 1;
    for (uint32_t i = 0; i < side->component_count; i++) {
        side->components[i].pair = DIFF_NONE;
        is_ordered &= !i || sort_whole(&side->components[i - 1], &side->components[i]) <= 0;
    }
    if (!is_ordered)
        qsort(side->components, side->component_count, sizeof *side->components, sort_whole);
}

stella_status diff_pair(diff_side *a, diff_side *b, stella_arena *arena, stella_error *err) {
    diff_component **room_a = stella_arena_alloc(arena, a->component_count, sizeof *room_a);
    diff_component **room_b = stella_arena_alloc(arena, b->component_count, sizeof *room_b);
    if (!room_a || !room_b)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for pairs");
    order(a);
    order(b);
    const stella_status status = pair_packages(a, b, room_a, room_b, arena, err);
    if (status != STELLA_OK)
        return status;
    half x = nameless(a, room_a), y = nameless(b, room_b);
    return pair_places(&x, &y, arena, err);
}
