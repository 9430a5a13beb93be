/* read.c - reading: one value, or a range in order. */
#include "state/store.h"

static MDB_val val_of(const void *bytes, size_t size) {
    return (MDB_val){.mv_data = (void *)(uintptr_t)bytes, .mv_size = size};
}

static stella_status copy_out(state *s, const MDB_val *stored, stella_sv key, stella_arena *arena, stella_sv *value,
                              stella_error *err) {
    int64_t expires_ms;
    stella_sv found;
    if (!store_record(stored, &expires_ms, &found))
        return store_error(s, MDB_CORRUPTED, "get", err);
    if (expires_ms != 0 && expires_ms <= s->wall_ms())
        return stella_error_at(err, STELLA_E_NOTFOUND, key, "the key has no value");
    const stella_sv copy = found.len ? stella_arena_dup(arena, found) : STELLA_SV("");
    if (!copy.ptr)
        return stella_error_at(err, STELLA_E_NOMEM, key, "the value has %zu bytes, more than the arena's budget",
                               found.len);
    *value = copy;
    return STELLA_OK;
}

stella_status store_get(void *self, stella_sv space, stella_sv key, stella_arena *arena, stella_sv *value,
                        stella_error *err) {
    state *s = self;
    store_key full;
    if (key.len == 0 || !store_key_make(space, key, &full))
        return stella_error_at(err, STELLA_E_INVALID, key, "the namespace has 1 to %d bytes, the key 1 to %d",
                               STELLA_STATE_NAMESPACE_MAX, STELLA_STATE_KEY_MAX);
    MDB_txn *txn;
    int code = store_begin_read(s, &txn);
    if (code != 0)
        return store_error(s, code, "get", err);
    MDB_val k = val_of(full.bytes, full.size), stored;
    code = mdb_get(txn, s->data, &k, &stored);
    stella_status status;
    if (code == MDB_NOTFOUND)
        status = stella_error_at(err, STELLA_E_NOTFOUND, key, "the key has no value");
    else
        status = code ? store_error(s, code, "get", err) : copy_out(s, &stored, key, arena, value, err);
    store_end_read(s, txn);
    return status;
}

/* A range with its bounds as data keys: low <= key < high. */
typedef struct bounds {
    store_key low, high;
} bounds;

/* The least key that is above all that begin with this one; it exists because a namespace ends in NUL. */
static void successor(store_key *key) {
    while (key->size && key->bytes[key->size - 1] == 0xff)
        key->size--;
    key->bytes[key->size - 1]++;
}

static stella_sv key_sv(const store_key *key) {
    return stella_sv_of((const char *)key->bytes, key->size);
}

static int make_bounds(const stella_state_range *range, bounds *out) {
    store_key from, until;
    if (!store_key_make(range->space, range->prefix, &out->low) ||
        !store_key_make(range->space, range->prefix, &out->high) || !store_key_make(range->space, range->from, &from) ||
        !store_key_make(range->space, range->until, &until))
        return 0;
    successor(&out->high);
    if (range->from.ptr && stella_sv_cmp(key_sv(&from), key_sv(&out->low)) > 0)
        out->low = from;
    if (range->until.ptr && stella_sv_cmp(key_sv(&until), key_sv(&out->high)) < 0)
        out->high = until;
    return 1;
}

/* Moves to the first item of the range, or past it; the walk checks. */
static int go_first(MDB_cursor *cursor, const bounds *b, int descending, MDB_val *key, MDB_val *stored) {
    const store_key *start = descending ? &b->high : &b->low;
    *key = val_of(start->bytes, start->size);
    const int code = mdb_cursor_get(cursor, key, stored, MDB_SET_RANGE);
    if (!descending)
        return code;
    return mdb_cursor_get(cursor, key, stored, code == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
}

static int is_within(const MDB_val *key, const bounds *b) {
    const stella_sv at = stella_sv_of(key->mv_data, key->mv_size);
    return stella_sv_cmp(at, key_sv(&b->low)) >= 0 && stella_sv_cmp(at, key_sv(&b->high)) < 0;
}

static int walk(state *s, MDB_cursor *cursor, const stella_state_range *range, const bounds *b,
                stella_state_visit visit, void *context) {
    const MDB_cursor_op step = range->descending ? MDB_PREV : MDB_NEXT;
    const int64_t now_ms = s->wall_ms();
    uint64_t seen = 0;
    MDB_val key, stored;
    int code = go_first(cursor, b, range->descending != 0, &key, &stored);
    while (code == 0 && is_within(&key, b) && (range->limit == 0 || seen < range->limit)) {
        stella_state_item item = {.struct_size = sizeof item};
        stella_sv space;
        if (!store_key_split(&key, &space, &item.key) || !store_record(&stored, &item.expires_ms, &item.value))
            return MDB_CORRUPTED;
        const int is_gone = item.expires_ms != 0 && item.expires_ms <= now_ms;
        seen += !is_gone;
        if (!is_gone && visit(context, &item))
            return 0;
        code = mdb_cursor_get(cursor, &key, &stored, step);
    }
    return code == MDB_NOTFOUND ? 0 : code;
}

stella_status store_range(void *self, const stella_state_range *range, stella_state_visit visit, void *context,
                          stella_error *err) {
    state *s = self;
    bounds b;
    if (range->struct_size < sizeof *range || !make_bounds(range, &b))
        return stella_error_at(err, STELLA_E_INVALID, range->space,
                               "the namespace or a bound of the range is too long");
    MDB_txn *txn;
    MDB_cursor *cursor;
    int code = store_begin_read(s, &txn);
    if (code != 0)
        return store_error(s, code, "range", err);
    code = mdb_cursor_open(txn, s->data, &cursor);
    if (code == 0) {
        code = walk(s, cursor, range, &b, visit, context);
        mdb_cursor_close(cursor);
    }
    store_end_read(s, txn);
    return code ? store_error(s, code, "range", err) : STELLA_OK;
}
