/* convert.h - an SPDX 2 tag-value document as a tree of the shape that SPDX 2.3 has as JSON. */
#ifndef READER_SPDX_TAG_VALUE_CONVERT_H
#define READER_SPDX_TAG_VALUE_CONVERT_H

#include "spdx2/spdx2.h"

/* Texts are borrowed from the document. Tags that are not known, and those of files and snippets but for their ids, are left out.
 * Returns STELLA_E_FORMAT for what is no such document (err's path is "line N"), or STELLA_E_NOMEM. */
stella_status convert_tags(stella_sv document, stella_arena *arena, const stella_json **out, stella_error *err);

#endif
