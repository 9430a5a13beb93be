/* literal.h - quoted texts in a line of Ruby: "a\u00e9", 'a', %q<a>, with "#{s.name}" filled in. */
#ifndef RUBY_LITERAL_H
#define RUBY_LITERAL_H

#include <stella/arena.h>
#include <stella/error.h>

#define LITERAL_MAX (1u << 20) /* bytes of a decoded text */

/* What "#{s.name}" and "#{s.version}" stand for. */
typedef struct literal_values {
    stella_sv name, version;
} literal_values;

/* Takes the next quoted text off *line, and what is before it. A '#' outside of quotes ends the line.
 * out  set when *found is: decoded, borrows from the line or lives in the arena
 * found  0: the line has no more
 * Returns STELLA_E_FORMAT for a text without end, a bad escape or an expression that is not known, STELLA_E_LIMIT,
 * STELLA_E_NOMEM. */
stella_status literal_next(stella_sv *line, const literal_values *values, stella_arena *arena, stella_sv *out,
                           int *found, stella_error *err);

#endif
