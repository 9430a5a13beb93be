/* unpack.h - what a gzip, zstd or xz file holds, piece by piece. */
#ifndef ANALYZERS_UNPACK_H
#define ANALYZERS_UNPACK_H

#include <stella/analyzer.h>

/* The most that a file may ask for to refer back to (zstd: window; xz: all of the decoder's memory). */
#define UNPACK_WINDOW_LOG_MAX 26
#define UNPACK_MEMORY_MAX     ((uint64_t)80 << 20)

typedef enum unpack_format { UNPACK_NONE, UNPACK_GZIP, UNPACK_ZSTD, UNPACK_XZ } unpack_format;

/* By the first bytes, of which six tell. */
unpack_format unpack_format_of(stella_sv first);

/* The bytes at hand, then what the probe has not read yet. */
typedef struct unpack_source {
    stella_sv first;
    stella_probe *probe; /* NULL: first is all */
} unpack_source;

typedef struct unpack unpack;

/* first must live as long.
 * format  but UNPACK_NONE
 * limit   bytes that are unpacked at most
 * arena   holds the state of gzip (300 KiB)
 * NULL when memory is short. The caller destroys it. */
unpack *unpack_create(unpack_format format, const unpack_source *source, uint64_t limit, stella_arena *arena);
void unpack_destroyp(unpack **u); /* for STELLA_AUTO; *u may be NULL */

/* The next piece, valid until the next call; empty at the end. zstd frames and xz streams may follow each other.
 * Returns STELLA_E_FORMAT for what is not sound or is cut short, STELLA_E_LIMIT past the limit or for a window that is
 * too large, STELLA_E_NOMEM, and what stella_probe_read returns. */
stella_status unpack_next(unpack *u, stella_sv *piece, stella_error *err);

#endif
