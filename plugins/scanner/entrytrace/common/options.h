/* options.h - options of a command line, read by the synopsis of the program's manual page.
 *
 *     options o = options_of("-k,--kill-after=DURATION -s,--signal=SIGNAL --foreground -v,--verbose", launch);
 *     for (option found; options_next(&o, &found) == OPTIONS_FOUND;)
 *         ...
 *     // the first operand is launch->args[o.at]
 *
 * A synopsis is a list of items between blanks: the spellings of one option, separated by commas, then "=MEANING" when
 * a value must follow, "[=MEANING]" when one may (attached to it only), ":MEANING" for an option without value. An item
 * "-#" stands for a dash with digits. As getopt_long(3) does: one-letter options may stand together and have their value
 * attached; long ones may be cut as long as one is meant. An option of several letters with one dash ("-cp") is met as a
 * whole, with "=VALUE" behind it or not. "--" ends the options, as does the first operand. */
#ifndef ENTRYTRACE_OPTIONS_H
#define ENTRYTRACE_OPTIONS_H

#include <stella/entrytrace.h>

typedef enum options_result {
    OPTIONS_END,     /* options.at is the first operand, or the count of words */
    OPTIONS_FOUND,   /* an option of the synopsis */
    OPTIONS_STRANGE, /* an option that the synopsis does not have, or whose value is missing: stepped over */
    OPTIONS_DYNAMIC, /* any number of words that only the running program knows; not stepped over */
} options_result;

typedef struct options {
    const char *synopsis;
    const stella_word *args;
    uint32_t count;
    uint32_t at;      /* the next word */
    uint32_t letter;  /* inside a group of letters: the next one; else 0 */
    int32_t is_whole; /* 1: letters do not stand together, as with java and programs written in Go; set it after _of */
} options;

typedef struct option {
    stella_sv name;    /* the first spelling in the synopsis; of a strange one as it is written */
    stella_sv meaning; /* empty: none is given */
    stella_word value; /* text NULL: none */
    uint32_t at;       /* the word it was found in */
} option;

/* Begins behind the first word of the launch. The synopsis must outlive it. */
options options_of(const char *synopsis, const stella_launch *launch);

/* out  set on OPTIONS_FOUND and OPTIONS_STRANGE */
options_result options_next(options *o, option *out);

/* Whether the option is the one whose first spelling is that. */
int option_is(const option *o, const char *name);

#endif
