#include "names.h"

#include <stdlib.h>

names names_of(stella_arena *arena) {
    return (names){.arena = arena};
}

static stella_status make_room(names *n, stella_error *err) {
    if (n->count < n->room)
        return STELLA_OK;
    const uint32_t room = n->room ? 2 * n->room : 64;
    names_entry *at = stella_arena_alloc(n->arena, room, sizeof *at);
    if (!at)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the names of libraries");
    if (n->count)
        memcpy(at, n->at, n->count * sizeof *at);
    n->at = at;
    n->room = room;
    return STELLA_OK;
}

stella_status names_push(names *n, stella_sv text, uint32_t value, stella_error *err) {
    const stella_status status = make_room(n, err);
    if (status == STELLA_OK)
        n->at[n->count++] = (names_entry){.text = text, .value = value};
    return status;
}

static int by_text(const void *left, const void *right) {
    const names_entry *a = left, *b = right;
    const int order = stella_sv_cmp(a->text, b->text);
    return order ? order : (a->value > b->value) - (a->value < b->value);
}

void names_order(names *n) {
    for (uint32_t i = 1; i < n->count; i++)
        if (by_text(&n->at[i - 1], &n->at[i]) > 0) {
            qsort(n->at, n->count, sizeof *n->at, by_text);
            return;
        }
}

/* The first position whose text is not below. */
static uint32_t place_of(const names *n, stella_sv text) {
    uint32_t low = 0, high = n->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (stella_sv_cmp(n->at[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

stella_status names_add(names *n, stella_sv text, uint32_t value, stella_error *err) {
    const uint32_t place = place_of(n, text);
    if (place < n->count && stella_sv_eq(n->at[place].text, text))
        return STELLA_OK;
    const stella_status status = make_room(n, err);
    if (status != STELLA_OK)
        return status;
    memmove(n->at + place + 1, n->at + place, (n->count - place) * sizeof *n->at);
    n->at[place] = (names_entry){.text = text, .value = value};
    n->count++;
    return STELLA_OK;
}

int names_find(const names *n, stella_sv text, uint32_t *out) {
    const uint32_t place = place_of(n, text);
    if (place == n->count || !stella_sv_eq(n->at[place].text, text))
        return 0;
    *out = n->at[place].value;
    return 1;
}
