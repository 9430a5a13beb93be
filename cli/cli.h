/* cli.h - what every verb of `stella` is given and what the dispatcher needs to know of it.
 *
 * One table of verbs (verbs.c) is the source of the dispatcher, --help, the man pages and the shell completions. A verb
 * is one file that defines one `const cli_verb`. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/option.h"
#include "paths/paths.h"

#include <stella/arena.h>
#include <stella/error.h>
#include <stella/sink.h>

#include <stdio.h>

/* Exit statuses; others script against them. */
#define CLI_DONE    0
#define CLI_GATE    1 /* a gate failed */
#define CLI_USAGE   2 /* usage, configuration or plugins */
#define CLI_TARGET  3 /* the target cannot be read or is not what it claims */
#define CLI_PARTIAL 4 /* done, but some analyzer failed */
#define CLI_FAILED  5 /* out of time, output not writable, the daemon or an internal part failed */

/* What main builds and hands to everybody. */
typedef struct cli_context {
    FILE *out, *err;
    stella_arena *arena; /* lives until the program ends */
    int is_terminal;     /* out is one */
    int is_colored;      /* out may be coloured: a terminal, and NO_COLOR is not set */
    paths paths;
} cli_context;

typedef struct cli_example {
    const char *command; /* without the prompt */
    const char *meaning;
} cli_example;

typedef struct cli_exit {
    int status;
    const char *meaning;
} cli_exit;

typedef struct cli_verb {
    const char *name;                                   /* "scan", or two words: "plugin sign" */
    const char *summary;                                /* one line, lower case, no stop */
    const char *arguments;                              /* "DIR", "[TARGET]..."; NULL for none */
    uint32_t words_min;                                 /* of the arguments */
    uint32_t words_max;                                 /* CLI_ANY: no limit */
    const char *description;                            /* paragraphs, separated by \n */
    const cli_option *options;                          /* ended by an entry without name; NULL for none */
    const cli_example *examples;                        /* ended by an entry without command */
    const cli_exit *exits;                              /* ended by an entry without meaning */
    int (*run)(cli_context *cli, const cli_args *args); /* returns the exit status */
} cli_verb;

#define CLI_ANY UINT32_MAX

/* The verbs in the order in which help lists them, ended by NULL. */
extern const cli_verb *const cli_verbs[];

/* Runs `stella` as if it had been called with these arguments. Returns the exit status. */
int cli_run(cli_context *cli, int argc, char **argv);

/* The verb named by the first one or two words; *words is set to how many. NULL when there is none. */
const cli_verb *cli_verb_find(uint32_t count, const char *const *words, uint32_t *taken);

/* "stella: path: message" on standard error, made safe for terminals. Returns status, so that a verb can end with it.
 */
int cli_fail(cli_context *cli, int status, const stella_error *err);

/* "stella: message" on standard error, then where to find help. Returns CLI_USAGE. */
int cli_usage(cli_context *cli, const cli_verb *verb, const char *format, ...) STELLA_PRINTF(3, 4);

/* Text from outside, safe to print with %s. Never NULL. */
const char *cli_safe(cli_context *cli, const char *text);

/* A sink on standard output, for writers that need one. Borrows cli. */
stella_sink cli_out_sink(cli_context *cli);

#endif
