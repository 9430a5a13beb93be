/* path_safety.h - whether somebody else could change what a path names.
 *
 * Code and the keys that vouch for code are only read from places where nobody but root and the user who runs the
 * program can write: otherwise what was checked is not what is used. */
#ifndef KERNEL_PLUGIN_PATH_SAFETY_H
#define KERNEL_PLUGIN_PATH_SAFETY_H

#include <stella/error.h>

/* Checks every component from the root to the path itself, symbolic links and where they lead included: each belongs to
 * root or to the effective user and is writable by its owner alone. Sticky directories of root (/tmp) may be on the way
 * but not at the end.
 * Returns STELLA_E_DENIED with the component in err->path and what to do in the message, STELLA_E_NOTFOUND,
 * STELLA_E_IO or STELLA_E_LIMIT. [any thread] */
stella_status path_safety_check(const char *path, stella_error *err);

/* The same of a path whose parent was just checked: of many folders in one directory each is looked at, and the way to
 * them once. A symbolic link is checked in full. */
stella_status path_safety_check_last(const char *path, stella_error *err);

/* Opens a regular file below a directory whose path is safe: no symbolic link, owner and mode by the same rules, seen
 * on the descriptor itself.
 * name    one component
 * path    how errors call the file
 * out_fd  set on success; the caller closes it */
stella_status path_safety_open(int dir_fd, const char *name, const char *path, int *out_fd, stella_error *err);

#endif
