/* dir_list.h - the names in one directory, sorted, with their facts; by the system's calls or by the supervisor's.
 * [one thread] */
#ifndef SCANNER_ENGINE_DIR_LIST_H
#define SCANNER_ENGINE_DIR_LIST_H

#include <stella/arena.h>
#include <stella/job.h>

typedef struct dir_name {
    stella_sv name, target; /* target of a symbolic link */
    uint64_t size, device;
    uint32_t kind, mode, uid, gid;
    int failed; /* errno of what could not be learnt of it; 0: all is set */
} dir_name;

typedef struct dir_source {
    stella_job *job;
    int root_fd;     /* of the tree; unused when the job is served names */
    uint64_t device; /* of the tree's own file system, once it is known: nobody asks for that one's name */
} dir_source;

typedef struct dir_list {
    dir_name *names; /* in the arena, by byte order of name */
    uint32_t count;
    uint64_t device;      /* of the directory itself */
    uint64_t file_system; /* its statfs magic, 0 when unknown or on the source's own device */
} dir_list;

/* Lists a directory (path "" is the root) into the arena.
 * Returns STELLA_E_IO with the system's reason when it cannot be read, STELLA_E_NOMEM. */
stella_status dir_list_read(const dir_source *source, stella_sv path, stella_arena *arena, dir_list *out,
                            stella_error *err);

/* Opens a file for reading, never through a link. The caller closes it. */
stella_status dir_open(const dir_source *source, stella_sv path, int *fd, stella_error *err);

#endif
