/* interpreter.h - an interpreter whose first operand is its script. */
#ifndef ENTRYTRACE_INTERPRETER_H
#define ENTRYTRACE_INTERPRETER_H

#include "hop.h"

/* Meanings of options: SCRIPT (the script itself), CODE (a program among the words), LOAD (a file that is loaded first),
 * ENDS (nothing is run). */
typedef struct interpreter {
    const char *language; /* and type of the terminal */
    const char *options;  /* options.h */
} interpreter;

/* What its words came to. */
typedef struct interpreter_run {
    stella_sv main; /* relative to the root; empty: none, or it was told why */
    uint32_t at;    /* of the first word that the script gets */
    int32_t ends;   /* 1: everything was said */
} interpreter_run;

/* Says the language and reads the words. A script that is missing or not known is told; a program among the words is a
 * terminal of 70 %.
 * out  set on success */
stella_status interpreter_read(stella_hop *hop, const interpreter *i, interpreter_run *out, stella_error *err);

/* The same, and the script is where the way ends. [worker] */
stella_status interpreter_resolve(stella_hop *hop, const interpreter *i, stella_error *err);

#endif
