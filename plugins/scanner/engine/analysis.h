/* analysis.h - the host's side of stella_analysis: one call of one analyzer.
 *
 * Analyzers of one phase share nothing that changes: each writes into a stage of its own, which is committed after the
 * phase. What an analyzer does wrong - arguments that make no sense, more than its budgets allow - sticks: the call
 * fails when analyze returns, whatever it returns, and its stage is thrown away. */
#ifndef SCANNER_ENGINE_ANALYSIS_H
#define SCANNER_ENGINE_ANALYSIS_H

#include "findings.h"
#include "ownership.h"
#include "records.h"

#include <stella/entrytrace.h>
#include <stella/job.h>

#define ANALYSIS_COMPONENTS_MAX 1000000u
#define ANALYSIS_RELATIONS_MAX  2000000u /* the rest is left out, and a note says so: the components stand */
#define ANALYSIS_NOTES_MAX      10000u
#define ANALYSIS_COUNTERS_MAX   64u
#define ANALYSIS_WISHES_MAX     10000u
#define ANALYSIS_USES_MAX       1000000u
#define ANALYSIS_NAME_MAX       4096u          /* bytes of a type, name or version: a component with more is refused */
#define ANALYSIS_TEXT_MAX       (64u << 10)    /* bytes of any other text: more is cut, and a note says so */
#define ANALYSIS_READ_MAX       KEEP_BYTES_MAX /* bytes of a file that view_read gives */
#define ANALYSIS_STAGE_BYTES    (512u << 20)   /* everything one analyzer states */
#define ANALYSIS_CALL_BYTES     (256u << 20)   /* its arena during the call */

/* What every analyzer of a phase sees. Nothing in it changes during the phase. */
typedef struct analysis_world {
    stella_job *job; /* for the crash page */
    const view *view;
    const pack *const *packs;       /* by layer; NULL: missing */
    const pack *const *supplements; /* by layer; NULL: none */
    const int *is_gone;             /* by layer: 1 when it could not be read again */
    uint32_t round;        /* 1, and one more each time that wishes have been read; up to ENGINE_ROUNDS_MAX, or _DEEP */
    const stages *earlier; /* of earlier phases */
    const ownership *owners; /* of what they own */
    uint64_t stage_bytes, call_bytes;
    uint32_t options;             /* STELLA_OPTION_* */
    const stella_launch *process; /* what the image starts; NULL: it cannot be asked */
    const stella_trace *trace;    /* what the image runs; NULL before that is known, and when it is not */
} analysis_world;

/* An analyzer of this host. */
typedef struct analysis_plugin {
    const stella_analyzer *table;
    void *instance;
    stella_sv id, version, digest;
    uint32_t index; /* on the crash page */
} analysis_plugin;

/* A file whose content is wanted and was not kept. */
typedef struct analysis_wish {
    uint32_t layer;
    int is_served; /* it is in the supplement: to be in the next one too */
    stella_sv path;
} analysis_wish;

/* Calls the analyzer.
 * wishes  gets an analysis_wish for each file it would like to read, in wish_arena, which must outlive it
 * out     set on success: what it stated, named (identity_name); the caller destroys it
 * Returns STELLA_E_PENDING when wishes were noted and what it stated does not count; otherwise why the analyzer
 * contributes nothing. */
stella_status analysis_run(const analysis_world *world, const analysis_plugin *plugin, chain *wishes,
                           stella_arena *wish_arena, stage **out, stella_error *err);

/* ---- between the files of the analysis --------------------------------------------------------------------------- */

typedef struct analysis {
    stella_analysis base; /* first: what the analyzer holds */
    const analysis_world *world;
    const analysis_plugin *plugin;
    stage *stage;
    records evidence;
    layer_sets sets; /* of the records and of what is stated of components */
    chain *wishes;
    stella_arena *wish_arena;
    uint32_t wish_count;
    int has_lost_relations; /* and has said so */
    chain lists;            /* directories that were listed */
    finding refused;        /* stands in for components that are refused: swallows what is said of it */
    stella_sv last_path, last_method, last_alg;
    stella_error failed; /* the first thing that went wrong; code STELLA_OK: nothing */
} analysis;

extern const stella_component_ops analysis_component_ops;

stella_component *analysis_component_add(stella_analysis *base, stella_sv type, stella_sv name, stella_sv version,
                                         uint32_t flags);
void analysis_relate(stella_analysis *base, stella_component *from, stella_component *to, uint32_t kind,
                     uint32_t flags);
stella_status analysis_view_stat(stella_analysis *base, stella_sv path, stella_file *out, stella_error *err);
stella_status analysis_view_read(stella_analysis *base, stella_sv path, stella_file *out, stella_error *err);

int32_t analysis_view_next(stella_analysis *base, stella_sv directory, stella_entries *it, stella_file *out);

/* A call that is no analyzer's: the same view, arena and budgets, for whoever asks on behalf of a plugin.
 * s  what is noted and counted goes there */
void analysis_init(analysis *job, const analysis_world *world, const analysis_plugin *plugin, stella_arena *arena,
                   stage *s, chain *wishes, stella_arena *wish_arena);

/* Fails the call for good, unless it has failed already. */
void analysis_fail(analysis *job, stella_status code, const char *what, const char *format, ...) STELLA_PRINTF(4, 5);

/* Whether the view can be read at all; if not the call has failed, named after `what`. */
int analysis_accepts(analysis *job, stella_sv text, const char *what);

/* A copy in the stage; a spent budget fails the call and gives the empty view. */
stella_sv analysis_keep(analysis *job, stella_sv text);

/* The same for a text that may be cut at ANALYSIS_TEXT_MAX. */
stella_sv analysis_keep_cut(analysis *job, stella_sv text, const char *what);

/* Adds to a chain of the stage; NULL after failing the call. */
void *analysis_append(analysis *job, chain *c, size_t size);

void analysis_note(analysis *job, uint32_t severity, stella_sv code, stella_sv path, uint32_t line, stella_sv message);

/* Copies as much of `made` as the owner's structure holds; its struct_size stays. */
void analysis_fill(void *out, uint32_t out_size, const void *made, size_t made_size);

/* The file of an entry as the analyzer sees it, without content. */
stella_file analysis_file(const analysis *job, view_entry entry, stella_sv path);

#endif
