/* open_spool.h - an image archive that is compressed as a whole, made into one that can be read by offset. */
#ifndef SCANNER_ENGINE_OPEN_SPOOL_H
#define SCANNER_ENGINE_OPEN_SPOOL_H

#include <stella/job.h>

/* Inflates the file into the spool when it is a gzip or zstd stream, else leaves both alone.
 * is_spooled  set on success
 * Returns STELLA_E_FORMAT for a damaged stream, STELLA_E_LIMIT for one that grows beyond the limits of a layer,
 * STELLA_E_INTERNAL when the spool cannot be written. [main thread] */
stella_status open_spool(stella_job *job, int file, int spool, int *is_spooled, stella_error *err);

#endif
