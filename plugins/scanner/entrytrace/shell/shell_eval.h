/* shell_eval.h - follows a script without running it: what the files of the evaluator share.
 *
 * What cannot be known is followed both ways: first the one, then the other, from the same state; then what the ways
 * changed is joined (shell_state.h). What happens on one of several ways only is "possible". Commands that are programs
 * become steps, which are kept until the end, when it is known which of them runs last.
 *
 * The first error that cannot be survived - memory, a file that is not at hand yet - is kept in status; from then on
 * every function returns soon. */
#ifndef ENTRYTRACE_SHELL_EVAL_H
#define ENTRYTRACE_SHELL_EVAL_H

#include "shell_state.h"

#include <stella/sink.h>

#define SHELL_COMMANDS_MAX 20000 /* that are followed in one launch */
#define SHELL_CALLS_MAX    64    /* functions, sources and eval in each other */
#define SHELL_TEXTS_MAX    500   /* sourced files and texts of eval */
#define SHELL_SELF_MAX     4     /* times that a file is being sourced at once */
#define SHELL_LEVELS_MAX   400   /* of commands in each other, calls included */
#define SHELL_ROUNDS_MAX   256   /* of a loop whose condition is known */
#define SHELL_STEPS_MAX    900   /* of one launch */
#define SHELL_HELPERS_MAX  256   /* of them, those that are no way on */
#define SHELL_REASONS_MAX  64
#define SHELL_EITHERS_MAX  2 /* variables of one command that have several values */
#define SHELL_TEXT_MAX     (1u << 20)

/* Exit status: 0 to 255, or not known. */
#define STATUS_UNKNOWN (-1)

/* How a command ends. */
typedef enum shell_flow {
    FLOW_NEXT,
    FLOW_CONTINUE,
    FLOW_BREAK,
    FLOW_RETURN,
    FLOW_EXIT, /* the shell ends, or becomes another program */
} shell_flow;

/* A text that commands read from, or write to. */
typedef struct shell_stream {
    stella_buf text;
    size_t at;
    int32_t is_unknown;
} shell_stream;

typedef struct shell_step {
    stella_launch launch;
    stella_step how;
    uint32_t is_include;
    stella_sv path; /* of an include */
} shell_step;

typedef struct shell_call {
    stella_sv name; /* of the function; "source", "main" */
    stella_sv path; /* of the script it is in */
} shell_call;

/* Said already: a command that is followed twice has one reason. */
typedef struct shell_reason {
    uint32_t reason, line, column;
    stella_sv path;
} shell_reason;

typedef struct shell_eval {
    stella_hop *hop;
    stella_arena *arena;
    stella_error *err;
    stella_status status;
    shell_state *state;
    stella_sv name;           /* $0 */
    stella_sv path;           /* of the script that is followed, relative to the root; empty: none */
    const shell_range *fixed; /* where the command stands whose text is followed (eval) */
    shell_step *steps;
    uint32_t step_count, step_room, helper_count;
    shell_call calls[SHELL_CALLS_MAX + 2];
    uint32_t call_count;
    uint32_t command_count;
    uint32_t level;
    uint32_t eithers;
    uint32_t texts;
    uint32_t branches;       /* ways of which this is one */
    uint32_t may_have_ended; /* a way before this one ended the script well */
    uint32_t may_have_returned;
    uint32_t may_have_broken;
    uint32_t subshells;  /* ( ), $( ), pipelines that this is in */
    uint32_t conditions; /* commands whose status alone counts: of if, while */
    uint32_t background;
    uint32_t substitutions;
    int last_status;
    uint32_t is_failure;  /* of FLOW_EXIT: the status is known not to be 0 */
    uint32_t loop_levels; /* of FLOW_BREAK, FLOW_CONTINUE: how many more loops end */
    uint32_t loops;
    shell_stream *in, *out;    /* NULL: nobody knows, nobody looks */
    struct shell_local *local; /* what the function at hand made its own, see shell_function.c */
    uint64_t env_version;
    const stella_variable *env;
    uint32_t env_count;
    shell_reason reasons[SHELL_REASONS_MAX];
    uint32_t reason_count;
    uint32_t is_posix; /* sh, dash, ash: no arrays, no braces */
} shell_eval;

/* ---- shell_eval.c: errors, memory, diagnostics ---- */
int shell_ok(const shell_eval *e);
void shell_stop(shell_eval *e, stella_status status); /* err says why already, or nothing does */
void *shell_memory(shell_eval *e, uint64_t count, uint64_t size);
stella_sv shell_copy(shell_eval *e, stella_sv text);
stella_sv shell_join(shell_eval *e, stella_sv a, stella_sv b);
int shell_is_possible(const shell_eval *e);
stella_span shell_span(const shell_eval *e, const shell_range *range);
void shell_unknown(shell_eval *e, uint32_t reason, const shell_range *range, stella_sv detail);
static inline stella_word shell_known(stella_sv text) {
    return (stella_word){.text = text};
}
static inline stella_word shell_unsure(stella_sv written) {
    return (stella_word){.text = written, .flags = STELLA_WORD_UNKNOWN};
}
static inline int shell_is_known(const stella_word *word) {
    return !(word->flags & STELLA_WORD_UNKNOWN);
}

stella_sv shell_script_name(const shell_eval *e); /* of the script at hand, as it was called */

/* ---- shell_variables.c ---- */
const shell_value *shell_get(const shell_eval *e, stella_sv name);
/* "": not set; unknown when that cannot be known. */
stella_word shell_get_word(const shell_eval *e, const char *name);
void shell_set(shell_eval *e, stella_sv name, stella_word word);
void shell_set_flags(shell_eval *e, stella_sv name, uint32_t flags);
void shell_set_value(shell_eval *e, stella_sv name, const shell_value *value);
void shell_unset(shell_eval *e, stella_sv name);
void shell_set_list(shell_eval *e, char kind, stella_sv name, uint32_t flags, const shell_item *items, uint32_t count);
void shell_set_positional(shell_eval *e, const stella_word *words, uint32_t count);
const shell_value *shell_positional(const shell_eval *e);
void shell_assign(shell_eval *e, const shell_assignment *assignment, uint32_t flags);
void shell_import(shell_eval *e, const stella_launch *launch);
void shell_export(shell_eval *e); /* sets env, env_count */
int shell_option(const shell_eval *e, const char *name);
void shell_set_option(shell_eval *e, stella_sv name, int is_on);
/* What $name is for names that the shell itself makes. Returns 0 for others. */
int shell_special(shell_eval *e, stella_sv name, shell_value *out);

/* ---- shell_expand.c, shell_expand_parameter.c ---- */
typedef struct shell_fields {
    stella_word *items;
    uint32_t count, room;
} shell_fields;

void shell_add_field(shell_eval *e, shell_fields *fields, stella_word word);
void shell_expand_words(shell_eval *e, const shell_word *words, shell_fields *out);
stella_word shell_expand(shell_eval *e, const shell_word *word);         /* one word, nothing split */
stella_word shell_expand_pattern(shell_eval *e, const shell_word *word); /* quoted bytes have a backslash before them */

/* What is being made of a word. */
typedef enum shell_want { WANT_FIELDS, WANT_TEXT, WANT_PATTERN } shell_want;
typedef struct shell_builder {
    shell_eval *e;
    shell_fields *fields;
    shell_want want;
    stella_buf text, pattern;
    int32_t has, is_unknown, is_many, has_pattern;
} shell_builder;
void shell_build_text(shell_builder *b, stella_sv text, int is_quoted);
void shell_build_word(shell_builder *b, stella_word word, int is_quoted, stella_sv written);
void shell_build_end(shell_builder *b); /* a field ends here */
void shell_build_parts(shell_builder *b, const shell_part *part, int is_quoted);
void shell_build_parameter(shell_builder *b, const shell_part *part, int is_quoted);
stella_word shell_expand_parts(shell_eval *e, const shell_part *parts, shell_want want, stella_sv written);

/* ---- shell_arithmetic.c ---- */
/* Returns 0 when the value cannot be known. */
int shell_calculate(shell_eval *e, stella_sv text, int64_t *out);
int shell_number(stella_sv text, int64_t *out);

/* ---- shell_test.c ---- three-valued: 1, 0, or STATUS_UNKNOWN */
int shell_test_words(shell_eval *e, const stella_word *words, uint32_t count);
int shell_test_tree(shell_eval *e, const shell_test *test);

/* ---- shell_files.c: the merged tree, as seen from the working directory ---- */
/* Returns 1 and fills out when something is there, 0 when nothing is, -1 when that cannot be known. */
int shell_stat(shell_eval *e, stella_sv path, stella_file *out);
/* The same, with bytes of a regular file. */
int shell_read_file(shell_eval *e, stella_sv path, stella_file *out);
stella_sv shell_path(shell_eval *e, stella_sv path); /* relative to the root; ptr NULL: cannot be known */
int shell_is_touched(shell_eval *e, stella_sv path); /* as shell_path gives it */
void shell_touch(shell_eval *e, stella_sv path);
/* Names that the pattern describes, in order. Returns 0 when that cannot be known. */
int shell_glob(shell_eval *e, stella_sv pattern, shell_fields *out);
stella_sv shell_directory(const shell_eval *e); /* "/app"; empty: cannot be known */
int shell_find_program(shell_eval *e, stella_sv name, stella_sv *where);

/* ---- shell_control.c, shell_loop.c, shell_branch.c ---- */
shell_flow shell_follow(shell_eval *e, const shell_node *list);
shell_flow shell_node_follow(shell_eval *e, const shell_node *node);
shell_flow shell_loop_follow(shell_eval *e, const shell_node *node);
shell_flow shell_subshell(shell_eval *e, const shell_node *list);

#define SHELL_WAYS_MAX 64
typedef struct shell_fork {
    shell_changes ways[SHELL_WAYS_MAX];
    uint32_t count; /* of ways that go on */
    uint32_t mark;
    shell_flow flow; /* of the way that goes on furthest */
    uint32_t has_flow, flow_differs, all_fail, ended;
    int status;
} shell_fork;
void shell_fork_begin(shell_eval *e, shell_fork *fork);
void shell_fork_way(shell_eval *e, shell_fork *fork, shell_flow flow); /* one way has been followed */
shell_flow shell_fork_end(shell_eval *e, shell_fork *fork);
/* Follows the list, or not: it cannot be known. */
shell_flow shell_perhaps(shell_eval *e, const shell_node *list);

/* ---- shell_either.c ---- */
/* Returns 0 when no word of the command has several values. */
int shell_either_follow(shell_eval *e, const shell_node *node, shell_flow *flow);

/* ---- shell_command.c ---- */
typedef struct shell_args {
    const stella_word *items; /* the first is the command's name */
    uint32_t count;
    const shell_node *node;
} shell_args;
shell_flow shell_simple_follow(shell_eval *e, const shell_node *node);
shell_flow shell_run_args(shell_eval *e, const shell_args *args);                  /* functions, builtins, programs */
int shell_redirect_begin(shell_eval *e, const shell_node *node, shell_stream *in); /* sets e->in, e->out */
stella_word shell_substitute(shell_eval *e, const shell_node *body, stella_sv written);

/* ---- shell_function.c ---- */
shell_flow shell_call_function(shell_eval *e, const shell_value *function, const shell_args *args);
shell_flow shell_source(shell_eval *e, const shell_args *args);
shell_flow shell_eval_text(shell_eval *e, const shell_args *args);
void shell_make_local(shell_eval *e, stella_sv name);
/* Follows a script's text. */
shell_flow shell_text_follow(shell_eval *e, stella_sv text, const shell_range *place);

/* ---- shell_builtins.c ---- Returns 0 when the name is no builtin's. */
int shell_builtin(shell_eval *e, const shell_args *args, shell_flow *flow);
int shell_is_builtin(stella_sv name);
shell_flow shell_getopts(shell_eval *e, const shell_args *args); /* shell_getopts.c */
shell_flow shell_exec(shell_eval *e, const shell_args *args);
shell_flow shell_declare(shell_eval *e, const shell_node *node, const shell_args *args);
void shell_print(shell_eval *e, stella_sv text);
void shell_print_word(shell_eval *e, const stella_word *word);

/* ---- shell_programs.c: programs whose output follows from their words and the tree ---- */
/* Writes it to e->out and sets last_status. Returns 0 for others. */
int shell_program(shell_eval *e, const shell_args *args);

/* ---- shell_steps.c ---- */
/* Returns the step's number. */
void shell_run_program(shell_eval *e, const shell_args *args);
shell_flow shell_become(shell_eval *e, const shell_args *args, stella_sv program);
void shell_include(shell_eval *e, stella_sv path, const shell_range *range);
void shell_wait(shell_eval *e);   /* what runs in the background is what runs last */
void shell_finish(shell_eval *e); /* the script ends here: what ran last is what runs */
stella_status shell_say(shell_eval *e);
int shell_run_parts(shell_eval *e, const shell_args *args);

/* ---- shell_launch.c ---- */
stella_status shell_resolve(stella_hop *hop, stella_error *err);

#endif
