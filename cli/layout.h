/* layout.h - paragraphs in columns. */
#ifndef CLI_LAYOUT_H
#define CLI_LAYOUT_H

#include <stdio.h>

#define LAYOUT_WIDTH 80

/* Writes a text wrapped at LAYOUT_WIDTH; every line but the first begins with indent blanks; the first is at column
 * `column` already. \n begins a new paragraph line. Ends with a newline. */
void layout_text(FILE *out, const char *text, int column, int indent);

/* "  term  text" with the text at the column `indent`; a term that is too long gets a line of its own. */
void layout_item(FILE *out, const char *term, const char *text, int indent);

#endif
