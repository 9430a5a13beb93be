/* feed.h - the stored bytes of a layer: read once, hashed, and handed to a child while they pass. Private to the
 * driver.
 */
#ifndef SCANNER_DRIVER_FEED_H
#define SCANNER_DRIVER_FEED_H

#include "run.h"

#define FEED_BYTES (1u << 20) /* read, written and hashed at once */

typedef struct feed_source {
    int fd; /* borrowed; read by offset */
    uint64_t offset, size;
    const layer_info *remote; /* a layer to be fetched instead; NULL: none */
} feed_source;

/* Reads all of it. A child that stops reading is no error: the digest is wanted all the same, for a layer that is not
 * what it claims to be is told before anything a child says of it.
 * pipe_fd  where the child reads; -1: hash only. SIGPIPE must be blocked. Borrowed
 * child    asked how far it is, for progress; may be NULL
 * digest   set on success: "sha256:<hex>" of the bytes that were read
 * Returns STELLA_E_FORMAT when the bytes end early, what remote_fetch_read returns, STELLA_E_IO, STELLA_E_CANCELLED, STELLA_E_TIMEOUT, STELLA_E_NOMEM.
 */
stella_status feed(scan *s, const feed_source *source, int pipe_fd, const run *child,
                   char digest[STELLA_DIGEST_TEXT_SIZE], stella_error *err);

#endif
