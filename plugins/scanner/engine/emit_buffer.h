/* emit_buffer.h - a descriptor that holds one output, behind a buffer. */
#ifndef SCANNER_ENGINE_EMIT_BUFFER_H
#define SCANNER_ENGINE_EMIT_BUFFER_H

#include <stella/sink.h>

typedef struct emit_buffer emit_buffer;

/* Empties the file: what a plugin that writes wherever it can has left there is no part of the result.
 * out  set on success; the caller destroys it, and keeps the descriptor. Returns STELLA_E_IO or STELLA_E_NOMEM. */
stella_status emit_buffer_create(int fd, emit_buffer **out, stella_error *err);
void emit_buffer_destroyp(emit_buffer **b);

const stella_sink *emit_buffer_sink(const emit_buffer *b);

/* Writes what is left. Returns the first failure of all writing. */
stella_status emit_buffer_flush(emit_buffer *b, stella_error *err);

#endif
