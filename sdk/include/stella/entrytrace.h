/* stella/entrytrace.h - plugin interface "stella.entrytrace/1": says what one program starts, without running it.
 *
 * The host follows the image's entrypoint hop by hop. It looks the program up as the kernel and execvp(3) would (PATH,
 * working directory, links), picks the plugin that knows it, and asks that plugin what the program, called with these
 * words in this environment, does next. A script that no plugin knows by name is a launch of its "#!" interpreter with
 * the script's path among the words. A program that no plugin knows is where the way ends: a terminal.
 *
 *     static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
 *         const stella_launch *l = hop->launch;                          gosu USER COMMAND...
 *         if (l->arg_count < 3)
 *             return stella_hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, NULL, STELLA_SV("gosu without a command"), err);
 *         stella_launch next = *l;
 *         next.args += 2, next.arg_count -= 2, next.user = l->args[1].text;
 *         return stella_hop_step(hop, &next, &(stella_step){.kind = STELLA_STEP_MAIN, .relation = STELLA_SV("wrapper")}, err);
 *     }
 *     static const char *const programs[] = {"gosu", "su-exec", NULL};
 *     STELLA_ENTRYTRACE("org.example.entrytrace.gosu", "0.1.0", programs, .resolve = resolve);
 *
 * Same launch, same tree: same answer; nothing is remembered between calls. Role: scan. One instance is never in two
 * calls at once. No threads, no files, no network: the process may not. */
#ifndef STELLA_ENTRYTRACE_H
#define STELLA_ENTRYTRACE_H

#include <stella/analyzer.h>
#include <stella/trace.h>

STELLA_BEGIN_DECLS

#define STELLA_ENTRYTRACE_INTERFACE "stella.entrytrace/1"

/* A program as it is about to be run. */
typedef struct stella_launch {
    uint32_t struct_size;
    uint32_t arg_count;         /* at most 4,096 */
    const stella_word *args;    /* the first is the name by which it is called */
    const stella_variable *env; /* ordered by name, each once; what is not there is not set */
    uint32_t env_count;         /* at most 4,096 */
    uint32_t flags;             /* STELLA_LAUNCH_* */
    stella_sv program;          /* what to look up when that is not the first word; else empty */
    stella_sv directory;        /* working directory, "/app"; empty: it cannot be known */
    stella_sv user;             /* as it was named: "postgres", "1000:1000"; empty: root */
} stella_launch;

#define STELLA_LAUNCH_ENV_OPEN 1u /* the environment may hold more than is known */
#define STELLA_LAUNCH_APPLET   2u /* a program that is many: it does what its first word says. Of this launch alone. */

/* Where execvp(3) finds that launch's program: as it stands when it has a slash, else along PATH of its environment, by
 * default STELLA_DEFAULT_PATH. What has no execute bit is passed over.
 * out      .struct_size set by the caller; filled on success, links followed, bytes are not set
 * spelled  set on success: the path as it is handed to the kernel, "/usr/bin/env"; in the analysis' arena; may be NULL
 * Returns STELLA_E_NOTFOUND; STELLA_E_DENIED for a file that may not be run, or a directory; STELLA_E_UNSUPPORTED when
 * that depends on words, variables or a directory that are not known; STELLA_E_NOMEM. */
stella_status stella_launch_find(stella_analysis *view, const stella_launch *launch, stella_file *out,
                                 stella_sv *spelled, stella_error *err);
#define STELLA_DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* The value of a variable, or NULL when it is not set. */
const stella_word *stella_launch_variable(const stella_launch *launch, stella_sv name);

/* The path of a file name as it is seen from a directory, "/" and ".." worked out, without leading slash; in the arena.
 * Empty, ptr NULL: out of memory. */
stella_sv stella_launch_path(stella_arena *arena, stella_sv directory, stella_sv name);

typedef struct stella_step {
    uint32_t struct_size; /* set by stella_hop_step and stella_hop_include */
    uint32_t kind;        /* STELLA_STEP_RUN, _MAIN, _SERVICE, _BACKGROUND */
    uint32_t is_possible; /* 1: whether it happens depends on what is not known */
    uint32_t node_kind;   /* STELLA_NODE_RUN_PARTS_SCRIPT, or 0: what the file is */
    stella_sv relation;   /* see stella_trace_edge */
    stella_span span;     /* of the command, when a file says so */
} stella_step;

typedef struct stella_terminal {
    uint32_t struct_size; /* set by stella_hop_terminal */
    uint32_t confidence;  /* percent, 1 to 100 */
    stella_sv type;       /* see stella_trace_node */
    stella_sv main;       /* the file it runs, relative to the root; may be empty */
} stella_terminal;

typedef struct stella_hop stella_hop;

typedef struct stella_hop_ops {
    stella_abi_head head;
    stella_status (*step)(stella_hop *hop, const stella_launch *next, const stella_step *how, stella_error *err);
    stella_status (*include)(stella_hop *hop, stella_sv path, const stella_step *how, stella_error *err);
    stella_status (*terminal)(stella_hop *hop, const stella_terminal *what, stella_error *err);
    stella_status (*uses)(stella_hop *hop, stella_sv path, stella_sv how, stella_sv via, stella_error *err);
    stella_status (*unknown)(stella_hop *hop, uint32_t reason, const stella_span *where, stella_sv detail,
                             stella_error *err);
    stella_status (*language)(stella_hop *hop, stella_sv language, stella_error *err);
} stella_hop_ops;

struct stella_hop {
    stella_abi_head head;
    const stella_hop_ops *ops;
    const stella_launch *launch;
    const stella_file *file; /* what the program was found to be, links followed; bytes are not set */
    stella_analysis *view; /* the merged tree (stella_view_stat, stella_view_read), whom a file belongs to, what earlier
                                phases published, stella_note, stella_cancelled, the arena. When stella_view_read returns
                                STELLA_E_PENDING go on as far as makes sense, or return it: the trace is made once more
                                when the file is at hand, up to three times in all. Components cannot be added. */
    uint32_t run_parts_max; /* how many scripts of one directory are followed */
    uint32_t reserved;
};

/* What it starts next. The launch is copied. A relative program or directory is seen from launch->directory. What it
 * leads to is found by the host; that nothing is there is a diagnostic of the host's. At most 1,024 a hop.
 * Returns STELLA_E_INVALID (no words, another kind) or STELLA_E_LIMIT, STELLA_E_NOMEM: pass them on. */
static inline stella_status stella_hop_step(stella_hop *hop, const stella_launch *next, const stella_step *how,
                                            stella_error *err) {
    stella_launch launch = *next; /* perhaps a copy of one that a newer host made: its size is this build's */
    stella_step step = *how;
    launch.struct_size = (uint32_t)sizeof launch;
    step.struct_size = (uint32_t)sizeof step;
    return hop->ops->step(hop, &launch, &step, err);
}

/* A script that it reads into itself; steps whose span names that path start from there. Of how, relation, span and
 * is_possible count. path  relative to the root, the file itself */
static inline stella_status stella_hop_include(stella_hop *hop, stella_sv path, const stella_step *how,
                                               stella_error *err) {
    stella_step step = *how;
    step.struct_size = (uint32_t)sizeof step;
    return hop->ops->include(hop, path, &step, err);
}

/* This program is what runs. May be said beside steps: a server that starts helpers. A hop that says neither a MAIN or
 * SERVICE step nor this, nor why it cannot be known, is a terminal of type "other". */
static inline stella_status stella_hop_terminal(stella_hop *hop, const stella_terminal *what, stella_error *err) {
    stella_terminal terminal = *what;
    terminal.struct_size = (uint32_t)sizeof terminal;
    return hop->ops->terminal(hop, &terminal, err);
}

/* A file that it loads. path  relative to the root; how, via  see stella_trace_use */
static inline stella_status stella_hop_uses(stella_hop *hop, stella_sv path, stella_sv how, stella_sv via,
                                            stella_error *err) {
    return hop->ops->uses(hop, path, how, via, err);
}

/* What cannot be known, and why. where  NULL: no place in particular. detail is copied, cut at 512 bytes. */
static inline stella_status stella_hop_unknown(stella_hop *hop, uint32_t reason, const stella_span *where,
                                               stella_sv detail, stella_error *err) {
    return hop->ops->unknown(hop, reason, where, detail, err);
}

/* This program is an interpreter of that language: "shell", "python", "node", "java". */
static inline stella_status stella_hop_language(stella_hop *hop, stella_sv language, stella_error *err) {
    return hop->ops->language(hop, language, err);
}

typedef struct stella_entrytrace {
    stella_abi_head head;
    /* Base names of the programs it knows, NULL-terminated; a final '*' stands for digits and dots ("python3*": python3,
     * python3.11). The name in PATH counts before the name links lead to, so that "sh" is known when it is a link to busybox.
     * Of two plugins that know a name, the first by id is asked. */
    const char *const *programs;

    /* Says what it starts. An error loses this hop, and is a diagnostic and an entry of the result. [worker] */
    stella_status (*resolve)(void *self, stella_hop *hop, stella_error *err);
} stella_entrytrace;

/* Defines the plugin of an entry tracer, as in the example above. */
#define STELLA_ENTRYTRACE(id_, version_, programs_, ...)                                                               \
    static const stella_entrytrace stella_entrytrace_table = {                                                         \
        .head = STELLA_HEAD(stella_entrytrace), .programs = (programs_), __VA_ARGS__};                                 \
    STELLA_PLUGIN(id_, version_, STELLA_ENTRYTRACE_INTERFACE, stella_entrytrace_table, .create = NULL)

STELLA_END_DECLS

#endif
