/* store.h - the inside of the store, shared by its files.
 *
 * Three LMDB databases: "data", namespace NUL key -> expiry and value; "expiry", expiry and the data key -> nothing,
 * for what does expire; "meta", schema and migrations. */
#ifndef KERNEL_STATE_STORE_H
#define KERNEL_STATE_STORE_H

#include "state/state.h"

#include <lmdb.h>
#include <pthread.h>

#define STORE_EXPIRY_SIZE    8u /* bytes of an expiry, milliseconds since 1970, big-endian: it sorts by time */
#define STORE_KEY_MAX        (STELLA_STATE_NAMESPACE_MAX + 1u + STELLA_STATE_KEY_MAX)
#define STORE_EXPIRY_KEY_MAX (STORE_EXPIRY_SIZE + STORE_KEY_MAX)

typedef struct state_batch state_batch;

struct state {
    stella_state face;
    const stella_log *log;
    int64_t (*wall_ms)(void);
    char *dir;
    int lock_fd;
    MDB_env *env;
    MDB_dbi data, expiry, meta;
    uint64_t map_bytes, map_max;
    pthread_rwlock_t gate; /* shared by every transaction; held alone while the map grows */
    pthread_mutex_t lock;  /* of the queue of batches */
    pthread_cond_t turn;
    state_batch *first, *last;
    int is_writing; /* one of the waiting threads writes for all */
};

/* The lock, open or made; names the owner when it is held. */
stella_status store_lock(const char *dir, int *fd, stella_error *err);

/* Checks the schema and applies what is missing. */
stella_status store_migrate(state *s, stella_error *err);

/* What an LMDB or system error code means here. */
stella_status store_error(const state *s, int code, const char *doing, stella_error *err);

/* Runs body in a write transaction and commits; makes the map larger and runs it again as long as that is allowed.
 * Returns an LMDB code; body's own refusals end the transaction. */
typedef int (*store_body)(state *s, MDB_txn *txn, void *context);
int store_write(state *s, store_body body, void *context);

/* Begins and ends a read transaction, which holds off growth. Returns an LMDB code. */
int store_begin_read(state *s, MDB_txn **txn);
void store_end_read(state *s, MDB_txn *txn);

/* A data key in the caller's storage. */
typedef struct store_key {
    unsigned char bytes[STORE_KEY_MAX];
    size_t size;
} store_key;

/* Returns 0 for a namespace or key that breaks the limits; an empty key is allowed for ranges. */
int store_key_make(stella_sv space, stella_sv key, store_key *out);
int store_key_split(const MDB_val *stored, stella_sv *space, stella_sv *key);

void store_put_expiry(unsigned char out[STORE_EXPIRY_SIZE], int64_t expires_ms);
int64_t store_get_expiry(const void *bytes);

/* Splits a stored record. Returns 0 when it is too short to be one. */
int store_record(const MDB_val *stored, int64_t *expires_ms, stella_sv *value);

/* The functions of the ABI face. */
stella_status store_get(void *self, stella_sv space, stella_sv key, stella_arena *arena, stella_sv *value,
                        stella_error *err);
stella_status store_commit(void *self, const stella_state_op *ops, uint32_t count, uint32_t stride, stella_error *err);
stella_status store_range(void *self, const stella_state_range *range, stella_state_visit visit, void *context,
                          stella_error *err);

#endif
