/* small_file.h - a file of the user's that is read whole: a configuration, a certificate. Private to the driver. */
#ifndef SCANNER_DRIVER_SMALL_FILE_H
#define SCANNER_DRIVER_SMALL_FILE_H

#include <stella/arena.h>
#include <stella/error.h>

/* out  set on success; in the arena, NUL-terminated
 * Returns STELLA_E_NOTFOUND, STELLA_E_DENIED, STELLA_E_IO, STELLA_E_LIMIT beyond max bytes, STELLA_E_NOMEM. */
stella_status small_file_read(const char *path, size_t max, stella_arena *arena, stella_sv *out, stella_error *err);

#endif
