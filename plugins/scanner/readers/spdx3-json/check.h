/* check.h - the rules of SPDX 3.0 for an SBOM's elements. */
#ifndef READER_SPDX3_JSON_CHECK_H
#define READER_SPDX3_JSON_CHECK_H

#include <stella/json.h>
#include <stella/reader.h>

/* Tells whether the document keeps them, by notes (stella/reader.h). Returns STELLA_E_NOMEM. */
stella_status spdx3_check(stella_reading *reading, const stella_json *root, stella_error *err);

#endif
