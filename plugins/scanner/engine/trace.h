/* trace.h - what the image runs: the loop of hops over the entry tracers of this host. */
#ifndef SCANNER_ENGINE_TRACE_H
#define SCANNER_ENGINE_TRACE_H

#include "phases.h"

#define TRACE_NODES_MAX     2048u
#define TRACE_EDGES_MAX     8192u
#define TRACE_DEPTH_MAX     64u   /* hops from the entrypoint */
#define TRACE_STEPS_MAX     1024u /* of one hop */
#define TRACE_RUN_PARTS_MAX 64u
#define TRACE_LAUNCH_BYTES  (16u << 20) /* words and variables of all launches; more is a diagnostic */

/* Follows the entrypoint through the tree. A launch that was followed before, with the same words, environment, user and
 * directory, is not followed again.
 * world    what earlier phases said is read
 * process  what is run first; arg_count 0: nothing, which is a diagnostic
 * arena    for the trace and wishes
 * out      set on success
 * result   gets the wishes; `traced` gets what the tracers noted and counted
 * Returns STELLA_E_NOMEM. */
stella_status trace_run(const analysis_world *world, const stella_launch *process, stella_arena *arena,
                        phases_result *result, const stella_trace **out, stella_error *err);

/* ---- between the files of the trace ------------------------------------------------------------------------------- */

/* A node while the trace is made. */
typedef struct trace_node {
    stella_trace_node said;
    stella_launch launch;
    uint64_t key; /* of the launch */
    uint32_t depth;
    uint32_t node_kind; /* that the step asked for; 0: none */
    int is_interpreter; /* reached by "#!" */
    int is_stranger;    /* and no tracer knows it */
    int is_terminal;    /* its tracer said so */
    int has_diagnostic;
    uint32_t script; /* of an interpreter: the node of the script, else UINT32_MAX */
} trace_node;

typedef struct tracer {
    const stella_entrytrace *table;
    void *instance;
    stella_sv id, version, digest;
    uint32_t index;
} tracer;

typedef struct trace {
    const analysis_world *world;
    stella_arena *arena; /* of the result */
    analysis job;        /* what the tracers look at the tree with */
    tracer *tracers;
    uint32_t tracer_count;
    trace_node *nodes; /* TRACE_NODES_MAX */
    uint32_t node_count;
    stella_trace_edge *edges; /* TRACE_EDGES_MAX */
    uint32_t edge_count;
    chain uses;        /* stella_trace_use */
    chain diagnostics; /* stella_trace_diagnostic */
    uint64_t launch_bytes;
    int is_short; /* of memory */
} trace;

/* Adds an edge, and the node that it leads to unless that is there.
 * Returns STELLA_E_NOMEM; a limit is a diagnostic. */
stella_status trace_add(trace *t, uint32_t from, const stella_launch *launch, const stella_step *how,
                        stella_error *err);

/* A node that is no launch: a script that another one reads. to  set on success */
stella_status trace_add_include(trace *t, uint32_t from, stella_sv path, const stella_step *how, uint32_t *to,
                                stella_error *err);

stella_status trace_diagnose(trace *t, uint32_t node, uint32_t reason, const stella_span *where, stella_sv detail,
                             stella_error *err);
stella_status trace_uses(trace *t, uint32_t node, stella_sv path, stella_sv how, stella_sv via, stella_error *err);

/* Asks the tracer of a node what it starts. trace_hop.c */
stella_status trace_hop(trace *t, uint32_t node, const tracer *who, const stella_file *file, stella_error *err);

/* Decides which nodes are terminals, which may not run at all, and how well all is known; makes the result.
 * trace_result.c */
stella_status trace_result(trace *t, const stella_trace **out, stella_error *err);

#endif
