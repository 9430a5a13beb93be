/* arguments.h - the words of a file that "@FILE" names on java's command line ("The java Command", "java Command-Line
 * Argument Files"), and of JDK_JAVA_OPTIONS. */
#ifndef ENTRYTRACE_JAVA_ARGUMENTS_H
#define ENTRYTRACE_JAVA_ARGUMENTS_H

#include "entrytrace/common/launch.h"

#define ARGUMENTS_FILE_MAX (1u << 20)

/* Blanks separate; '#' begins a comment; quotes keep blanks, and in them a backslash escapes; a backslash before a
 * line's end joins lines.
 * words  set on success; in the arena
 * Returns STELLA_E_LIMIT for more than LAUNCH_WORDS_MAX words, STELLA_E_NOMEM. */
stella_status arguments_parse(stella_sv text, stella_arena *arena, stella_word **words, uint32_t *count,
                              stella_error *err);

#endif
