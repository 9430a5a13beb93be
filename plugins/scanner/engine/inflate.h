/* inflate.h - the stored bytes of a layer or archive, uncompressed as they arrive.
 *
 * What the bytes are is told by their beginning, never by a media type: gzip (any number of members), zstd (any number
 * of frames), else they are taken as they are. [one thread; the digest is computed by a thread of its own] */
#ifndef SCANNER_ENGINE_INFLATE_H
#define SCANNER_ENGINE_INFLATE_H

#include "input.h"
#include "limits.h"

#include <stella/digest.h>

typedef struct inflate inflate;

typedef struct inflate_options {
    engine_limits limits;                                /* layer_bytes, ratio, ratio_bytes */
    int with_digest;                                     /* compute the digest of the uncompressed bytes */
    int is_ahead;                                        /* inflate in a thread of its own, ahead of the reader */
    void (*progress)(void *self, uint64_t stored_bytes); /* may be NULL; about every megabyte */
    void *self;
} inflate_options;

/* Reads from fd (borrowed: a pipe or a file, from where it stands).
 * Returns STELLA_E_UNSUPPORTED for xz and bzip2, STELLA_E_IO, STELLA_E_NOMEM. */
stella_status inflate_create(int fd, const inflate_options *options, inflate **out, stella_error *err);
void inflate_destroy(inflate *z);
void inflate_destroyp(inflate **z);

/* The uncompressed bytes. Its errors: STELLA_E_FORMAT for damaged or cut-short data, naming the stored offset;
 * STELLA_E_LIMIT naming the option; STELLA_E_IO. Belongs to the inflate. */
input *inflate_input(inflate *z);

/* Reads what is left to the very end, so that truncation and checksums behind the last byte of interest are seen.
 * digest  set on success: "sha256:<hex>" of all uncompressed bytes, empty without with_digest
 * bytes   set on success: how many there were */
stella_status inflate_finish(inflate *z, char digest[STELLA_DIGEST_TEXT_SIZE], uint64_t *bytes, stella_error *err);

#endif
