#include "common/refs.h"

#include <stdlib.h>

#define ROOM_AT_FIRST 256u

stella_status refs_add(refs *r, stella_sv name, stella_component *component, stella_error *err) {
    if (r->count == r->room) {
        const uint32_t room = r->room ? r->room * 2 : ROOM_AT_FIRST;
        ref *items = stella_arena_alloc(r->arena, room, sizeof *items);
        if (!items)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u components", room);
        if (r->count)
            memcpy(items, r->items, r->count * sizeof *items);
        r->items = items;
        r->room = room;
    }
    r->items[r->count++] = (ref){.name = name, .component = component};
    return STELLA_OK;
}

static int by_name(const void *left, const void *right) {
    return stella_sv_cmp(((const ref *)left)->name, ((const ref *)right)->name);
}

void refs_order(refs *r) {
    if (r->count)
        qsort(r->items, r->count, sizeof *r->items, by_name);
}

stella_component *refs_find(const refs *r, stella_sv name) {
    const ref key = {.name = name};
    const ref *found = r->count && name.len ? bsearch(&key, r->items, r->count, sizeof *r->items, by_name) : NULL;
    return found ? found->component : NULL;
}
