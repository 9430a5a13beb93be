/* stella/worker.h - host interface "stella.worker/1": starts jobs in throw-away processes. Kernel role, and the command
 * line.
 *
 * The caller hands over descriptors and a request; a child of the role's host does the work under the sandbox. Whoever
 * calls does the reading, hashing and feeding of blobs: children parse, supervisors hash. */
#ifndef STELLA_WORKER_H
#define STELLA_WORKER_H

#include <stella/arena.h>
#include <stella/plugin.h>

STELLA_BEGIN_DECLS

#define STELLA_WORKER_INTERFACE "stella.worker/1"

/* Why a job ended. */
#define STELLA_END_DONE     0 /* the runner returned STELLA_OK; reply holds */
#define STELLA_END_FAILED   1 /* the runner returned an error: see error */
#define STELLA_END_CRASHED  2 /* died of a signal, or exited by itself */
#define STELLA_END_OVERRAN  3 /* a plugin was longer in one call than it may */
#define STELLA_END_DEADLINE 4 /* the job's own deadline passed */
#define STELLA_END_MEMORY   5 /* more resident memory, or more threads, than it may */
#define STELLA_END_LOST     6 /* its host went away */
#define STELLA_END_KILLED   7 /* by kill */

typedef struct stella_job_request {
    uint32_t struct_size;
    uint32_t fd_count; /* at most STELLA_JOB_FDS_MAX */
    const char *role;  /* "scan", "connect" */
    const char *kind;  /* "layer" */
    stella_sv request;
    const int32_t *fds;       /* borrowed until start returns; duplicated into the child */
    uint64_t memory_bytes;    /* use at fork plus this much; 0 = the configured default, or more when a plugin of the
                                 role that is not excluded asks for more (asks.memoryBytes of its manifest) */
    uint64_t file_bytes;      /* RLIMIT_FSIZE of the child; 0 = nothing may be written */
    uint32_t deadline_ms;     /* 0 = none */
    uint32_t plugin_ms;       /* longest single call into any plugin; 0 = for each plugin what its manifest asks for
                                 (asks.timeMs, shorter or longer), else the configured default */
    const uint32_t *excluded; /* plugin indices the job must not use */
    uint32_t excluded_count;
    int32_t dir_fd; /* position in fds of a directory the child may walk by name, or -1 */
    stella_sv
        label; /* what it is about, for the log and an obituary: "layer sha256:..."; borrowed until start returns */
} stella_job_request;

typedef struct stella_job_result {
    uint32_t struct_size;
    uint32_t end;   /* STELLA_END_* */
    int32_t signal; /* that it died of, or 0 */
    int32_t exit_code;
    stella_sv reply;    /* owned by the handle: valid until release */
    stella_error error; /* for every end but DONE */
    int32_t culprit;    /* index of the plugin that was at work, or -1 */
    uint32_t reserved;
    char culprit_id[128];
    char culprit_what[192];      /* the file it was at */
    uint64_t user_us, system_us; /* processor time */
    uint64_t peak_bytes;         /* peak resident memory */
} stella_job_result;

typedef struct stella_job_handle stella_job_handle;

typedef struct stella_worker_plugin {
    uint32_t struct_size;
    uint32_t index;
    const char *id, *version, *digest; /* valid as long as the worker */
    const char *provides;              /* interface ids, separated by blanks; valid as long as the worker */
    const char
        *tags; /* of an analyzer, as its manifest states them, separated by blanks; valid as long as the worker */
} stella_worker_plugin;

typedef struct stella_worker {
    stella_abi_head head;
    void *self;

    /* Starts a job and returns at once; the generation of plugins current now is the job's until it ends.
     * handle  set on success; the caller releases it after wait
     * Returns STELLA_E_BUSY while draining, STELLA_E_CRASHED when the host cannot be started. [any thread] */
    stella_status (*start)(void *self, const stella_job_request *request, stella_job_handle **handle,
                           stella_error *err);

    /* Waits for the end and fills result (.struct_size set by the caller). An ended job is no error here: see
     * result->end. [any thread, one a handle] */
    stella_status (*wait)(void *self, stella_job_handle *handle, stella_job_result *result, stella_error *err);

    /* What the job last said of itself. [any thread] */
    void (*progress)(void *self, stella_job_handle *handle, uint64_t *done, uint64_t *items);

    /* Ends it now; wait still must be called. [any thread] */
    void (*kill)(void *self, stella_job_handle *handle);

    /* Frees the handle and the reply; once, after wait. [any thread] */
    void (*release)(void *self, stella_job_handle *handle);

    /* The position-th plugin loaded in a role's host. Starts the host if need be.
     * out  .struct_size set by the caller; its texts live as long as the generation of plugins
     * Returns 1, or 0 past the last (err is left alone) and when the host cannot be started (err says why). [any
     * thread] */
    int32_t (*plugin)(void *self, const char *role, uint32_t position, stella_worker_plugin *out, stella_error *err);

    /* Stops the deadline of a job while its supervisor waits for the network, and lets it run again. [any thread] */
    void (*pause)(void *self, stella_job_handle *handle, int32_t paused);

    /* The position-th plugin that verified for a role, whether or not its host runs: none is started. Those that a host
     * could not load, as far as that is known, are left out.
     * out  as of plugin
     * Returns 1, or 0 past the last. [any thread] */
    int32_t (*listed)(void *self, const char *role, uint32_t position, stella_worker_plugin *out);
} stella_worker;

STELLA_END_DECLS

#endif
