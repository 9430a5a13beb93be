/* ways.h - how components are reached from the subject through relations. */
#ifndef EMITTER_EXPLAIN_WAYS_H
#define EMITTER_EXPLAIN_WAYS_H

#include <stella/arena.h>
#include <stella/bom.h>

#define WAYS_FAR 0xffffffffu

typedef struct ways {
    const stella_bom *bom;
    uint32_t *distance; /* of each component from the subject in relations, or WAYS_FAR */
    uint32_t *before;   /* the component before it on a shortest way; STELLA_BOM_ROOT: the subject itself */
} ways;

/* Finds a shortest way to each component: in the order of the relations, so always the same one.
 * out  set on success; lives in the arena. Returns STELLA_E_NOMEM. */
stella_status ways_find(const stella_bom *bom, stella_arena *arena, ways *out, stella_error *err);

#endif
