/* open_target.h - the target of the jobs image.open and remote.open as sources see it: read by offset or by name, or
 * reached in the source's own way, and the list of what they state. */
#ifndef SCANNER_ENGINE_OPEN_TARGET_H
#define SCANNER_ENGINE_OPEN_TARGET_H

#include <stella/job.h>
#include <stella/source.h>

#define OPEN_LAYERS_MAX 1024
#define OPEN_FILES_MAX  1024
#define OPEN_TEXT_MAX   (4u << 20) /* one text a source states: an image configuration is the longest */

typedef struct open_target {
    stella_target base; /* hand &target.base to sources; first member */
    stella_job *job;
    int fd;           /* borrowed: the file (the spool, when the archive was compressed as a whole) or the directory */
    int is_served;    /* names are opened by the supervisor */
    int file_fd;      /* the file of a directory that was read last; own */
    stella_sv opened; /* its path */
    int has_image;
    stella_image image;
    uint32_t layer_count, file_count;
    stella_layer *layers;
    stella_sv *files;   /* of a directory: what was opened, in order, each once */
    int has_more_files; /* than fit */
} open_target;

/* base.kind, name, select and platform are the caller's to set. What sources state is copied into the arena. Returns
 * STELLA_E_NOMEM. */
stella_status open_target_init(open_target *t, stella_job *job, stella_arena *arena, int fd, stella_error *err);
void open_target_fini(open_target *t); /* for STELLA_AUTO */

#endif
