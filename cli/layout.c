#include "cli/layout.h"

#include <string.h>

static int start_line(FILE *out, int indent) {
    fprintf(out, "\n%*s", indent, "");
    return indent;
}

void layout_text(FILE *out, const char *text, int column, int indent) {
    int is_first = 1;
    while (*text) {
        const int len = (int)strcspn(text, " \n");
        if (!is_first && column + 1 + len > LAYOUT_WIDTH) {
            column = start_line(out, indent);
            is_first = 1;
        }
        column += fprintf(out, "%s%.*s", is_first ? "" : " ", len, text);
        is_first = 0;
        text += len;
        if (*text == '\n') {
            column = start_line(out, indent);
            is_first = 1;
        }
        text += *text ? 1 : 0;
    }
    fputc('\n', out);
}

void layout_item(FILE *out, const char *term, const char *text, int indent) {
    int column = fprintf(out, "  %s", term);
    if (column + 2 > indent)
        column = start_line(out, indent);
    else
        column += fprintf(out, "%*s", indent - column, "");
    layout_text(out, text, column, indent);
}
