/* audit.h - what cargo-auditable puts into a program: the crates it was built from, as compressed JSON in a section
 * (https://github.com/rust-secure-code/cargo-auditable, PARSING.md). */
#ifndef RUST_AUDIT_H
#define RUST_AUDIT_H

#include "common/binary/binary.h"

#include <stella/sink.h>

#define AUDIT_BYTES_MAX ((size_t)8 << 20) /* of the JSON, inflated */

/* Inflates the section into text, a buffer of at least AUDIT_BYTES_MAX room.
 * Returns STELLA_E_NOTFOUND for a program without one, STELLA_E_FORMAT for what is no zlib stream or has another
 * checksum, STELLA_E_LIMIT for more than AUDIT_BYTES_MAX, STELLA_E_NOMEM. */
stella_status audit_read(const binary *b, stella_arena *arena, stella_buf *text, stella_error *err);

#endif
