/* layer_sets.h - sets of layers, each distinct one kept once: an image has few, however many records share them. */
#ifndef SCANNER_ENGINE_LAYER_SETS_H
#define SCANNER_ENGINE_LAYER_SETS_H

#include <stella/arena.h>
#include <stella/error.h>

typedef struct layer_set {
    uint32_t count;
    uint32_t layers[]; /* ascending */
} layer_set;

/* A growing collection in an arena; all but the arena is zero at first. [one thread] */
typedef struct layer_sets {
    stella_arena *arena;
    const layer_set **sets; /* by index */
    uint32_t *slots;        /* open hash table: index + 1; 0 is free */
    uint32_t count, room;   /* of sets; there are twice as many slots as room */
} layer_sets;

/* The index of the set of these layers (at least one, ascending, no two alike); it is copied when it is new.
 * index  set on success
 * Returns STELLA_E_NOMEM when the arena's budget is spent. */
stella_status layer_sets_add(layer_sets *all, const uint32_t *layers, uint32_t count, uint32_t *index);

/* Stays where it is as long as the arena. */
const layer_set *layer_sets_at(const layer_sets *all, uint32_t index);

#endif
