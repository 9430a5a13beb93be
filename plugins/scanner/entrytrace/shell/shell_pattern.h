/* shell_pattern.h - patterns of file names, case and [[ ]]: Bash Reference Manual 3.5.8.1, with extglob. */
#ifndef ENTRYTRACE_SHELL_PATTERN_H
#define ENTRYTRACE_SHELL_PATTERN_H

#include <stella/sv.h>

/* Whether the pattern describes all of the text: 1, 0, or -1 for one that takes too many steps. A backslash makes the
 * next byte mean itself. */
int shell_match(stella_sv pattern, stella_sv text);

/* The shortest or longest beginning (end) of the text that the pattern describes.
 * Returns 1 and sets *len, 0 when none is, -1 as above. */
int shell_match_prefix(stella_sv pattern, stella_sv text, int longest, size_t *len);
int shell_match_suffix(stella_sv pattern, stella_sv text, int longest, size_t *len);

#endif
