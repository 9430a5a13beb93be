/* analyzers.h - the analyzers of one layer job: their tables taken with care, their interests compiled, their evidence.
 *
 * A table comes from another binary: what in it cannot be honest is refused by name and the plugin is lost for this
 * layer; the others do their work. [one thread] */
#ifndef SCANNER_ENGINE_ANALYZERS_H
#define SCANNER_ENGINE_ANALYZERS_H

#include "evidence.h"
#include "matcher.h"

#include <stella/job.h>

typedef struct analyzer {
    stella_peer peer;
    const stella_analyzer *table;
    evidence *evidence;
    int is_idle; /* not asked for: what it would learn is known */
    int is_lost;
    stella_error loss; /* why */
} analyzer;

typedef struct analyzers {
    stella_job *job;
    matcher *matcher; /* plugin number ANALYZERS_ENGINE is the engine itself, number i + 1 is list[i] */
    evidence *engine; /* what the engine keeps and notes of its own */
    analyzer *list;   /* in the job's order, that is by id */
    uint32_t count;
    stella_arena *arena; /* handed to probes, emptied after each */
    uint32_t options;    /* STELLA_OPTION_* for probes */
} analyzers;

#define ANALYZERS_ENGINE    0u
#define ANALYZERS_SCRIPTS   0u /* the engine's interest in executable scripts, which has a condition besides */
#define ANALYZERS_ARENA_MAX (64ull << 20)

/* Who collects evidence. */
typedef struct analyzers_choice {
    int is_none;          /* only the engine's own (supplements) */
    const stella_sv *ids; /* only these, and the engine; NULL: all */
    uint32_t id_count;
} analyzers_choice;

/* choice  borrowed until it returns
 * Fini may be called whatever init returned. */
stella_status analyzers_init(analyzers *a, stella_job *job, const analyzers_choice *choice, scratch *spill,
                             stella_error *err);
void analyzers_fini(analyzers *a);

/* The plugin contributes nothing to this layer, and why. The first reason stands. */
void analyzers_lose(analyzer *one, const stella_error *reason);

#endif
