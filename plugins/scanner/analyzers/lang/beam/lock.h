/* lock.h - mix.lock and rebar.lock: the packages that Mix and Rebar have resolved, as declared components. Source: the
 * documentation of Mix and Rebar 3, and what they write. */
#ifndef BEAM_LOCK_H
#define BEAM_LOCK_H

#include "common/walk.h"

/* What an analysis knows of lock files. */
typedef struct beam {
    graph base;    /* first: it is what a walk hands on */
    providers hex; /* "NAME\nVERSION" of those that come from a Hex repository; sorted once all are read */
} beam;

/* Both are walk_read, of a beam. The lock files of dependencies are stepped over. */
stella_status lock_read_mix(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);
stella_status lock_read_rebar(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif
