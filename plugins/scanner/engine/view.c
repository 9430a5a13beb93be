#include "view.h"

#include "path.h"

#include <stella/auto.h>

#include <stdlib.h>

/* What one layer says of a path: by a row, or by a row below it, which implies the directory. */
typedef struct event {
    uint32_t at;      /* row, counted through all layers */
    uint32_t older;   /* the next event for the same path, of the same layer or a lower one; 0: none */
    uint32_t implied; /* 0: the row speaks for itself; else the path is this many bytes of the row's */
} event;

/* The hash tells most paths apart without looking at them. ref is 0 when free; with EVENT_BIT the newest event of a
 * path of which several rows speak; else its only row, plus one. */
typedef struct slot {
    uint32_t hash;
    uint32_t ref;
} slot;

#define EVENT_BIT 0x80000000u
#define ROWS_MAX  (EVENT_BIT - 2u)

struct view {
    uint32_t count;
    const pack **packs;
    uint32_t *bases; /* the first row of each layer, counted through all; one more at the end */
    slot *slots;     /* NULL for one layer */
    uint32_t slot_count, used;
    event *events; /* [0] is not used */
    uint32_t event_count, event_room;
};

/* ---- what a layer says of a path --------------------------------------------------------------------------------- */

typedef struct meaning {
    view_entry entry;
    int is_entry;     /* something stands here in this layer */
    int is_directory; /* and it is a directory */
    int replaces;     /* what stands here in the layers underneath is gone */
    int hides_below;  /* so is what is below it there */
} meaning;

static meaning meaning_of_row(const pack *p, uint32_t layer, uint32_t row) {
    pack_row facts;
    pack_row_at(p, row, &facts);
    const int is_whiteout = (facts.flags & PACK_WHITEOUT) != 0;
    const int is_opaque = (facts.flags & PACK_OPAQUE) != 0;
    const int is_entry = facts.kind != 0 || is_opaque;
    const int is_directory = facts.kind ? facts.kind == STELLA_FILE_DIRECTORY : is_opaque;
    return (meaning){.entry = {.layer = layer, .row = facts.kind ? row : PACK_NO_ROW},
                     .is_entry = is_entry,
                     .is_directory = is_directory,
                     .replaces = is_entry || is_whiteout,
                     .hides_below = is_whiteout || is_opaque || (is_entry && !is_directory)};
}

static uint32_t layer_of(const view *v, uint32_t at) {
    uint32_t low = 0, high = v->count - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low + 1) / 2;
        if (v->bases[middle] <= at)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static meaning meaning_of(const view *v, const event *e) {
    const uint32_t layer = layer_of(v, e->at);
    if (e->implied)
        return (meaning){
            .entry = {.layer = layer, .row = PACK_NO_ROW}, .is_entry = 1, .is_directory = 1, .replaces = 1};
    return meaning_of_row(v->packs[layer], layer, e->at - v->bases[layer]);
}

/* ---- the table of paths ------------------------------------------------------------------------------------------ */

#define HASH_START 0xcbf29ce484222325u

/* FNV-1a: the hash of a directory is on the way to that of what is in it. */
static uint64_t hash_more(uint64_t hash, stella_sv bytes) {
    for (size_t i = 0; i < bytes.len; i++)
        hash = (hash ^ (unsigned char)bytes.ptr[i]) * 0x100000001b3u;
    return hash;
}

static uint32_t hash_end(uint64_t hash) {
    return (uint32_t)(((hash ^ hash >> 29) * 0x9e3779b97f4a7c15u) >> 32);
}

static event slot_event(const view *v, const slot *s) {
    return s->ref & EVENT_BIT ? v->events[s->ref & ~EVENT_BIT] : (event){.at = s->ref - 1};
}

static int event_is_of(const view *v, const event *e, stella_sv path) {
    char buf[PATH_BYTES_MAX];
    const uint32_t layer = layer_of(v, e->at);
    const stella_sv own = pack_path(v->packs[layer], e->at - v->bases[layer], buf);
    return stella_sv_eq(e->implied ? stella_sv_first(own, e->implied) : own, path);
}

/* The slot of the path, or the free one where it belongs. */
static slot *slot_of(const view *v, stella_sv path, uint32_t hash) {
    const uint32_t mask = v->slot_count - 1;
    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        slot *s = &v->slots[i];
        if (!s->ref)
            return s;
        const event newest = slot_event(v, s);
        if (s->hash == hash && event_is_of(v, &newest, path))
            return s;
    }
}

/* The newest event of a path: 1, or 0 when no layer speaks of it. */
static int newest_of(const view *v, stella_sv path, uint64_t hash, event *out) {
    const slot *s = slot_of(v, path, hash_end(hash));
    if (s->ref)
        *out = slot_event(v, s);
    return s->ref != 0;
}

static int step_down(const view *v, event *e) {
    if (!e->older)
        return 0;
    *e = v->events[e->older];
    return 1;
}

static stella_status table_grow(view *v, stella_error *err) {
    const uint64_t need = (uint64_t)v->slot_count * 2;
    slot *slots = need <= UINT32_MAX ? calloc((size_t)need, sizeof *slots) : NULL;
    if (!slots)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a table of %u paths", v->used);
    for (uint32_t i = 0; i < v->slot_count; i++) {
        if (!v->slots[i].ref)
            continue;
        uint32_t at = v->slots[i].hash & (uint32_t)(need - 1);
        while (slots[at].ref)
            at = (at + 1) & (uint32_t)(need - 1);
        slots[at] = v->slots[i];
    }
    free(v->slots);
    v->slots = slots;
    v->slot_count = (uint32_t)need;
    return STELLA_OK;
}

static stella_status event_add(view *v, event e, uint32_t *index, stella_error *err) {
    if (v->event_count == v->event_room) {
        const uint32_t room = v->event_room ? v->event_room + v->event_room / 2 : 1024;
        event *events = room < EVENT_BIT ? realloc(v->events, room * sizeof *events) : NULL;
        if (!events)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u paths of several layers", room);
        v->events = events;
        v->event_room = room;
        v->event_count = v->event_count ? v->event_count : 1;
    }
    *index = v->event_count++;
    v->events[*index] = e;
    return STELLA_OK;
}

/* Puts an event on top of what lower layers (and this one) said of its path. */
static stella_status table_put(view *v, stella_sv path, event e, stella_error *err) {
    stella_status status = v->used >= v->slot_count / 5 * 4 ? table_grow(v, err) : STELLA_OK;
    if (status != STELLA_OK)
        return status;
    const uint32_t hash = hash_end(hash_more(HASH_START, path));
    slot *s = slot_of(v, path, hash);
    if (!s->ref && !e.implied) {
        *s = (slot){.hash = hash, .ref = e.at + 1};
        v->used++;
        return STELLA_OK;
    }
    if (s->ref && !(s->ref & EVENT_BIT))
        status = event_add(v, slot_event(v, s), &e.older, err);
    else
        e.older = s->ref & ~EVENT_BIT;
    uint32_t index = 0;
    if (status == STELLA_OK)
        status = event_add(v, e, &index, err);
    if (status == STELLA_OK) {
        v->used += !s->ref;
        *s = (slot){.hash = hash, .ref = index | EVENT_BIT};
    }
    return status;
}

/* ---- building -----------------------------------------------------------------------------------------------------
 */

/* The directories above path that the layer has not shown before: rows come in tree order, so those it has shown lie on
 * the way to the entry before. */
static stella_status put_implied(view *v, stella_sv path, stella_sv before, uint32_t at, stella_error *err) {
    size_t same = 0;
    while (same < path.len && same < before.len && path.ptr[same] == before.ptr[same])
        same++;
    for (size_t i = 0; i < path.len; i++) {
        const int is_shown = i < same || (i == same && i == before.len);
        if (path.ptr[i] != '/' || is_shown)
            continue;
        const event e = {.at = at, .implied = (uint32_t)i};
        const stella_status status = table_put(v, stella_sv_first(path, i), e, err);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

static stella_status add_layer(view *v, uint32_t layer, stella_error *err) {
    STELLA_AUTO(stella_freep) char *before = malloc(PATH_BYTES_MAX);
    STELLA_AUTO(stella_freep) pack_walk *walk = malloc(sizeof *walk);
    if (!before || !walk)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a view");
    size_t before_len = 0;
    pack_walk_init(walk, v->packs[layer], 0);
    while (pack_walk_next(walk)) {
        const uint32_t at = v->bases[layer] + walk->row;
        const int is_entry = meaning_of_row(v->packs[layer], layer, walk->row).is_entry;
        /* A whiteout does not make the directory it is in. */
        stella_status status =
            is_entry ? put_implied(v, walk->path, stella_sv_of(before, before_len), at, err) : STELLA_OK;
        if (status == STELLA_OK)
            status = table_put(v, walk->path, (event){.at = at}, err);
        if (status != STELLA_OK)
            return status;
        if (is_entry) {
            memcpy(before, walk->path.ptr, walk->path.len);
            before_len = walk->path.len;
        }
    }
    return STELLA_OK;
}

static stella_status build_table(view *v, stella_error *err) {
    const uint64_t rows = v->bases[v->count];
    uint64_t slots = 1024;
    while (slots / 5 * 4 <= rows)
        slots *= 2;
    v->slot_count = (uint32_t)slots;
    v->slots = calloc(v->slot_count, sizeof *v->slots);
    if (!v->slots)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a table of %u paths", v->bases[v->count]);
    for (uint32_t layer = 0; layer < v->count; layer++) {
        const stella_status status = v->packs[layer] ? add_layer(v, layer, err) : STELLA_OK;
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

stella_status view_create(const pack *const *packs, uint32_t count, view **out, stella_error *err) {
    STELLA_AUTO(view_destroyp) view *v = calloc(1, sizeof *v);
    if (v) {
        v->packs = calloc(count + 1u, sizeof *v->packs);
        v->bases = calloc(count + 1u, sizeof *v->bases);
    }
    if (!v || !v->packs || !v->bases)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a view");
    v->count = count;
    for (uint32_t i = 0; i < count; i++) {
        v->packs[i] = packs[i];
        const uint32_t rows = packs[i] ? pack_count(packs[i]) : 0;
        if (rows > ROWS_MAX - v->bases[i])
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %u entries in all layers", ROWS_MAX);
        v->bases[i + 1] = v->bases[i] + rows;
    }
    const stella_status status = count > 1 ? build_table(v, err) : STELLA_OK;
    if (status == STELLA_OK)
        *out = STELLA_TAKE(v);
    return status;
}

void view_destroy(view *v) {
    if (!v)
        return;
    free(v->packs);
    free(v->bases);
    free(v->slots);
    free(v->events);
    free(v);
}

void view_destroyp(view **v) {
    view_destroy(*v);
    *v = NULL;
}

uint32_t view_layer_count(const view *v) {
    return v->count;
}

/* ---- asking -------------------------------------------------------------------------------------------------------
 */

/* The first layer above `layer` that hides what is below this directory, or the count of layers. */
static uint32_t hidden_below(const view *v, stella_sv dir, uint64_t hash, uint32_t layer) {
    uint32_t end = v->count;
    event e;
    if (!newest_of(v, dir, hash, &e))
        return end;
    do {
        const meaning m = meaning_of(v, &e);
        if (m.entry.layer <= layer)
            break;
        if (m.hides_below)
            end = m.entry.layer;
    } while (step_down(v, &e));
    return end;
}

/* The same for all directories above a path. */
static uint32_t hidden_by_parents(const view *v, stella_sv path, uint32_t layer) {
    uint64_t hash = HASH_START;
    uint32_t end = hidden_below(v, (stella_sv){0}, hash, layer); /* the root may be opaque */
    for (size_t i = 0; i < path.len; i++) {
        if (path.ptr[i] == '/') {
            const uint32_t hidden = hidden_below(v, stella_sv_first(path, i), hash, layer);
            end = hidden < end ? hidden : end;
        }
        hash = hash_more(hash, stella_sv_of(path.ptr + i, 1));
    }
    return end;
}

/* With one layer marks hide nothing; a directory without a row of its own is one when an entry lies below it. */
static int only_layer_at(const view *v, stella_sv path, view_entry *out) {
    char buf[PATH_BYTES_MAX];
    const pack *p = v->packs[0];
    uint32_t row = 0;
    if (!p)
        return 0;
    if (pack_find(p, path, &row)) {
        const meaning m = meaning_of_row(p, 0, row);
        if (m.is_entry) {
            *out = m.entry;
            return 1;
        }
        row++;
    }
    for (; row < pack_count(p) && path_below(pack_path(p, row, buf), path); row++) {
        if (meaning_of_row(p, 0, row).is_entry) {
            *out = (view_entry){.layer = 0, .row = PACK_NO_ROW};
            return 1;
        }
    }
    return 0;
}

int view_at(const view *v, stella_sv path, view_entry *out) {
    if (path.len == 0 || path.len >= PATH_BYTES_MAX || v->count == 0)
        return 0;
    if (v->count == 1)
        return only_layer_at(v, path, out);
    event e;
    if (!newest_of(v, path, hash_more(HASH_START, path), &e))
        return 0;
    meaning top = meaning_of(v, &e);
    if (!top.is_entry || hidden_by_parents(v, path, top.entry.layer) < v->count)
        return 0;
    /* A directory without a row of its own takes the facts of the one it was laid over. */
    meaning m = top;
    while (m.is_directory && m.entry.row == PACK_NO_ROW && step_down(v, &e)) {
        m = meaning_of(v, &e);
        if (m.is_entry && m.is_directory && m.entry.row != PACK_NO_ROW &&
            hidden_by_parents(v, path, m.entry.layer) == v->count)
            top = m;
    }
    *out = top.entry;
    return 1;
}

uint32_t view_end(const view *v, stella_sv path, uint32_t layer) {
    uint32_t end = v->count;
    event e;
    if (v->count < 2 || !newest_of(v, path, hash_more(HASH_START, path), &e))
        return end;
    do {
        const meaning m = meaning_of(v, &e);
        if (m.entry.layer <= layer)
            break;
        if (m.replaces)
            end = m.entry.layer;
    } while (step_down(v, &e));
    const uint32_t hidden = hidden_by_parents(v, path, layer);
    return hidden < end ? hidden : end;
}

void view_facts(const view *v, view_entry entry, pack_row *out) {
    if (entry.row == PACK_NO_ROW)
        *out = (pack_row){.kind = STELLA_FILE_DIRECTORY, .mode = 0755, .link = PACK_NO_ROW};
    else
        pack_row_at(v->packs[entry.layer], entry.row, out);
}
