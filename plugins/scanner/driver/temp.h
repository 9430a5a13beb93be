/* temp.h - files without a name: they are gone when the last descriptor is, however the program ends.
 *
 * A failure here is no fault of the target's: the code is STELLA_E_INTERNAL. */
#ifndef SCANNER_DRIVER_TEMP_H
#define SCANNER_DRIVER_TEMP_H

#include <stella/error.h>

/* An empty file in $TMPDIR, /var/tmp or /tmp, else in memory.
 * out_fd  set on success; the caller closes it. Returns STELLA_E_INTERNAL. [any thread] */
stella_status temp_file(const char *what, int *out_fd, stella_error *err);

/* The same file once more, but read-only: a child that is given it cannot change what others will read.
 * out_fd  set on success; the caller closes it. Returns STELLA_E_INTERNAL. [any thread] */
stella_status temp_reopen_read_only(int fd, int *out_fd, stella_error *err);

/* A pipe as large as the system allows, up to 1 MiB.
 * ends  set on success: 0 to read, 1 to write; both close on exec. [any thread] */
stella_status temp_pipe(int ends[2], stella_error *err);

#endif
