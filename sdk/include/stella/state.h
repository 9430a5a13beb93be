/* stella/state.h - host interface "stella.state/1": an ordered, transactional key-value store. Role: kernel.
 *
 * Keys are bytes, ordered as bytes, in namespaces. No transaction outlives a call: reading is one call with one
 * snapshot, writing is one batch that is applied whole or not at all and is on disk when the call returns. A change and
 * the event that tells of it belong in one batch. */
#ifndef STELLA_STATE_H
#define STELLA_STATE_H

#include <stella/arena.h>
#include <stella/plugin.h>

STELLA_BEGIN_DECLS

#define STELLA_STATE_INTERFACE "stella.state/1"

#define STELLA_STATE_NAMESPACE_MAX 63         /* bytes, 1 or more, none of them NUL */
#define STELLA_STATE_KEY_MAX       384        /* bytes, 1 or more */
#define STELLA_STATE_VALUE_MAX     (4u << 20) /* bytes */
#define STELLA_STATE_BATCH_MAX     1024       /* operations */

#define STELLA_STATE_PUT    1 /* sets the value */
#define STELLA_STATE_CREATE 2 /* sets the value when there is none; else the batch fails with STELLA_E_EXISTS */
#define STELLA_STATE_SWAP   3 /* sets it when it is what expected says; else the batch fails with STELLA_E_CONFLICT */
#define STELLA_STATE_DELETE 4 /* removes it; none is no error */
#define STELLA_STATE_CHECK  5 /* changes nothing; as SWAP fails when the value is not what expected says */

/* One operation. The conditions of CREATE, SWAP and CHECK look at the store as it was before the batch. */
typedef struct stella_state_op {
    uint32_t struct_size;
    uint32_t kind; /* STELLA_STATE_* */
    stella_sv space;
    stella_sv key;
    stella_sv value;    /* PUT, CREATE, SWAP */
    stella_sv expected; /* SWAP, CHECK; ptr NULL: there must be none */
    int64_t expires_ms; /* wall clock, milliseconds since 1970; gone from then on. 0 = never */
} stella_state_op;

typedef struct stella_state_range {
    uint32_t struct_size;
    uint32_t descending; /* 1: from the highest key down */
    stella_sv space;
    stella_sv prefix; /* only keys that begin with it; may be empty */
    stella_sv from;   /* first key that counts; ptr NULL = no bound */
    stella_sv until;  /* first key that no longer counts; ptr NULL = no bound */
    uint64_t limit;   /* items at most; 0 = all */
} stella_state_range;

typedef struct stella_state_item {
    uint32_t struct_size;
    uint32_t reserved;
    stella_sv key;
    stella_sv value;
    int64_t expires_ms; /* 0 = never */
} stella_state_item;

/* Called for each item, in order, inside one snapshot. What item points to is valid until it returns; it must not call
 * the state. Returns nonzero to stop. */
typedef int32_t (*stella_state_visit)(void *context, const stella_state_item *item);

typedef struct stella_state {
    stella_abi_head head;
    void *self;

    /* Copies a value into the arena.
     * value  set on success
     * Returns STELLA_E_NOTFOUND (also for what has expired), STELLA_E_NOMEM, STELLA_E_IO. [any thread] */
    stella_status (*get)(void *self, stella_sv space, stella_sv key, stella_arena *arena, stella_sv *value,
                         stella_error *err);

    /* Applies the operations, stride bytes apart, in order: all or none, durable on return. Batches of several threads
     * share a write to disk.
     * Returns STELLA_E_EXISTS or STELLA_E_CONFLICT (err->path names the key), STELLA_E_INVALID, STELLA_E_LIMIT when the
     * store has reached its configured size, STELLA_E_IO for a full or failing disk; the store is then as it was
     * before. [any thread] Blocks on disk. */
    stella_status (*commit)(void *self, const stella_state_op *ops, uint32_t count, uint32_t stride, stella_error *err);

    /* Visits the items of a range. Returns STELLA_OK also when visit stopped it. [any thread] */
    stella_status (*range)(void *self, const stella_state_range *range, stella_state_visit visit, void *context,
                           stella_error *err);
} stella_state;

STELLA_END_DECLS

#endif
