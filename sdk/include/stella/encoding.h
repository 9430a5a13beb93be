/* stella/encoding.h - hex and base64 (RFC 4648). [any thread] */
#ifndef STELLA_ENCODING_H
#define STELLA_ENCODING_H

#include <stella/arena.h>
#include <stella/sink.h>

STELLA_BEGIN_DECLS

/* Lower-case hex, NUL-terminated: out has room for 2 * size + 1 bytes. */
void stella_hex(const void *bytes, size_t size, char *out);

/* Exactly size bytes from 2 * size digits of either case. Returns 0, with out in an unknown state, for anything else.
 */
int stella_unhex(stella_sv text, void *out, size_t size);

/* Standard alphabet with padding. The answer lives in the arena; ptr NULL when its budget is spent. */
stella_sv stella_base64(stella_sv bytes, stella_arena *arena);

/* Standard or URL-safe alphabet, padding optional but then correct, no blanks; unused bits must be zero.
 * out  set on success, in the arena
 * Returns STELLA_E_FORMAT or STELLA_E_NOMEM. */
stella_status stella_unbase64(stella_sv text, stella_arena *arena, stella_sv *out, stella_error *err);

STELLA_END_DECLS

#endif
