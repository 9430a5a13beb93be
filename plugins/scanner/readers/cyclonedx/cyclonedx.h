/* cyclonedx.h - what CycloneDX says, whatever it is written in: a tree of the shape that its JSON has. */
#ifndef READER_CYCLONEDX_CYCLONEDX_H
#define READER_CYCLONEDX_CYCLONEDX_H

#include <stella/json.h>
#include <stella/reader.h>

/* States the subject, the components and their relations.
 * Returns STELLA_E_FORMAT for what is no CycloneDX, or STELLA_E_NOMEM. */
stella_status cyclonedx_read(stella_reading *reading, const stella_json *root, stella_error *err);

/* Tells whether the document keeps the rules, by notes (stella/reader.h). The members of JSON are a closed list since
 * 1.5; of XML those that are known are looked at. Returns STELLA_E_NOMEM. */
stella_status cyclonedx_check(stella_reading *reading, const stella_json *root, int is_json, stella_error *err);

#endif
