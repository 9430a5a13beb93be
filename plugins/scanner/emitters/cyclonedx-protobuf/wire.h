/* wire.h - the protobuf wire format, into a buffer: a message's length stands before it, so it must be complete before
 * it goes out. One top-level message at a time is held. [one thread] */
#ifndef EMITTER_CYCLONEDX_PROTOBUF_WIRE_H
#define EMITTER_CYCLONEDX_PROTOBUF_WIRE_H

#include <stella/sink.h>

#define WIRE_DEPTH_MAX 8

typedef struct wire {
    stella_buf buf;
    uint32_t depth;
    size_t starts[WIRE_DEPTH_MAX]; /* where the content of each open message begins */
    stella_status status;          /* of the first call that failed; all later ones do nothing */
} wire;

wire wire_of(size_t max);
void wire_fini(wire *w);

void wire_number(wire *w, uint32_t field, uint64_t value); /* written also when it is 0 */
void wire_one(wire *w, uint32_t field);                    /* the float 1.0 */

/* A string must be UTF-8: what is not becomes U+FFFD. */
void wire_text(wire *w, uint32_t field, stella_sv text);
void wire_text_opt(wire *w, uint32_t field, stella_sv text); /* nothing when it is empty */

void wire_begin(wire *w, uint32_t field);
void wire_end(wire *w);

/* Writes what there is, with no message open, and empties the buffer. Returns STELLA_E_NOMEM or STELLA_E_LIMIT for a
 * message that did not fit, else what the sink did. */
stella_status wire_flush(wire *w, const stella_sink *sink, stella_error *err);

#endif
