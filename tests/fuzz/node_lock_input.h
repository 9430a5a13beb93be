/* node_lock_input.h - gives the fuzzer's bytes to a reader of lock files: what it made keeps its own promises, and comes
 * back from a record as it went in. */
#ifndef FUZZ_NODE_LOCK_INPUT_H
#define FUZZ_NODE_LOCK_INPUT_H

#include "plugins/scanner/analyzers/lang/node/lock.h"

#include <stella/auto.h>

#include <assert.h>

#define ARENA_BYTES ((uint64_t)64 << 20)

static inline void check_same(const lock *a, const lock *b) {
    assert(a->count == b->count && a->edge_count == b->edge_count);
    for (uint32_t i = 0; i < a->count; i++) {
        const lock_entry *e = &a->entries[i], *f = &b->entries[i];
        assert(stella_sv_eq(e->name, f->name) && stella_sv_eq(e->version, f->version));
        assert(e->edge_count == f->edge_count && e->line == f->line);
        for (uint32_t j = 0; j < e->edge_count; j++)
            assert(a->edges[e->first_edge + j].to == b->edges[f->first_edge + j].to);
    }
}

static inline int lock_input_run(stella_status (*read)(stella_sv, lock *, stella_error *), const uint8_t *data,
                                 size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)1 << 24);
    stella_error err = {0};
    if (!arena)
        return 0;
    lock l = lock_in(arena), again;
    const stella_status status = read(stella_sv_of((const char *)data, size), &l, &err);
    assert(status == err.code);
    if (status != STELLA_OK)
        return 0;
    for (uint32_t i = 0; i < l.count; i++) {
        assert(l.entries[i].edge_count <= l.edge_count);
        for (uint32_t j = 0; j < l.entries[i].edge_count; j++)
            assert(l.edges[l.entries[i].first_edge + j].to < l.count);
    }
    if (lock_encode(&l, &bytes) == STELLA_OK && lock_decode(stella_buf_sv(&bytes), arena, &again, NULL) == STELLA_OK)
        check_same(&l, &again);
    return 0;
}

#endif
