#include "mapping.h"

properties properties_of(stella_arena *arena, uint32_t room) {
    properties p = {.arena = arena, .items = stella_arena_alloc(arena, room, sizeof *p.items), .room = room};
    p.is_short = !p.items;
    return p;
}

static stella_bom_pair *next(properties *p) {
    if (p->is_short || p->count == p->room) {
        p->is_short = 1;
        return NULL;
    }
    return &p->items[p->count++];
}

void properties_add(properties *p, stella_sv name, stella_sv value) {
    if (value.len == 0)
        return;
    stella_bom_pair *pair = next(p);
    if (pair)
        *pair = (stella_bom_pair){.name = name, .value = value};
}

void properties_add_number(properties *p, stella_sv name, uint64_t value) {
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    const stella_sv text = stella_arena_dup(p->arena, stella_sv_of(digits + at, sizeof digits - at));
    if (text.ptr)
        properties_add(p, name, text);
    else
        p->is_short = 1;
}

void properties_add_text(properties *p, stella_sv name, const char *value) {
    properties_add(p, name, stella_sv_cstr(value));
}

stella_sv mapping_join(stella_arena *arena, stella_sv a, stella_sv b) {
    char *joined = stella_arena_alloc(arena, a.len + b.len + 1, 1);
    if (!joined)
        return (stella_sv){0};
    if (a.len)
        memcpy(joined, a.ptr, a.len);
    if (b.len)
        memcpy(joined + a.len, b.ptr, b.len);
    return stella_sv_of(joined, a.len + b.len);
}
