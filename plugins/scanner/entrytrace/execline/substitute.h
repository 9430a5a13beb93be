/* substitute.h - "${NAME}" in words becomes a value (skarnet.org, "The execline language: substitution"). */
#ifndef ENTRYTRACE_EXECLINE_SUBSTITUTE_H
#define ENTRYTRACE_EXECLINE_SUBSTITUTE_H

#include "entrytrace/common/hop.h"

typedef struct substitution {
    stella_sv name;
    const stella_word *values; /* none: a word that holds it is taken away */
    uint32_t count;            /* more than one: a word is there once for each */
} substitution;

/* Replaces "${NAME}", and "$NAME" at a word's end, in the launch's words from that one on.
 * Returns STELLA_E_LIMIT, STELLA_E_NOMEM. */
stella_status substitute(stella_arena *arena, stella_launch *launch, uint32_t from, const substitution *what,
                         stella_error *err);

#endif
