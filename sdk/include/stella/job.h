/* stella/job.h - plugin interface "stella.job/1": work that a host does in a throw-away process. Roles: scan, connect,
 * sign.
 *
 * The kernel knows nothing of the work: it forks a child, hands it descriptors and a request, enforces limits and
 * carries the reply back. The scan engine is such a plugin: it provides the kinds "image.open", "layer" and
 * "image.analyze" and calls the analyzers, sources and emitters loaded beside it. */
#ifndef STELLA_JOB_H
#define STELLA_JOB_H

#include <stella/arena.h>
#include <stella/plugin.h>

STELLA_BEGIN_DECLS

#define STELLA_JOB_INTERFACE "stella.job/1"

#define STELLA_JOB_FDS_MAX   256         /* descriptors handed to one job */
#define STELLA_JOB_REPLY_MAX (16u << 20) /* bytes of a reply */

typedef struct stella_job stella_job;

/* A plugin loaded in this host that provides the interface asked for. */
typedef struct stella_peer {
    uint32_t struct_size;
    uint32_t index; /* of the plugin in this generation; order is by id */
    const char *id;
    const char *version;
    const char *digest;    /* "sha256:<hex>" of its binary */
    const void *interface; /* its table */
    void *instance;
} stella_peer;

typedef struct stella_job_ops {
    stella_abi_head head;
    int32_t (*peer)(stella_job *job, const char *interface_id, uint32_t position, stella_peer *out);
    void (*enter)(stella_job *job, uint32_t slot, uint32_t plugin, stella_sv what);
    void (*leave)(stella_job *job, uint32_t slot);
    void (*progress)(stella_job *job, uint64_t done, uint64_t items);
    stella_status (*reply)(stella_job *job, stella_sv bytes, stella_error *err);
    stella_status (*list_names)(stella_job *job, stella_sv dir, int32_t *fd, stella_error *err);
    stella_status (*open_name)(stella_job *job, stella_sv path, int32_t *fd, stella_error *err);
} stella_job_ops;

#define STELLA_JOB_SLOTS 64 /* of the crash page, one a thread */

struct stella_job {
    stella_abi_head head;
    const stella_job_ops *ops;
    stella_arena *arena;
    stella_sv kind;
    stella_sv request;  /* bytes from whoever started the job */
    const int32_t *fds; /* descriptors it was handed, in the order given; closed by the host */
    uint32_t fd_count;
    int32_t dir_fd;        /* position in fds of a directory that may be walked by name, or -1 */
    uint32_t names_served; /* 1: the kernel has no Landlock, names below dir_fd go through list_names and open_name */
    uint32_t reserved;
};

/* The position-th plugin (0, 1, ...) that provides the interface and is not excluded from this job.
 * out  .struct_size set by the caller; valid until the job ends
 * Returns 0 past the last. [any thread] */
static inline int stella_job_peer(stella_job *job, const char *interface_id, uint32_t position, stella_peer *out) {
    return job->ops->peer(job, interface_id, position, out);
}

/* Writes on the crash page who is at work on what, before calling into a plugin; leave afterwards. While entered, the
 * plugin's time limit runs. slot 0 is the main thread's. [the slot's thread] */
static inline void stella_job_enter(stella_job *job, uint32_t slot, uint32_t plugin, stella_sv what) {
    job->ops->enter(job, slot, plugin, what);
}
static inline void stella_job_leave(stella_job *job, uint32_t slot) {
    job->ops->leave(job, slot);
}

/* Shows life: bytes done and items seen so far. Cheap enough for every megabyte. [any thread] */
static inline void stella_job_progress(stella_job *job, uint64_t done, uint64_t items) {
    job->ops->progress(job, done, items);
}

/* Adds to the reply, which reaches the starter after the job ended well. Borrows bytes until it returns.
 * Returns STELLA_E_LIMIT beyond STELLA_JOB_REPLY_MAX, STELLA_E_IO when nobody listens any more. [main thread] */
static inline stella_status stella_job_reply(stella_job *job, stella_sv bytes, stella_error *err) {
    return job->ops->reply(job, bytes, err);
}

/* The names in a directory below dir_fd (empty: dir_fd itself), as a descriptor to read in the format of stella/names.h;
 * or a file below it, opened for reading without following symbolic links. The only way when names_served; else worth
 * trying where the job itself was denied: the supervisor may be root.
 * fd  set on success; the caller closes it
 * Returns STELLA_E_UNSUPPORTED when the job has no directory, STELLA_E_LIMIT for a path that is too long,
 * STELLA_E_NOTFOUND, STELLA_E_DENIED or STELLA_E_IO of the opening. [main thread] Waits for the supervisor. */
static inline stella_status stella_job_list_names(stella_job *job, stella_sv dir, int32_t *fd, stella_error *err) {
    return job->ops->list_names(job, dir, fd, err);
}
static inline stella_status stella_job_open_name(stella_job *job, stella_sv path, int32_t *fd, stella_error *err) {
    return job->ops->open_name(job, path, fd, err);
}

typedef struct stella_job_runner {
    stella_abi_head head;
    const char *const *kinds; /* NULL-terminated */

    /* Does the job in the child. An error is carried to the starter. The process ends afterwards. [main thread of the
     * child] */
    stella_status (*run)(void *self, stella_job *job, stella_error *err);
} stella_job_runner;

STELLA_END_DECLS

#endif
