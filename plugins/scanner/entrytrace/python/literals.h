/* literals.h - what stands in the text of a Python script: names, where they stand, and expressions that say their value
 * (The Python Language Reference, "Lexical analysis"). */
#ifndef ENTRYTRACE_PYTHON_LITERALS_H
#define ENTRYTRACE_PYTHON_LITERALS_H

#include "entrytrace/common/hop.h"

#define LITERALS_ARGUMENTS_MAX 64u
#define LITERALS_DEPTH_MAX     8u /* of expressions in each other */

typedef struct literals {
    stella_hop *hop;
    stella_sv text;
    uint32_t arguments_at; /* the launch's word that is sys.argv[1] */
    /* of literals_next */
    size_t at;
    uint32_t line, indent, body, depth;
    int32_t is_main, is_status, in_word, has_begun;
} literals;

/* A name that is no part of a text, a comment or another name. */
typedef struct literals_place {
    size_t at;
    uint32_t line;
    int32_t is_certain; /* at the outermost level, or of "if __name__ == ...:" */
    int32_t is_status;  /* the statement begins with sys.exit( or raise SystemExit( */
} literals_place;

/* Returns 0 at the end of the text. */
int literals_next(literals *l, literals_place *out);

typedef struct literals_list {
    stella_sv items[LITERALS_ARGUMENTS_MAX];
    uint32_t count;
} literals_list;

/* The expressions up to the bracket that closes, split at commas. Returns 0 when none closes, or for too many. */
int literals_split(stella_sv text, literals_list *out);

/* The value of an expression; unknown, as it is written, unless it says it. text NULL: out of memory. */
stella_word literals_word(const literals *l, stella_sv expression);

/* The values of a list: "[a, b] + sys.argv[1:]". What it does not say is any number of words.
 * count  set on success
 * Returns STELLA_E_LIMIT for more than room, STELLA_E_NOMEM. */
stella_status literals_words(const literals *l, stella_sv expression, stella_word *words, uint32_t room,
                             uint32_t *count, stella_error *err);

#endif
