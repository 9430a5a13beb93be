/* run.h - one run of an analyzer: what it is given, and what it says. */
#ifndef TESTING_RUN_H
#define TESTING_RUN_H

#include "tree.h"

#include <stella/json.h>
#include <stella/testing.h>

#define RUN_FIELDS      13 /* STELLA_FIELD_* are below */
#define RUN_VISITS      3  /* calls of analyze: each with the files that it wished for before */
#define RUN_VISITS_DEEP 24 /* with STELLA_OPTION_USAGE_DEEP */
#define RUN_PROBLEMS    192

/* A growing array in the run's arena. */
typedef struct items {
    void *at;
    uint32_t count, room;
} items;

typedef struct run_license {
    uint32_t how;
    stella_sv text;
} run_license;

typedef struct run_evidence {
    stella_sv path, method;
    uint32_t line, layer;
} run_evidence;

typedef struct run_pair {
    stella_sv name, value;
} run_pair;

typedef struct run_component {
    stella_component base; /* first: what the plugin sees */
    struct run *run;
    stella_sv type, name, version, ref;
    stella_sv fields[RUN_FIELDS];
    uint32_t flags, introduced;
    items qualifiers, licenses, evidence, owned, properties;
    items layers; /* uint32_t, ascending */
} run_component;

typedef struct run_relation {
    const run_component *from, *to;
    uint32_t kind, flags;
} run_relation;

typedef struct run_note {
    stella_sv path, message;
    uint32_t severity, line;
} run_note;

typedef struct run_use {
    stella_sv path, how, via;
    uint32_t node;
} run_use;

typedef struct run_count {
    stella_sv name;
    uint64_t n;
} run_count;

typedef struct run {
    stella_analysis job; /* first: what the plugin sees */
    stella_arena *arena; /* the run's own; never made to fail */
    const stella_analyzer *analyzer;
    const stella_testing_options *options;
    void *instance;
    tree tree;
    items records; /* stella_record, from probe, of all layers, by path and layer */
    items probed;  /* tree_entry index of each record's file */
    items components, relations, published, notes, counts, uses;
    uint32_t visit;             /* of analyze, from 1 */
    uint32_t cancel_calls;      /* of stella_cancelled, so far */
    uint32_t is_pending;        /* it wished for a file */
    uint32_t starved_probes;    /* that ended with STELLA_E_NOMEM: their records are missing, and noted */
    char problem[RUN_PROBLEMS]; /* the contract that was broken first; empty: none */
} run;

void run_close(run *r);

/* A zeroed element at the end of the array, or NULL. */
void *run_push(run *r, items *list, size_t size);
stella_sv run_copy(run *r, stella_sv text);
void run_problem(run *r, const char *format, ...) STELLA_PRINTF(2, 3);

/* What the user asked for, of options that may be older than that member. */
uint32_t run_options(const stella_testing_options *options);

extern const stella_probe_ops run_probe_ops;
stella_status run_probes(run *r, stella_arena *plugin_arena, stella_error *err);

extern const stella_analysis_ops run_analysis_ops;
extern const stella_component_ops run_component_ops;

/* What the image runs, of options that may be older than that member. */
const stella_trace *run_trace(const stella_testing_options *options);

void run_print_notes(stella_json_writer *w, const run *r);

/* Sorts what was said and writes it. */
stella_status run_print(run *r, stella_buf *text, stella_error *err);

/* An arena whose n-th allocation fails. */
typedef struct failing_arena {
    stella_arena base; /* first: what crosses the boundary */
    stella_arena *real;
    uint64_t left; /* allocations until one fails; 0: none does */
    uint64_t has_failed;
} failing_arena;
void *failing_alloc(stella_arena *base, uint64_t count, uint64_t size);

/* How often it is called, at most. */
static inline uint32_t run_visits(const run *r) {
    return r->job.options & STELLA_OPTION_USAGE_DEEP ? RUN_VISITS_DEEP : RUN_VISITS;
}

#endif
