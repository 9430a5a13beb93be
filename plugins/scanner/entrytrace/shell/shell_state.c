#include "shell_state.h"

typedef struct slot {
    char kind;
    stella_sv name;
    const shell_value *value;
    uint32_t stamp; /* of the last sweep that met it */
} slot;

typedef struct undo {
    uint32_t slot;
    const shell_value *value;
} undo;

struct shell_state {
    stella_arena *arena;
    slot *slots;
    uint32_t count, room;
    uint32_t *table; /* position in slots + 1; 0: free; a power of two, at most half full */
    uint32_t table_size;
    undo *undos;
    uint32_t undo_count, undo_room;
    uint32_t stamp;
    uint64_t version;
};

static uint32_t hash_of(char kind, stella_sv name) {
    uint32_t hash = 2166136261u ^ (uint32_t)(unsigned char)kind;
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.ptr[i]) * 16777619u;
    return hash;
}

shell_state *shell_state_new(stella_arena *arena) {
    shell_state *s = stella_arena_alloc(arena, 1, sizeof *s);
    if (!s)
        return NULL;
    s->arena = arena;
    s->table_size = 256;
    s->table = stella_arena_alloc(arena, s->table_size, sizeof *s->table);
    return s->table ? s : NULL;
}

/* Where the name is in the table, or where it would be. */
static uint32_t *place(const shell_state *s, char kind, stella_sv name) {
    for (uint32_t at = hash_of(kind, name);; at++) {
        uint32_t *entry = &s->table[at & (s->table_size - 1)];
        if (!*entry)
            return entry;
        const slot *found = &s->slots[*entry - 1];
        if (found->kind == kind && stella_sv_eq(found->name, name))
            return entry;
    }
}

static int grow_table(shell_state *s) {
    uint32_t *table = stella_arena_alloc(s->arena, s->table_size * 2, sizeof *table);
    if (!table)
        return 0;
    s->table = table;
    s->table_size *= 2;
    for (uint32_t i = 0; i < s->count; i++)
        *place(s, s->slots[i].kind, s->slots[i].name) = i + 1;
    return 1;
}

/* Room for one more; the old memory stays with the arena. */
static void *grown(stella_arena *arena, void *items, uint32_t count, uint32_t *room, size_t size) {
    if (count < *room)
        return items;
    const uint32_t more = *room ? *room * 2 : 64;
    void *fresh = stella_arena_alloc(arena, more, size);
    if (!fresh)
        return NULL;
    if (count)
        memcpy(fresh, items, count * size);
    *room = more;
    return fresh;
}

static int add_slot(shell_state *s, char kind, stella_sv name, uint32_t *out) {
    if (s->count >= SHELL_SLOTS_MAX || (s->count * 2 >= s->table_size && !grow_table(s)))
        return 0;
    slot *slots = grown(s->arena, s->slots, s->count, &s->room, sizeof *slots);
    const stella_sv copy = stella_arena_dup(s->arena, name);
    if (!slots || (name.len && !copy.ptr))
        return 0;
    s->slots = slots;
    s->slots[s->count] = (slot){.kind = kind, .name = copy};
    *out = s->count++;
    *place(s, kind, copy) = *out + 1;
    return 1;
}

static int set_slot(shell_state *s, uint32_t at, const shell_value *value) {
    undo *undos = grown(s->arena, s->undos, s->undo_count, &s->undo_room, sizeof *undos);
    if (!undos)
        return 0;
    s->undos = undos;
    s->undos[s->undo_count++] = (undo){.slot = at, .value = s->slots[at].value};
    s->slots[at].value = value;
    s->version += s->slots[at].kind == SLOT_VARIABLE ? 1 : 0;
    return 1;
}

const shell_value *shell_state_get(const shell_state *s, char kind, stella_sv name) {
    const uint32_t entry = *place(s, kind, name);
    return entry ? s->slots[entry - 1].value : NULL;
}

int shell_state_set(shell_state *s, char kind, stella_sv name, const shell_value *value) {
    const uint32_t entry = *place(s, kind, name);
    uint32_t at = entry ? entry - 1 : 0;
    if (!entry && (!value || !add_slot(s, kind, name, &at)))
        return !value;
    return set_slot(s, at, value);
}

int shell_state_each(const shell_state *s, char kind, uint32_t *at, stella_sv *name, const shell_value **value) {
    while (*at < s->count) {
        const slot *it = &s->slots[(*at)++];
        if (it->kind != kind || !it->value)
            continue;
        *name = it->name;
        *value = it->value;
        return 1;
    }
    return 0;
}

uint64_t shell_state_version(const shell_state *s) {
    return s->version;
}

/* ---- values ------------------------------------------------------------------------------------------------------- */

static int same_word(const stella_word *a, const stella_word *b) {
    return a->flags == b->flags && stella_sv_eq(a->text, b->text);
}

static int same(const shell_value *a, const shell_value *b) {
    if (a == b || !a || !b)
        return a == b;
    if (a->flags != b->flags || a->count != b->count || !same_word(&a->word, &b->word) || a->function != b->function)
        return 0;
    for (uint32_t i = 0; i < a->count; i++)
        if (!stella_sv_eq(a->items[i].key, b->items[i].key) || !same_word(&a->items[i].word, &b->items[i].word))
            return 0;
    return 1;
}

/* What both lists begin with, then any number of words. */
static shell_value *join_lists(shell_state *s, const shell_value *a, const shell_value *b, stella_sv rest) {
    shell_value *value = stella_arena_alloc(s->arena, 1, sizeof *value);
    shell_item *items = stella_arena_alloc(s->arena, (uint64_t)a->count + 1, sizeof *items);
    if (!value || !items)
        return NULL;
    while (value->count < a->count && value->count < b->count &&
           same_word(&a->items[value->count].word, &b->items[value->count].word)) {
        items[value->count] = a->items[value->count];
        value->count++;
    }
    items[value->count++] =
        (shell_item){.key = STELLA_SV("?"), .word = {.text = rest, .flags = STELLA_WORD_UNKNOWN | STELLA_WORD_MANY}};
    value->items = items;
    return value;
}

/* Steps of the one and the other. */
static const shell_value *join_steps(shell_state *s, const shell_value *a, const shell_value *b) {
    shell_value *value = stella_arena_alloc(s->arena, 1, sizeof *value);
    shell_item *items = stella_arena_alloc(s->arena, (uint64_t)a->count + b->count, sizeof *items);
    if (!value || !items)
        return NULL;
    if (a->count)
        memcpy(items, a->items, a->count * sizeof *items);
    value->count = a->count;
    for (uint32_t i = 0; i < b->count; i++) {
        uint32_t at = 0;
        while (at < a->count && !stella_sv_eq(a->items[at].key, b->items[i].key))
            at++;
        if (at == a->count)
            items[value->count++] = b->items[i];
    }
    value->items = items;
    return value;
}

static void add_either(const shell_value **list, uint32_t *count, const shell_value *value) {
    for (uint32_t i = 0; i < *count && i < SHELL_EITHER_MAX; i++)
        if (same(list[i], value))
            return;
    if (*count < SHELL_EITHER_MAX)
        list[*count] = value;
    ++*count;
}

/* Remembers which values these were, as long as they are few. */
static const shell_value *with_either(shell_state *s, shell_value *joined, const shell_value *a, const shell_value *b) {
    const shell_value *const sides[] = {a, b};
    const shell_value **list = stella_arena_alloc(s->arena, SHELL_EITHER_MAX, sizeof *list);
    uint32_t count = 0;
    if (!joined || !list)
        return NULL;
    for (uint32_t side = 0; side < 2; side++) {
        const shell_value *v = sides[side];
        if (!v || (!v->either_count && v->word.flags & STELLA_WORD_UNKNOWN))
            return joined;
        for (uint32_t i = 0; i < v->either_count; i++)
            add_either(list, &count, v->either[i]);
        if (!v->either_count)
            add_either(list, &count, v);
    }
    if (count <= SHELL_EITHER_MAX)
        joined->either = list, joined->either_count = count;
    return joined;
}

static int is_array(const shell_value *value) {
    return value && (value->flags & (VALUE_ARRAY | VALUE_MAP)) == VALUE_ARRAY;
}

static const shell_value *join_arrays(shell_state *s, const slot *at, const shell_value *a, const shell_value *b) {
    const stella_sv rest = stella_arena_printf(s->arena, "${%.*s[@]}", STELLA_SV_FMT(at->name));
    shell_value *value = rest.ptr ? join_lists(s, a, b, rest) : NULL;
    if (value)
        value->flags = VALUE_ARRAY | ((a->flags | b->flags) & (VALUE_EXPORTED | VALUE_MAYBE));
    return value;
}

/* What is known of a slot that has the one value or the other. */
static const shell_value *join_values(shell_state *s, const slot *at, const shell_value *a, const shell_value *b) {
    const int steps = at->kind == SLOT_LAST || at->kind == SLOT_JOBS;
    if (same(a, b) || (steps && !b))
        return a;
    if (!a && (steps || at->kind == SLOT_FUNCTION || at->kind == SLOT_TOUCHED))
        return b;
    if (a && (at->kind == SLOT_FUNCTION || at->kind == SLOT_TOUCHED))
        return a;
    if (steps)
        return join_steps(s, a, b);
    if (at->kind == SLOT_POSITIONAL && a && b)
        return with_either(s, join_lists(s, a, b, STELLA_SV("$@")), a, b);
    if (at->kind == SLOT_VARIABLE && is_array(a) && is_array(b))
        return join_arrays(s, at, a, b);
    shell_value *value = stella_arena_alloc(s->arena, 1, sizeof *value);
    stella_sv text = stella_arena_printf(s->arena, "$%.*s", STELLA_SV_FMT(at->name));
    if (!value || !text.ptr)
        return NULL;
    *value = (shell_value){.word = {.text = text, .flags = STELLA_WORD_UNKNOWN},
                           .flags = ((a ? a->flags : 0) | (b ? b->flags : 0)) & VALUE_EXPORTED};
    value->flags |= !a || !b || ((a->flags | b->flags) & VALUE_MAYBE) ? VALUE_MAYBE : 0;
    const int scalars = a && b && !((a->flags | b->flags) & VALUE_ARRAY) && at->kind == SLOT_VARIABLE;
    return scalars ? with_either(s, value, a, b) : value;
}

/* ---- ways --------------------------------------------------------------------------------------------------------- */

uint32_t shell_state_mark(const shell_state *s) {
    return s->undo_count;
}

int shell_state_changed(const shell_state *s, uint32_t mark) {
    for (uint32_t i = mark; i < s->undo_count; i++) {
        uint32_t first = mark; /* the value it had at the mark */
        while (s->undos[first].slot != s->undos[i].slot)
            first++;
        if (!same(s->undos[first].value, s->slots[s->undos[i].slot].value))
            return 1;
    }
    return 0;
}

int shell_state_take(shell_state *s, uint32_t mark, shell_changes *out) {
    const uint32_t stamp = ++s->stamp;
    *out = (shell_changes){.items = stella_arena_alloc(s->arena, s->undo_count - mark, sizeof *out->items)};
    if (!out->items)
        return 0;
    for (uint32_t i = s->undo_count; i-- > mark;) {
        slot *at = &s->slots[s->undos[i].slot];
        if (at->stamp != stamp)
            out->items[out->count++] = (shell_change){.slot = s->undos[i].slot, .value = at->value};
        at->stamp = stamp;
        at->value = s->undos[i].value;
    }
    s->version += s->undo_count > mark ? 1 : 0;
    s->undo_count = mark;
    return 1;
}

static const shell_value *value_in(const shell_state *s, const shell_changes *way, uint32_t at) {
    for (uint32_t i = 0; i < way->count; i++)
        if (way->items[i].slot == at)
            return way->items[i].value;
    return s->slots[at].value;
}

static int join_slot(shell_state *s, const shell_changes *ways, uint32_t count, uint32_t at) {
    const shell_value *value = value_in(s, &ways[0], at);
    for (uint32_t i = 1; i < count; i++) {
        const shell_value *other = value_in(s, &ways[i], at), *joined = join_values(s, &s->slots[at], value, other);
        if (!joined && (value || other))
            return 0;
        value = joined;
    }
    return set_slot(s, at, value);
}

int shell_state_join(shell_state *s, const shell_changes *ways, uint32_t count) {
    /* The values at the fork are read until the last slot is joined: each slot is set once. */
    const uint32_t stamp = ++s->stamp;
    for (uint32_t way = 0; way < count; way++)
        for (uint32_t i = 0; i < ways[way].count; i++) {
            const uint32_t at = ways[way].items[i].slot;
            if (s->slots[at].stamp == stamp)
                continue;
            s->slots[at].stamp = stamp;
            if (!join_slot(s, ways, count, at))
                return 0;
        }
    return 1;
}
