/* names.h - a directory's names and files, read on behalf of a child that no Landlock can confine. */
#ifndef KERNEL_WORKER_NAMES_H
#define KERNEL_WORKER_NAMES_H

#include <stella/error.h>

/* Lists a directory below root_fd (path relative, "" for root_fd itself) in the format of stella/names.h.
 * out_fd  set on success: a sealed memfd, at its start; the caller closes it
 * Returns STELLA_E_NOTFOUND, STELLA_E_DENIED, STELLA_E_LIMIT when the listing exceeds STELLA_NAMES_BYTES_MAX,
 * STELLA_E_IO. Symbolic links are not followed, nothing outside root_fd is reached. [any thread] Blocks on disk. */
stella_status names_list(int root_fd, stella_sv path, int *out_fd, stella_error *err);

/* Opens a regular file below root_fd for reading, by the same rules; anything but a file is STELLA_E_INVALID. */
stella_status names_open(int root_fd, stella_sv path, int *out_fd, stella_error *err);

#endif
