/* option.h - options from a table: one description serves parsing, help, man pages and completions. */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include <stella/error.h>

#define CLI_OPTIONS_MAX 48  /* of one verb */
#define CLI_GIVEN_MAX   256 /* on one command line */
#define CLI_WORDS_MAX   256

typedef struct cli_option {
    const char *name;    /* long name without dashes */
    const char *value;   /* what it takes, as help shows it: "DIR", "FILE", "SECONDS"; NULL: a flag */
    const char *choices; /* all values it takes, separated by blanks; NULL: anything */
    const char *help;
    char letter;     /* short form; 0: none */
    int is_optional; /* the value may be left out: --name or --name=VALUE */
} cli_option;

/* What a command line says, in order. Everything borrows from argv and the table. */
typedef struct cli_args {
    const cli_option *options; /* the table it was read with */
    uint32_t given_count, word_count;
    struct {
        const cli_option *option;
        const char *value; /* NULL for flags */
    } given[CLI_GIVEN_MAX];
    const char *words[CLI_WORDS_MAX]; /* the arguments that are no options */
} cli_args;

/* Reads argv[1] to argv[argc-1]; -h and --help belong to every table. Options and words may be mixed; "--" ends the
 * options.
 * options  ended by an entry without name; NULL for none
 * out      set on success
 * Returns STELLA_E_INVALID with a message that names the option. [one thread: getopt_long] */
stella_status cli_args_parse(int argc, char **argv, const cli_option *options, cli_args *out, stella_error *err);

/* Whether the table has such an option. */
int cli_takes(const cli_args *args, const char *name);

/* How often an option was given. The name must be in the table. */
uint32_t cli_given(const cli_args *args, const char *name);

/* The last value given, or NULL. */
const char *cli_value(const cli_args *args, const char *name);

/* All values given, in order; at most max. Returns how many. */
uint32_t cli_values(const cli_args *args, const char *name, const char **out, uint32_t max);

#endif
