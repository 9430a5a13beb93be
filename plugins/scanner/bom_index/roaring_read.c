#include "roaring.h"
#include "roaring_layout.h"

enum { KIND_ARRAY, KIND_BITMAP, KIND_RUNS };

/* What stands before the bodies. */
typedef struct layout {
    stella_cursor heads, offsets, bodies;
    const unsigned char *run_flags; /* NULL: no container is one of runs */
    uint32_t containers;
    int has_offsets;
} layout;

/* A container as its head tells it. */
typedef struct container {
    uint32_t key, count, kind;
} container;

static stella_cursor part(stella_cursor *c, uint64_t size) {
    const stella_sv bytes = stella_cursor_str(c, size);
    return stella_cursor_of(bytes.ptr, bytes.len);
}

/* Returns 0 when the bytes do not begin as a set does. */
static int read_layout(stella_sv bytes, layout *out) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    const uint32_t cookie = stella_cursor_u32le(&c);
    *out = (layout){0};
    if ((cookie & 0xffff) == ROARING_COOKIE_RUNS) {
        out->containers = (cookie >> 16) + 1;
        out->run_flags = (const unsigned char *)stella_cursor_str(&c, (out->containers + 7) / 8).ptr;
    } else {
        out->containers = stella_cursor_u32le(&c);
        if (cookie != ROARING_COOKIE || out->containers > ROARING_CHUNK)
            return 0;
    }
    out->has_offsets = !out->run_flags || out->containers >= ROARING_OFFSETS_FROM;
    out->heads = part(&c, 4 * (uint64_t)out->containers);
    if (out->has_offsets)
        out->offsets = part(&c, 4 * (uint64_t)out->containers);
    out->bodies = c;
    return c.ok;
}

static int has_runs(const unsigned char *run_flags, uint32_t i) {
    return run_flags && (run_flags[i / 8] >> i % 8 & 1) != 0;
}

static container read_head(stella_cursor *heads, const unsigned char *run_flags, uint32_t i) {
    container c = {.key = stella_cursor_u16le(heads)};
    c.count = stella_cursor_u16le(heads) + 1u;
    c.kind = has_runs(run_flags, i) ? KIND_RUNS : c.count <= ROARING_ARRAY_MAX ? KIND_ARRAY : KIND_BITMAP;
    return c;
}

/* What a look at one container's values is for: that the head and the form were right. */
typedef struct tally {
    uint64_t values;
    uint32_t runs;
    int64_t last; /* value; -1 before the first */
    int in_order;
} tally;

static void tally_add(tally *t, uint32_t first, uint32_t last) {
    t->in_order &= (int64_t)first > t->last;
    t->runs += (int64_t)first != t->last + 1 || t->last < 0 ? 1 : 0;
    t->values += (uint64_t)last - first + 1;
    t->last = last;
}

static void tally_word(tally *t, uint32_t base, uint64_t word) {
    while (word) {
        const uint32_t first = (uint32_t)__builtin_ctzll(word);
        const uint64_t ones = ~(word >> first);
        const uint32_t length = ones ? (uint32_t)__builtin_ctzll(ones) : 64;
        tally_add(t, base + first, base + first + length - 1);
        word = first + length < 64 ? word >> (first + length) << (first + length) : 0;
    }
}

static tally tally_values(stella_cursor *body, const container *c) {
    tally t = {.last = -1, .in_order = 1};
    for (uint32_t i = 0; c->kind == KIND_ARRAY && body->ok && i < c->count; i++) {
        const uint32_t value = stella_cursor_u16le(body);
        tally_add(&t, value, value);
    }
    for (uint32_t base = 0; c->kind == KIND_BITMAP && body->ok && base < ROARING_CHUNK; base += 64)
        tally_word(&t, base, stella_cursor_u64le(body));
    return t;
}

/* Runs that touch would be one. */
static tally tally_runs(stella_cursor *body) {
    tally t = {.last = -1, .in_order = 1};
    const uint32_t count = stella_cursor_u16le(body);
    for (uint32_t i = 0; body->ok && i < count; i++) {
        const uint32_t first = stella_cursor_u16le(body), last = first + stella_cursor_u16le(body);
        t.in_order &= last < ROARING_CHUNK && (i == 0 || first > t.last + 1);
        tally_add(&t, first, last);
    }
    return t;
}

static stella_status check_container(stella_cursor *body, const container *c, uint64_t bound, stella_error *err) {
    const tally t = c->kind == KIND_RUNS ? tally_runs(body) : tally_values(body, c);
    if (!body->ok)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a container of the set runs past its end");
    if (!t.in_order)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the set's values are not in order");
    if (t.values != c->count)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a container of the set holds %llu values and claims %u",
                                (unsigned long long)t.values, c->count);
    if (roaring_is_runs(c->count, t.runs) != (c->kind == KIND_RUNS))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the set is not in canonical form: %s",
                                c->kind == KIND_RUNS ? "a container has runs without need"
                                                     : "a container would be smaller as runs");
    const uint64_t value = ((uint64_t)c->key << 16) + (uint64_t)t.last;
    if (value >= bound)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the set has the value %llu, where there are %llu",
                                (unsigned long long)value, (unsigned long long)bound);
    return STELLA_OK;
}

/* Flags beyond the last container, or none set at all, would be another spelling. */
static int are_flags_canonical(const layout *l) {
    uint32_t set = 0;
    for (uint32_t i = 0; l->run_flags && i < (l->containers + 7) / 8 * 8; i++) {
        if (has_runs(l->run_flags, i) && i >= l->containers)
            return 0;
        set += has_runs(l->run_flags, i) ? 1 : 0;
    }
    return !l->run_flags || set;
}

static stella_status check_containers(layout *l, uint64_t bound, uint64_t *values, stella_error *err) {
    int64_t key = -1;
    *values = 0;
    for (uint32_t i = 0; i < l->containers; i++) {
        const container c = read_head(&l->heads, l->run_flags, i);
        if ((int64_t)c.key <= key)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "the set's containers are not in order");
        if (l->has_offsets && stella_cursor_u32le(&l->offsets) != stella_cursor_offset(&l->bodies))
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "a container is not where the set says");
        const stella_status status = check_container(&l->bodies, &c, bound, err);
        if (status != STELLA_OK)
            return status;
        key = c.key;
        *values += c.count;
    }
    return STELLA_OK;
}

stella_status roaring_check(stella_sv bytes, uint64_t bound, roaring *out, stella_error *err) {
    layout l;
    uint64_t values;
    if (!read_layout(bytes, &l))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a roaring set, or cut short");
    if (!are_flags_canonical(&l))
        return stella_error_set(err, STELLA_E_FORMAT, NULL,
                                "the set is not in canonical form: its flags of runs say nothing, or too much");
    const stella_status status = check_containers(&l, bound, &values, err);
    if (status != STELLA_OK)
        return status;
    if (stella_cursor_left(&l.bodies))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "%zu bytes follow the set", stella_cursor_left(&l.bodies));
    *out = (roaring){.bytes = bytes, .containers = l.containers, .count = values};
    return STELLA_OK;
}

roaring_walk roaring_begin(const roaring *set) {
    layout l;
    roaring_walk walk = {0};
    if (set->containers && read_layout(set->bytes, &l))
        walk =
            (roaring_walk){.heads = l.heads, .body = l.bodies, .run_flags = l.run_flags, .containers = set->containers};
    return walk;
}

static void enter_container(roaring_walk *w) {
    const container c = read_head(&w->heads, w->run_flags, w->index++);
    w->key = c.key << 16;
    w->kind = c.kind;
    w->left = c.kind == KIND_RUNS ? stella_cursor_u16le(&w->body) : c.count;
    w->word_at = 0;
    w->word = c.kind == KIND_BITMAP ? stella_cursor_u64le(&w->body) : 0;
}

static uint32_t next_bit(roaring_walk *w) {
    while (!w->word && w->body.ok) {
        w->word = stella_cursor_u64le(&w->body);
        w->word_at += 64;
    }
    const uint32_t bit = w->word ? (uint32_t)__builtin_ctzll(w->word) : 0;
    w->word &= w->word - 1;
    return w->word_at + bit;
}

/* The words behind the last value are not looked at by next_bit. */
static void leave_bitmap(roaring_walk *w) {
    if (w->kind == KIND_BITMAP)
        stella_cursor_skip(&w->body, (ROARING_CHUNK - 64 - w->word_at) / 8);
}

int roaring_next(roaring_walk *w, uint32_t *first, uint32_t *last) {
    if (w->left == 0) {
        if (w->index == w->containers)
            return 0;
        enter_container(w);
    }
    const uint32_t value = w->kind == KIND_BITMAP ? next_bit(w) : stella_cursor_u16le(&w->body);
    const uint32_t further = w->kind == KIND_RUNS ? stella_cursor_u16le(&w->body) : 0;
    if (!w->body.ok)
        return 0;
    *first = w->key | value;
    *last = *first + further;
    if (--w->left == 0)
        leave_bitmap(w);
    return 1;
}

int roaring_has(const roaring *set, uint32_t value) {
    roaring_walk walk = roaring_begin(set);
    uint32_t first, last;
    while (roaring_next(&walk, &first, &last) && first <= value)
        if (value <= last)
            return 1;
    return 0;
}
