/* fields.h - a row of texts as the bytes of a record, written and read by the same build. */
#ifndef ANALYZER_FIELDS_H
#define ANALYZER_FIELDS_H

#include <stella/sink.h>

/* Adds the line and the texts to out. Returns the status of the buffer. */
stella_status fields_encode(uint32_t line, const stella_sv *values, uint32_t count, stella_buf *out);

/* line, values  set on success; the texts borrow from bytes
 * Returns STELLA_E_FORMAT unless the bytes hold a line and exactly count texts. */
stella_status fields_decode(stella_sv bytes, uint32_t count, uint32_t *line, stella_sv *values, stella_error *err);

#endif
