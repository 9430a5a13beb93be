/* inflate.h - what a zstd file of a probe holds, piece by piece. */
#ifndef CHISEL_INFLATE_H
#define CHISEL_INFLATE_H

#include <stella/analyzer.h>

typedef struct inflate inflate;

/* NULL when memory is short. destroy takes NULL. */
inflate *inflate_create(stella_probe *probe, uint64_t limit, int window_log);
void inflate_destroyp(inflate **z);

/* The next piece, valid until the next call; empty at the end.
 * Returns STELLA_E_FORMAT for what is no zstd data, is cut short, or asks for a larger window; STELLA_E_LIMIT past the
 * limit; what stella_probe_read returns. */
stella_status inflate_next(inflate *z, stella_sv *piece, stella_error *err);

#endif
