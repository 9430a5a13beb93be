/* commit.c - batches, and how several of them share one transaction. */
#include "state/store.h"

#define GROUP_MAX 256 /* batches in one transaction */

struct state_batch {
    state_batch *next;
    const stella_state_op *ops;
    uint32_t count, stride;
    stella_status status; /* STELLA_OK: it is in the transaction */
    stella_error error;
    int is_done;
};

typedef struct group {
    state_batch *first;
    uint32_t count;
} group;

static const stella_state_op *op_at(const state_batch *batch, uint32_t i) {
    return (const void *)((const char *)batch->ops + (size_t)i * batch->stride);
}

static MDB_val val_of(const void *bytes, size_t size) {
    return (MDB_val){.mv_data = (void *)(uintptr_t)bytes, .mv_size = size};
}

static int find(state *s, MDB_txn *txn, const store_key *key, int64_t *expires_ms, stella_sv *value) {
    MDB_val k = val_of(key->bytes, key->size), stored;
    const int code = mdb_get(txn, s->data, &k, &stored);
    if (code != 0)
        return code;
    return store_record(&stored, expires_ms, value) ? 0 : MDB_CORRUPTED;
}

/* Whether the operation's condition holds; what has expired is not there. */
static int check(state *s, MDB_txn *txn, state_batch *batch, const stella_state_op *op) {
    if (op->kind == STELLA_STATE_PUT || op->kind == STELLA_STATE_DELETE)
        return 0;
    store_key key;
    store_key_make(op->space, op->key, &key);
    int64_t expires_ms = 0;
    stella_sv value = {0};
    int code = find(s, txn, &key, &expires_ms, &value);
    if (code != 0 && code != MDB_NOTFOUND)
        return code;
    const int is_there = code == 0 && (expires_ms == 0 || expires_ms > s->wall_ms());
    if (op->kind == STELLA_STATE_CREATE && is_there)
        batch->status = stella_error_at(&batch->error, STELLA_E_EXISTS, op->key, "the key has a value already");
    if (op->kind != STELLA_STATE_CREATE) {
        const int is_as_expected = op->expected.ptr ? is_there && stella_sv_eq(value, op->expected) : !is_there;
        if (!is_as_expected)
            batch->status =
                stella_error_at(&batch->error, STELLA_E_CONFLICT, op->key, "the key has another value than expected");
    }
    return 0;
}

static int drop_expiry(state *s, MDB_txn *txn, const store_key *key, int64_t expires_ms) {
    unsigned char bytes[STORE_EXPIRY_KEY_MAX];
    store_put_expiry(bytes, expires_ms);
    memcpy(bytes + STORE_EXPIRY_SIZE, key->bytes, key->size);
    MDB_val k = val_of(bytes, STORE_EXPIRY_SIZE + key->size);
    const int code = mdb_del(txn, s->expiry, &k, NULL);
    return code == MDB_NOTFOUND ? 0 : code;
}

/* Removes a value with its expiry. */
static int remove_item(state *s, MDB_txn *txn, const store_key *key) {
    int64_t expires_ms;
    stella_sv value;
    int code = find(s, txn, key, &expires_ms, &value);
    if (code != 0)
        return code == MDB_NOTFOUND ? 0 : code;
    if (expires_ms != 0)
        code = drop_expiry(s, txn, key, expires_ms);
    MDB_val k = val_of(key->bytes, key->size);
    return code ? code : mdb_del(txn, s->data, &k, NULL);
}

static int put_item(state *s, MDB_txn *txn, const store_key *key, const stella_state_op *op) {
    MDB_val k = val_of(key->bytes, key->size), stored = val_of(NULL, STORE_EXPIRY_SIZE + op->value.len);
    int code = mdb_put(txn, s->data, &k, &stored, MDB_RESERVE);
    if (code != 0)
        return code;
    unsigned char *bytes = stored.mv_data;
    store_put_expiry(bytes, op->expires_ms);
    if (op->value.len)
        memcpy(bytes + STORE_EXPIRY_SIZE, op->value.ptr, op->value.len);
    if (op->expires_ms == 0)
        return 0;
    unsigned char expiry[STORE_EXPIRY_KEY_MAX];
    store_put_expiry(expiry, op->expires_ms);
    memcpy(expiry + STORE_EXPIRY_SIZE, key->bytes, key->size);
    MDB_val e = val_of(expiry, STORE_EXPIRY_SIZE + key->size), nothing = val_of("", 0);
    return mdb_put(txn, s->expiry, &e, &nothing, 0);
}

static int apply(state *s, MDB_txn *txn, const stella_state_op *op) {
    if (op->kind == STELLA_STATE_CHECK)
        return 0;
    store_key key;
    store_key_make(op->space, op->key, &key);
    const int code = remove_item(s, txn, &key);
    return code || op->kind == STELLA_STATE_DELETE ? code : put_item(s, txn, &key, op);
}

/* All conditions before any change, so that a batch that is refused has changed nothing and needs no transaction of its
 * own. */
static int run_batch(state *s, MDB_txn *txn, state_batch *batch) {
    int code = 0;
    batch->status = STELLA_OK;
    for (uint32_t i = 0; code == 0 && batch->status == STELLA_OK && i < batch->count; i++)
        code = check(s, txn, batch, op_at(batch, i));
    for (uint32_t i = 0; code == 0 && batch->status == STELLA_OK && i < batch->count; i++)
        code = apply(s, txn, op_at(batch, i));
    return code;
}

static int run_group(state *s, MDB_txn *txn, void *context) {
    const group *g = context;
    state_batch *batch = g->first;
    int code = 0;
    for (uint32_t i = 0; code == 0 && i < g->count; i++, batch = batch->next)
        code = run_batch(s, txn, batch);
    return code;
}

static void write_group(state *s, group g) {
    const int code = store_write(s, run_group, &g);
    if (code == 0)
        return;
    state_batch *batch = g.first;
    for (uint32_t i = 0; i < g.count; i++, batch = batch->next) {
        /* A full store is the fault of one: the others may still fit. */
        if (code == MDB_MAP_FULL && g.count > 1)
            write_group(s, (group){.first = batch, .count = 1});
        else
            batch->status = store_error(s, code, "commit", &batch->error);
    }
}

/* Takes waiting batches off the queue, writes them, and wakes those who wait. Called and left with the lock held. */
static void write_for_all(state *s) {
    group g = {.first = s->first};
    state_batch *rest = s->first;
    for (; rest && g.count < GROUP_MAX; rest = rest->next)
        g.count++;
    s->first = rest;
    if (!s->first)
        s->last = NULL;
    s->is_writing = 1;
    pthread_mutex_unlock(&s->lock);
    write_group(s, g);
    pthread_mutex_lock(&s->lock);
    s->is_writing = 0;
    state_batch *batch = g.first;
    for (uint32_t i = 0; i < g.count; i++) {
        state_batch *next = batch->next; /* once done, the batch is its owner's again */
        batch->is_done = 1;
        batch = next;
    }
    pthread_cond_broadcast(&s->turn);
}

static void submit(state *s, state_batch *batch) {
    pthread_mutex_lock(&s->lock);
    if (s->last)
        s->last->next = batch;
    else
        s->first = batch;
    s->last = batch;
    while (!batch->is_done) {
        if (s->is_writing)
            pthread_cond_wait(&s->turn, &s->lock);
        else
            write_for_all(s);
    }
    pthread_mutex_unlock(&s->lock);
}

static stella_status check_op(const stella_state_op *op, uint32_t stride, stella_error *err) {
    store_key key;
    if (op->struct_size < sizeof *op || stride < sizeof *op)
        return stella_error_set(err, STELLA_E_ABI, NULL, "the operation's structure is too small");
    if (op->kind < STELLA_STATE_PUT || op->kind > STELLA_STATE_CHECK)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no operation has kind %u", op->kind);
    if (op->key.len == 0 || !store_key_make(op->space, op->key, &key))
        return stella_error_at(err, STELLA_E_INVALID, op->key, "the namespace has 1 to %d bytes, the key 1 to %d",
                               STELLA_STATE_NAMESPACE_MAX, STELLA_STATE_KEY_MAX);
    if (op->value.len > STELLA_STATE_VALUE_MAX)
        return stella_error_at(err, STELLA_E_INVALID, op->key, "a value has at most %u bytes", STELLA_STATE_VALUE_MAX);
    return op->expires_ms < 0 ? stella_error_at(err, STELLA_E_INVALID, op->key, "the expiry is negative") : STELLA_OK;
}

stella_status store_commit(void *self, const stella_state_op *ops, uint32_t count, uint32_t stride, stella_error *err) {
    state_batch batch = {.ops = ops, .count = count, .stride = stride};
    if (count > STELLA_STATE_BATCH_MAX)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a batch has at most %d operations",
                                STELLA_STATE_BATCH_MAX);
    for (uint32_t i = 0; i < count; i++) {
        const stella_status status = check_op(op_at(&batch, i), stride, err);
        if (status != STELLA_OK)
            return status;
    }
    if (count == 0)
        return STELLA_OK;
    submit(self, &batch);
    if (batch.status != STELLA_OK && err)
        *err = batch.error;
    return batch.status;
}
