#include "lock.h"

#include "names.h"

#include <stella/cursor.h>

#define FIRST_ROOM 64

/* Makes room for one more element of an array in the arena. Returns the array, or NULL when memory is short. */
static void *room_for(stella_arena *arena, void *array, uint32_t count, uint32_t *room, size_t size) {
    if (count < *room)
        return array;
    const uint32_t grown_room = *room ? *room * 2 : FIRST_ROOM;
    void *grown = stella_arena_alloc(arena, grown_room, size);
    if (!grown)
        return NULL;
    if (count)
        memcpy(grown, array, count * size);
    *room = grown_room;
    return grown;
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the lock file says");
}

stella_status lock_add(lock *l, lock_entry **out, stella_error *err) {
    if (l->count == LOCK_ENTRIES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d packages", LOCK_ENTRIES_MAX);
    lock_entry *entries = room_for(l->arena, l->entries, l->count, &l->room, sizeof *entries);
    if (!entries)
        return no_memory(err);
    l->entries = entries;
    *out = &entries[l->count++];
    return STELLA_OK;
}

stella_status lock_need(lock *l, uint32_t from, uint32_t to, uint32_t flags, stella_error *err) {
    if (from == to)
        return STELLA_OK;
    if (l->edge_count == LOCK_EDGES_MAX) {
        l->is_cut = 1;
        return STELLA_OK;
    }
    lock_edge *edges = room_for(l->arena, l->edges, l->edge_count, &l->edge_room, sizeof *edges);
    if (!edges)
        return no_memory(err);
    l->edges = edges;
    lock_entry *entry = &l->entries[from];
    if (entry->edge_count == 0)
        entry->first_edge = l->edge_count;
    edges[l->edge_count++] = (lock_edge){.to = to, .flags = flags};
    entry->edge_count++;
    return STELLA_OK;
}

/* ---- what the project needs -----------------------------------------------------------------------------------------
 */

#define UNREACHED 3 /* worse than any LOCK_ROOT_* */

/* Everything that is reached from the roots of that kind and was not reached before gets the kind; an edge that is
 * optional is left for the round of the optional ones, which begins where it leads. */
typedef struct walk {
    const lock *l;
    uint8_t *reached; /* by entry: LOCK_ROOT_* or UNREACHED */
    uint32_t *stack;
    uint32_t depth;
    uint8_t kind;
} walk;

static void reach(walk *w, uint32_t entry) {
    if (w->reached[entry] <= w->kind)
        return;
    w->reached[entry] = w->kind;
    w->stack[w->depth++] = entry;
}

static void spread(walk *w) {
    while (w->depth) {
        const lock_entry *e = &w->l->entries[w->stack[--w->depth]];
        for (uint32_t i = 0; i < e->edge_count; i++) {
            const lock_edge *edge = &w->l->edges[e->first_edge + i];
            if (w->kind != LOCK_ROOT_PROD || !(edge->flags & STELLA_RELATION_OPTIONAL))
                reach(w, edge->to);
        }
    }
}

/* The second round also begins at the optional needs of what the first one reached. */
static void begin_at_optional_needs(walk *w) {
    for (uint32_t i = 0; i < w->l->count; i++) {
        const lock_entry *e = &w->l->entries[i];
        for (uint32_t j = 0; w->reached[i] == LOCK_ROOT_PROD && j < e->edge_count; j++)
            reach(w, w->l->edges[e->first_edge + j].to);
    }
}

static void walk_all(walk *w, const lock_root *roots, uint32_t count) {
    memset(w->reached, UNREACHED, w->l->count);
    if (w->l->is_cut)
        return;
    for (w->kind = LOCK_ROOT_PROD; w->kind <= LOCK_ROOT_DEV; w->kind++) {
        for (uint32_t i = 0; i < count; i++)
            if (roots[i].kind == w->kind)
                reach(w, roots[i].entry);
        if (w->kind == LOCK_ROOT_OPTIONAL)
            begin_at_optional_needs(w);
        spread(w);
    }
}

stella_status lock_mark(lock *l, const lock_root *roots, uint32_t count, stella_error *err) {
    walk w = {.l = l,
              .reached = stella_arena_alloc(l->arena, (uint64_t)l->count + 1, 1),
              .stack = stella_arena_alloc(l->arena, (uint64_t)l->count + 1, sizeof(uint32_t))};
    if (!w.reached || !w.stack)
        return no_memory(err);
    walk_all(&w, roots, count);
    for (uint32_t i = 0; i < l->count; i++) {
        lock_entry *e = &l->entries[i];
        e->flags &= ~(LOCK_DEV | LOCK_OPTIONAL);
        e->flags |= w.reached[i] == LOCK_ROOT_DEV ? LOCK_DEV : w.reached[i] == LOCK_ROOT_OPTIONAL ? LOCK_OPTIONAL : 0;
    }
    l->is_marked = 1;
    return STELLA_OK;
}

/* ---- as the bytes of a record ---------------------------------------------------------------------------------------
 */

#define RECORD_MARKED 1u
#define RECORD_CUT    2u

static void encode_entry(const lock *l, const lock_entry *e, stella_buf *out) {
    const int is_good = name_is_good(e->name) && version_is_good(e->version);
    const stella_sv texts[] = {e->name, e->version, e->integrity, e->resolved, e->license, e->keys};
    stella_buf_varint(out, e->flags | (is_good ? 0 : LOCK_SILENT));
    stella_buf_varint(out, e->line);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        stella_buf_str(out, texts[i]);
    stella_buf_varint(out, e->edge_count);
    for (uint32_t i = 0; i < e->edge_count; i++) {
        stella_buf_varint(out, l->edges[e->first_edge + i].to);
        stella_buf_varint(out, l->edges[e->first_edge + i].flags);
    }
}

stella_status lock_encode(const lock *l, stella_buf *out) {
    stella_buf_varint(out, (l->is_marked ? RECORD_MARKED : 0) | (l->is_cut ? RECORD_CUT : 0));
    stella_buf_varint(out, l->count);
    for (uint32_t i = 0; i < l->count; i++)
        encode_entry(l, &l->entries[i], out);
    return out->failed ? stella_buf_u8(out, 0) : STELLA_OK;
}

static stella_sv text_of(stella_cursor *c) {
    return stella_cursor_str(c, stella_cursor_varint(c));
}

static stella_status decode_entry(stella_cursor *c, lock *l, uint64_t of, stella_error *err) {
    lock_entry *e = NULL;
    const stella_status status = lock_add(l, &e, err);
    if (status != STELLA_OK)
        return status;
    const uint32_t self = l->count - 1;
    e->flags = (uint32_t)stella_cursor_varint(c);
    e->line = (uint32_t)stella_cursor_varint(c);
    e->name = text_of(c);
    e->version = text_of(c);
    e->integrity = text_of(c);
    e->resolved = text_of(c);
    e->license = text_of(c);
    e->keys = text_of(c);
    const uint64_t edges = stella_cursor_varint(c);
    for (uint64_t i = 0; c->ok && i < edges; i++) {
        const uint64_t to = stella_cursor_varint(c);
        const uint64_t flags = stella_cursor_varint(c);
        if (to >= of)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "a dependency on what is not there");
        const stella_status added = lock_need(l, self, (uint32_t)to, (uint32_t)flags, err);
        if (added != STELLA_OK)
            return added;
    }
    return STELLA_OK;
}

stella_status lock_decode(stella_sv bytes, stella_arena *arena, lock *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    lock l = lock_in(arena);
    stella_status status = STELLA_OK;
    const uint64_t marks = stella_cursor_varint(&c);
    l.is_marked = marks & RECORD_MARKED ? 1 : 0;
    l.is_cut = marks & RECORD_CUT ? 1 : 0;
    const uint64_t count = stella_cursor_varint(&c);
    for (uint64_t i = 0; c.ok && status == STELLA_OK && i < count; i++)
        status = decode_entry(&c, &l, count, err);
    if (status != STELLA_OK)
        return status;
    if (!c.ok || stella_cursor_left(&c))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a record of a lock file that cannot be read");
    *out = l;
    return STELLA_OK;
}
