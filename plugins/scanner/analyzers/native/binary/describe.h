/* describe.h - reads the facts of a program or library out of its bytes. */
#ifndef BINARY_DESCRIBE_H
#define BINARY_DESCRIBE_H

#include "common/binary/binary.h"
#include "common/binary/facts.h"

#include <stella/arena.h>

#define DESCRIBE_NEEDED_MAX   4096 /* libraries of one file */
#define DESCRIBE_TEXT_MAX     4096 /* bytes of build id, compiler and package note each */
#define DESCRIBE_NEEDED_BYTES ((size_t)256 << 10)

/* out  set on success, without is_nameless and sha256; texts borrow from the file or live in the arena
 * Returns STELLA_E_NOMEM. */
stella_status describe(const binary *b, stella_arena *arena, binary_facts *out, stella_error *err);

/* Whether it holds a list of what it was built from, which the analyzers of Go and Rust read. */
int describe_is_told_by_others(const binary *b);

#endif
