/* chain.h - the commands of execline: each reads the words before its own, and becomes the rest. */
#ifndef ENTRYTRACE_EXECLINE_CHAIN_H
#define ENTRYTRACE_EXECLINE_CHAIN_H

#include "entrytrace/common/hop.h"

/* Meanings of operands, in their order:
 *   RUN         a block, run and waited for          BACKGROUND  a block that nobody waits for
 *   MAYBE       a block that may take the place of all   PERHAPS  a block that may be run
 *   BLOCK       a block that is no command           SKIP        a word that changes nothing here
 *   DIR         the working directory                NAME VALUE  a variable that is set
 *   UNSET       one that is taken away               UNKNOWN     one that gets a value nobody knows
 *   IMPORT VAR  words get the value of a variable    DEFINE TEXT words get that text
 *   ENDS        nothing is run */
typedef struct chain_command {
    const char *names;    /* separated by blanks */
    const char *options;  /* options.h */
    const char *operands; /* separated by blanks */
    int32_t may_not;      /* 1: whether the rest is run depends on a block's status */
} chain_command;

/* NULL when none has that name. */
const chain_command *chain_find(stella_sv name);

/* Says what the launch of such a command leads to. [worker] */
stella_status chain_resolve(stella_hop *hop, const chain_command *command, stella_error *err);

#endif
