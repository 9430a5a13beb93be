/* lines.h - the tags of an SPDX tag-value document: "Tag: value", or "Tag: <text>several lines</text>". */
#ifndef READER_SPDX_TAG_VALUE_LINES_H
#define READER_SPDX_TAG_VALUE_LINES_H

#include <stella/error.h>

/* A plain value; all zero but the text at the start. */
typedef struct lines {
    stella_sv rest;
    uint32_t line; /* of the last tag, 1-based; of the last line when none is left */
    uint32_t next; /* lines taken */
} lines;

/* The next tag and its value, which may be empty. Comments ("#") and empty lines are stepped over.
 * out  set to 0 at the end
 * Returns STELLA_E_FORMAT for a line that is no tag and for a text without an end; err's path is "line N". */
stella_status lines_next(lines *l, stella_sv *tag, stella_sv *value, int *out, stella_error *err);

#endif
