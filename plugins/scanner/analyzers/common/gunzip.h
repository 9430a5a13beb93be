/* gunzip.h - what a small gzip file holds, piece by piece: changelogs, file lists. */
#ifndef ANALYZER_GUNZIP_H
#define ANALYZER_GUNZIP_H

#include <stella/analyzer.h>

typedef struct gunzip gunzip;

/* The file of a probe, whose arena holds the state (300 KiB). limit: bytes that are inflated at most. NULL when the
 * arena's budget is spent. */
gunzip *gunzip_of_probe(stella_probe *probe, uint64_t limit);

/* The same for bytes at hand. */
gunzip *gunzip_of_bytes(stella_sv bytes, uint64_t limit, stella_arena *arena);

/* The same for bytes at hand, then what the probe has not read yet (NULL: nothing). first must live as long. */
gunzip *gunzip_of_rest(stella_sv first, stella_probe *probe, uint64_t limit, stella_arena *arena);

/* The next piece, valid until the next call; empty at the end. Several members follow each other; zero bytes behind the
 * last one are no error.
 * Returns STELLA_E_FORMAT for what is no gzip or is cut short, STELLA_E_LIMIT past the limit, and what
 * stella_probe_read returns. */
stella_status gunzip_next(gunzip *g, stella_sv *piece, stella_error *err);

#endif
