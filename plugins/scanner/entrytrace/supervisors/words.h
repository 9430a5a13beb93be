/* words.h - a command of a configuration file as words, as Python's shlex.split does it: supervisord, honcho. */
#ifndef ENTRYTRACE_SUPERVISORS_WORDS_H
#define ENTRYTRACE_SUPERVISORS_WORDS_H

#include "entrytrace/common/launch.h"

/* Blanks separate; quotes keep them; a backslash keeps the next byte, in '"' only '"' and itself.
 * words  set on success; in the arena
 * Returns STELLA_E_FORMAT for a quote or backslash without end, STELLA_E_LIMIT for more than LAUNCH_WORDS_MAX words,
 * STELLA_E_NOMEM. */
stella_status words_split(stella_sv text, stella_arena *arena, stella_word **words, uint32_t *count, stella_error *err);

#endif
