/* stdin.h - standard input as a file that can be read by offset. Private to the driver. */
#ifndef SCANNER_DRIVER_STDIN_H
#define SCANNER_DRIVER_STDIN_H

#include "target.h"

/* Opens it anew when it is a file that stands at its beginning, else copies it to a file without a name.
 * out_fd  set on success; the caller closes it
 * Returns STELLA_E_INVALID when there is none to be read (a terminal, a daemon's), STELLA_E_FORMAT when it is empty,
 * STELLA_E_LIMIT when it holds more than rules->input_bytes_max,
 * what rules->check returns, STELLA_E_IO, STELLA_E_INTERNAL. */
stella_status stdin_open(const target_rules *rules, int *out_fd, stella_error *err);

#endif
