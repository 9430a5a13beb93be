/* script.h - a script of execline as the words that execlineb makes of it (skarnet.org, "The execlineb program"): blanks
 * separate, '"' keeps them, '\' keeps the next byte, '#' where a word may begin is a comment. A word inside "{ }" gets a
 * space in front, once for each block it is in, and a block ends with the empty word of its depth. */
#ifndef ENTRYTRACE_EXECLINE_SCRIPT_H
#define ENTRYTRACE_EXECLINE_SCRIPT_H

#include "entrytrace/common/launch.h"

#define SCRIPT_BYTES_MAX (1u << 20)
#define SCRIPT_DEPTH_MAX 64u

/* words  set on success; in the arena
 * Returns STELLA_E_FORMAT for a quote or a block without end, or a '}' too many; STELLA_E_LIMIT for more than
 * LAUNCH_WORDS_MAX words or SCRIPT_DEPTH_MAX blocks in each other; STELLA_E_NOMEM. */
stella_status script_words(stella_sv text, stella_arena *arena, stella_word **words, uint32_t *count,
                           stella_error *err);

#endif
