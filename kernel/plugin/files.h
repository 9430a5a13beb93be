/* files.h - whole small files and sorted directories, read into an arena; files written whole or not at all. */
#ifndef KERNEL_PLUGIN_FILES_H
#define KERNEL_PLUGIN_FILES_H

#include <stella/arena.h>
#include <stella/error.h>

#define FILES_NAMES_MAX 4096 /* of one directory */

typedef struct files_names {
    const char **names; /* in byte order, so that what is made of them is the same every time; without hidden ones */
    uint32_t count;
} files_names;

/* Lists a directory.
 * dir_fd  stays open; its position is lost
 * path    how errors call it
 * out     set on success; lives in the arena. [any thread] */
stella_status files_list(int dir_fd, const char *path, stella_arena *arena, files_names *out, stella_error *err);

/* Reads all of a regular file from its start.
 * out  set on success; lives in the arena, NUL-terminated behind its end
 * Returns STELLA_E_LIMIT when it has more than bytes_max. [any thread] */
stella_status files_read(int fd, const char *path, uint64_t bytes_max, stella_arena *arena, stella_sv *out,
                         stella_error *err);

/* The same for a path, whoever may write there: for input that is checked by other means. */
stella_status files_read_path(const char *path, uint64_t bytes_max, stella_arena *arena, stella_sv *out,
                              stella_error *err);

/* Writes a file beside its place, flushes it and renames it into place: a reader sees the old one or the new one.
 * mode  of the file, for example 0644 */
stella_status files_write(const char *path, stella_sv bytes, unsigned mode, stella_error *err);

/* Makes a directory and its missing parents, mode 0755 (0700 when is_private). Those that exist stay as they are. */
stella_status files_make_dirs(const char *path, int is_private, stella_error *err);

/* "dir/name" in the arena. Returns NULL, and fills err, when its budget is spent. */
const char *files_join(const char *dir, const char *name, stella_arena *arena, stella_error *err);

#endif
