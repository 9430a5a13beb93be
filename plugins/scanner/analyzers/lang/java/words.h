/* words.h - what names, groups and versions of Java artifacts look like. [any thread] */
#ifndef JAVA_WORDS_H
#define JAVA_WORDS_H

#include <stella/sv.h>

#define JAVA_WORD_MAX 256 /* bytes of a name, group or version */

/* UTF-8 without control characters, blanks, path separators or ':', nor a "${" that nothing resolved; 1 to JAVA_WORD_MAX
 * bytes. */
int java_is_word(stella_sv text);

/* Letters, digits, '.', '-' and '_', with a letter at the front: a group id rather than a company's name. */
int java_is_group(stella_sv text);

#endif
