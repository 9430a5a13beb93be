/* shell_state.h - what a shell knows while it runs: variables, functions, positional parameters, directory, ... Each is a
 * slot that points to a value that never changes, so that two ways a script may go can be compared and joined. */
#ifndef ENTRYTRACE_SHELL_STATE_H
#define ENTRYTRACE_SHELL_STATE_H

#include "shell_ast.h"

#include <stella/entrytrace.h>

#define SHELL_SLOTS_MAX  20000
#define SHELL_VALUES_MAX 20000 /* of one array or list */

/* Kinds of slots. */
#define SLOT_VARIABLE   'v'
#define SLOT_FUNCTION   'f'
#define SLOT_POSITIONAL 'p' /* name is empty */
#define SLOT_DIRECTORY  'd' /* name is empty */
#define SLOT_TOUCHED    't' /* name is a path that the script made, changed or took away */
#define SLOT_OPTION     'o' /* name as set -o and shopt have it */
#define SLOT_LAST       'l' /* name is empty: steps that may be what runs when the script ends */
#define SLOT_JOBS       'j' /* name is empty: steps in the background */
#define SLOT_GETOPTS    'g' /* name is empty: count bytes of the word at OPTIND, which word says, have been read */

/* Bits of shell_value.flags. */
#define VALUE_EXPORTED  1u
#define VALUE_MAYBE     2u /* it may be that the slot has no value */
#define VALUE_ARRAY     4u /* items, by index */
#define VALUE_MAP       8u /* with ARRAY: items, by key */
#define VALUE_READ_ONLY 16u

typedef struct shell_item {
    stella_sv key; /* of an array: decimal, without leading zeros */
    stella_word word;
} shell_item;

typedef struct shell_value {
    uint32_t flags; /* VALUE_* */
    uint32_t count;
    const shell_item *items; /* of an array, of positional parameters, of lists of steps (key) */
    stella_word word;        /* of a scalar; of a function: its script as it was called */
    const shell_node *function;
    stella_sv path;                          /* of a function: the file that defines it */
    const struct shell_value *const *either; /* it is one of these: what two ways that were joined left behind */
    uint32_t either_count;
} shell_value;

#define SHELL_EITHER_MAX 4

typedef struct shell_state shell_state;

/* NULL when memory is short. Lives in the arena. */
shell_state *shell_state_new(stella_arena *arena);

/* NULL: no value. */
const shell_value *shell_state_get(const shell_state *s, char kind, stella_sv name);
/* Returns 0 when memory or SHELL_SLOTS_MAX is spent. value  NULL takes it away */
int shell_state_set(shell_state *s, char kind, stella_sv name, const shell_value *value);

/* The slots that have a value, one after another: *at begins as 0. Returns 0 at the end. */
int shell_state_each(const shell_state *s, char kind, uint32_t *at, stella_sv *name, const shell_value **value);

/* Grows with every change of a variable. */
uint64_t shell_state_version(const shell_state *s);

/* ---- ways ----------------------------------------------------------------------------------------------------------
 * mark, run one way, take what it changed (which goes back to the mark), run the next; then join what they changed. */

typedef struct shell_change {
    uint32_t slot;
    const shell_value *value;
} shell_change;

typedef struct shell_changes {
    shell_change *items;
    uint32_t count;
} shell_changes;

uint32_t shell_state_mark(const shell_state *s);
int shell_state_changed(const shell_state *s, uint32_t mark); /* whether a slot now has another value than then */
/* Returns 0 when memory is short. */
int shell_state_take(shell_state *s, uint32_t mark, shell_changes *out);
/* ways  at least one. Returns 0 when memory is short. */
int shell_state_join(shell_state *s, const shell_changes *ways, uint32_t count);

#endif
