/* json_writer.h - what the canonical form needs of the writer besides its public functions. */
#ifndef STELLA_SRC_JSON_WRITER_H
#define STELLA_SRC_JSON_WRITER_H

#include <stella/json.h>

/* A value that is already JSON, written as it is. */
void stella_json_write_raw(stella_json_writer *w, stella_sv json);

#endif
