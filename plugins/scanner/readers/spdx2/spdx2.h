/* spdx2.h - what SPDX says, whatever it is written in: a tree of the shape that SPDX 2.3 has as JSON. */
#ifndef READER_SPDX2_SPDX2_H
#define READER_SPDX2_SPDX2_H

#include <stella/json.h>
#include <stella/reader.h>

/* States the subject, the packages and their relations. Returns STELLA_E_NOMEM. */
stella_status spdx2_read(stella_reading *reading, const stella_json *root, stella_error *err);

/* Tells whether the document keeps the rules of SPDX 2, by notes (stella/reader.h). syntax: "JSON", "tag-value".
 * Returns STELLA_E_NOMEM. */
stella_status spdx2_check(stella_reading *reading, const stella_json *root, const char *syntax, stella_error *err);

#endif
