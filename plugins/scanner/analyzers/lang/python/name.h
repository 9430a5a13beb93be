/* name.h - names and versions of distributions. */
#ifndef PYTHON_NAME_H
#define PYTHON_NAME_H

#include <stella/arena.h>

#define NAME_MAX_BYTES 256 /* of a name, a version or an extra */

/* Whether it is a name as PEP 508 has it: ASCII letters, digits, '.', '_' and '-', a letter or digit at both ends. */
int name_is_valid(stella_sv name);

/* Whether it may be a version: 1 to NAME_MAX_BYTES ASCII letters, digits and ".!+_-~". */
int version_is_valid(stella_sv version);

/* The name as PEP 503 compares it: lower case, each run of '-', '_' and '.' as one '-'. In the arena; ptr NULL when it is
 * spent. */
stella_sv name_normal(stella_sv name, stella_arena *arena);

/* The same into memory of the caller, NUL-terminated. Returns 0 for a name of more than NAME_MAX_BYTES. */
int name_normal_into(stella_sv name, char text[NAME_MAX_BYTES + 1]);

/* Whether two names are the same one by PEP 503. */
int name_equal(stella_sv a, stella_sv b);

/* Version numbers by their dotted numbers alone, "3.10" above "3.9"; what follows them is not looked at, and trailing
 * zeros do not count. Negative, 0 or positive. */
int version_compare(stella_sv a, stella_sv b);

#endif
