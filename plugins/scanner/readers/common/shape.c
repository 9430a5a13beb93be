#include "common/shape.h"

shape *shape_begin(shapes *s, shape *parent, stella_sv key, uint32_t kind, uint32_t line) {
    shape *made = stella_arena_alloc(s->arena, 1, sizeof *made);
    if (!made) {
        s->is_short = 1;
        return NULL;
    }
    *made = (shape){.key = key, .kind = kind, .line = line};
    if (!parent)
        return made;
    if (parent->last)
        parent->last->next = made;
    else
        parent->first = made;
    parent->last = made;
    parent->count++;
    return made;
}

void shape_text(shapes *s, shape *parent, stella_sv key, stella_sv text, uint32_t line) {
    shape *made = parent ? shape_begin(s, parent, key, STELLA_JSON_STRING, line) : NULL;
    if (made)
        made->text = text;
}

shape *shape_get(const shape *object, stella_sv key) {
    for (shape *member = object ? object->first : NULL; member; member = member->next)
        if (stella_sv_eq(member->key, key))
            return member;
    return NULL;
}

shape *shape_get_or_begin(shapes *s, shape *object, stella_sv key, uint32_t kind, uint32_t line) {
    shape *known = shape_get(object, key);
    return known || !object ? known : shape_begin(s, object, key, kind, line);
}

static int freeze(shapes *s, const shape *from, stella_json *out);

static int freeze_items(shapes *s, const shape *from, stella_json *out) {
    stella_json *items = stella_arena_alloc(s->arena, from->count, sizeof *items);
    uint32_t i = 0;
    for (const shape *item = from->first; items && item; item = item->next)
        if (!freeze(s, item, &items[i++]))
            return 0;
    out->items = items;
    return items != NULL;
}

static int freeze_members(shapes *s, const shape *from, stella_json *out) {
    stella_json_member *members = stella_arena_alloc(s->arena, from->count, sizeof *members);
    uint32_t i = 0;
    for (const shape *member = from->first; members && member; member = member->next) {
        members[i].key = member->key;
        if (!freeze(s, member, &members[i++].value))
            return 0;
    }
    out->members = members;
    return members != NULL;
}

static int freeze(shapes *s, const shape *from, stella_json *out) {
    *out = (stella_json){.kind = from->kind, .count = from->count, .text = from->text, .line = from->line};
    if (from->kind == STELLA_JSON_ARRAY)
        return freeze_items(s, from, out);
    return from->kind != STELLA_JSON_OBJECT || freeze_members(s, from, out);
}

stella_status shape_finish(shapes *s, const shape *root, const stella_json **out, stella_error *err) {
    stella_json *made = s->is_short || !root ? NULL : stella_arena_alloc(s->arena, 1, sizeof *made);
    if (!made || !freeze(s, root, made))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the document's tree");
    *out = made;
    return STELLA_OK;
}
