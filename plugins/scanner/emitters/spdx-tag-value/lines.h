/* lines.h - the lines "Tag: value" of an SPDX 2.3 tag-value document. */
#ifndef EMITTER_SPDX_TAG_VALUE_LINES_H
#define EMITTER_SPDX_TAG_VALUE_LINES_H

#include <stella/sink.h>

/* A document in the making. Once a write has failed nothing more is written. */
typedef struct lines {
    const stella_sink *sink;
    stella_buf buffer;
    stella_error error;
} lines;

lines lines_of(const stella_sink *sink);
void lines_fini(lines *l);

/* "TAG: " begins a line; the end of it writes what has gathered once that is much. */
void lines_begin(lines *l, const char *tag);
void lines_end(lines *l);

/* A piece of a value on one line. What would end the line, control characters and bytes that are not UTF-8 become
 * U+FFFD; "<text>" cannot begin there. */
void lines_add(lines *l, stella_sv text);

/* A whole line; nothing when the value is empty. */
void lines_write(lines *l, const char *tag, stella_sv value);

/* A value that may have several lines, in <text> and </text>; nothing when it is empty. */
void lines_write_text(lines *l, const char *tag, stella_sv value);

/* An empty line and "## TITLE". */
void lines_title(lines *l, const char *title);

/* Writes the rest and reports the first failure. */
stella_status lines_finish(lines *l, stella_error *err);

#endif
