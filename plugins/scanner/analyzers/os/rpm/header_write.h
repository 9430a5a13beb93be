/* header_write.h - makes a header block of chosen values: the form of our records, so that one reader serves both. */
#ifndef RPM_HEADER_WRITE_H
#define RPM_HEADER_WRITE_H

#include "header.h"

#include <stella/sink.h>

#define HEADER_WRITE_ENTRIES_MAX 64

/* In the caller's storage; fini it. [one thread] */
typedef struct header_writer {
    stella_buf index, data;
    uint32_t count;
    stella_status status; /* of the first addition that failed */
} header_writer;

/* max  bytes of the data */
void header_writer_init(header_writer *w, uint64_t max);
void header_writer_fini(header_writer *w);

/* Adds a value as it stands in another header; text (one string); a number. An empty text is left out.
 * Failures are told by finish. */
void header_writer_value(header_writer *w, uint32_t tag, const header_value *value);
void header_writer_text(header_writer *w, uint32_t tag, stella_sv text);
void header_writer_number(header_writer *w, uint32_t tag, uint32_t number);

/* Adds the block to out. Returns STELLA_E_LIMIT when the values are more than max, STELLA_E_NOMEM. */
stella_status header_writer_finish(header_writer *w, stella_buf *out);

#endif
