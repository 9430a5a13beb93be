/* convert.h - an SPDX 3.0 document as a tree of the shape that SPDX 2.3 has as JSON. */
#ifndef READER_SPDX3_JSON_CONVERT_H
#define READER_SPDX3_JSON_CONVERT_H

#include "spdx2/spdx2.h"

/* root  the JSON-LD of the official context: "@graph" with all elements. Texts are borrowed.
 * Returns STELLA_E_FORMAT for what is no such document, or STELLA_E_NOMEM. */
stella_status convert_graph(const stella_json *root, stella_arena *arena, const stella_json **out, stella_error *err);

#endif
