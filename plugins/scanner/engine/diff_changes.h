/* diff_changes.h - what differs between two results, grouped by layer and ordered. */
#ifndef SCANNER_ENGINE_DIFF_CHANGES_H
#define SCANNER_ENGINE_DIFF_CHANGES_H

#include "diff_layers.h"

typedef enum diff_kind { DIFF_ADDED, DIFF_REMOVED, DIFF_VERSION, DIFF_METADATA, DIFF_KINDS } diff_kind;

const char *diff_kind_name(diff_kind kind); /* "versionChanged" */

/* A layer of one of the images; layer DIFF_NONE: of neither. */
typedef struct diff_place {
    uint32_t layer;
    int is_old;
} diff_place;

typedef struct diff_change {
    diff_kind kind;
    const diff_component *old, *new; /* NULL where there is none */
    uint32_t fields;                 /* bits of diff_field that differ; 0 for what was added or removed */
    diff_place introduced;           /* by this layer: the new component, or the one that was removed */
    diff_removal removal;            /* of what the other image does not have, or has in another version */
    diff_place group;                /* the layer under which it is told */
} diff_change;

typedef struct diff_counts {
    uint32_t of[DIFF_KINDS], unchanged;
} diff_counts;

typedef struct diff_result {
    const diff_side *old, *new;
    diff_view view;
    int64_t generated_ms; /* -1: not known */
    diff_layers layers;
    int is_base_changed;
    diff_counts counts;
    const diff_change *changes; /* by group (position of the layer, the new image's first), kind, package, version */
    uint32_t change_count;
} diff_result;

/* Compares. Sets the sides' pairs, and for the view DIFF_USAGE leaves only what is used in them.
 * out  set on success; lives in the arena, borrows the sides
 * Returns STELLA_E_INVALID when a side says nothing of what is used and that is asked for, or STELLA_E_NOMEM. */
stella_status diff_compare(diff_side *old, diff_side *new, diff_view view, stella_arena *arena, diff_result *out,
                           stella_error *err);

/* The layer, with its texts; NULL for neither. */
const diff_layer *diff_layer_of(const diff_result *result, diff_place place);

/* The package that a change is about: of the new component, else of the old one. */
const diff_component *diff_subject(const diff_change *change);

/* How many changes from the first one on are of its group. */
uint32_t diff_group_length(const diff_result *result, uint32_t first);

#endif
