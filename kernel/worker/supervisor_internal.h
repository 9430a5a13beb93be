/* supervisor_internal.h - what the files of the supervisor share.
 *
 * Everything here is guarded by supervisor.lock, but what a structure says otherwise of. Hosts are started, and all
 * descriptors read, by the watcher thread alone; other threads change state, wake the watcher and wait for `changed`.
 */
#ifndef KERNEL_WORKER_SUPERVISOR_INTERNAL_H
#define KERNEL_WORKER_SUPERVISOR_INTERNAL_H

#include "worker/channel.h"
#include "worker/crash_page.h"
#include "worker/host_process.h"
#include "worker/log_lines.h"
#include "worker/supervisor.h"

#include <stella/sink.h>

#include <pthread.h>

#define OBITUARIES_KEPT    64
#define RESTART_FIRST_MS   100
#define RESTART_LONGEST_MS 60000
#define HEALTHY_AFTER_MS   600000 /* the delay is short again; also the time in which crashes are counted */
#define CRASHES_MAX        16     /* the most that supervisor_options.crashes_max counts */
#define LEAVE_MS           1000   /* a host that was told to leave is killed after */
#define JOB_THREADS_MAX    256    /* of one job: no limit of the system holds for root, and all share its numbers */
#define TICK_MS            20     /* how often limits are looked at while jobs run */

typedef struct load_failure {
    uint32_t index;
    const char *role;
    stella_error error;
} load_failure;

/* The plugins of one catalogue. Lives while it is current or a host of it does. */
typedef struct generation {
    catalogue *plugins;
    int is_borrowed; /* not adopted: the catalogue stays the caller's */
    uint32_t hosts;
    load_failure *failures;
    uint32_t failure_count;
} generation;

typedef enum host_state {
    HOST_WANTED,   /* the watcher starts it */
    HOST_STARTING, /* until READY */
    HOST_READY,
    HOST_LEAVING, /* finishes its jobs; then its channel is closed */
    HOST_BACKOFF, /* died; started again at restart_ns */
    HOST_HELD     /* starting it again would not help, until somebody mends something */
} host_state;

typedef struct host_record {
    struct host_record *next;
    generation *generation;
    const char *role; /* static */
    host_state state;
    host_process process; /* pid 0: none */
    crash_page *page;
    log_lines log;
    uint32_t jobs;
    uint64_t since_ns;   /* of the state STARTING, READY or LEAVING (its channel closed) */
    uint64_t restart_ns; /* in BACKOFF */
    uint32_t delay_ms;
    stella_error why;              /* in BACKOFF and HELD */
    int never_ready;               /* the process that died last had not become ready */
    uint64_t crashes[CRASHES_MAX]; /* when; a ring */
    uint64_t crash_total;          /* since it was created or released */
    uint64_t heard_ns, pinged_ns;  /* its last message; a ping that is not answered yet, or 0 */
} host_record;

typedef enum job_state { JOB_QUEUED, JOB_SENT, JOB_STARTED, JOB_ENDED } job_state;

struct stella_job_handle {
    struct stella_job_handle *next;
    host_record *host;
    uint32_t id;
    job_state state;
    int is_released; /* the caller is done with it: the watcher frees it once it ended */
    char kind[32], label[160];

    int socket, child_end, pidfd, statm, tasks, log_fd, dir_fd; /* -1: none */
    channel_phase phase;
    crash_page *page;
    log_lines log;
    stella_buf reply;

    uint64_t memory_bytes, base_bytes;
    uint32_t plugin_ms;                                   /* asked for by the starter; 0: each plugin has its own */
    uint64_t sent_ns, deadline_ns, paused_ns, resumed_ns; /* 0: none, not paused */
    uint64_t most_bytes;                                  /* private memory beyond base, as polled */
    uint64_t done, items;                                 /* last progress */

    int has_verdict; /* the supervisor ended it, or it has said how it ended */
    uint32_t verdict;
    stella_error error;
    crash_culprit culprit;
    stella_job_result result;
};

/* Text that was handed out and so must outlive its generation. */
typedef struct interned {
    struct interned *next;
    char text[];
} interned;

struct supervisor {
    supervisor_options options;
    char executable[4096];
    stella_worker face;
    pthread_t watcher;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* CLOCK_MONOTONIC */
    int wake_fd;

    generation *current;
    interned *texts;
    host_record *hosts;
    stella_job_handle *jobs;
    uint32_t next_id, job_count;
    int is_draining, is_adopting, is_stopping;

    sandbox_level level;
    uint64_t jobs_done, jobs_crashed, host_restarts;
    supervisor_obituary obituaries[OBITUARIES_KEPT]; /* ring */
    uint64_t obituary_total;

    channel_message message; /* the watcher's */
};

/* Times of CLOCK_MONOTONIC. */
static inline uint64_t ms_to_ns(uint64_t ms) {
    return ms * 1000000u;
}

void supervisor_wake(supervisor *s);
void *watcher_main(void *supervisor_pointer);

/* hosts.c */
generation *generation_create(catalogue *plugins);
void generation_release(generation *g); /* frees it when no host is left */
/* Whether the plugin of that index verified, but could not be loaded. */
int generation_leaves_out(const generation *g, uint32_t index);
/* The role's own static name, or NULL when there are no hosts of that role. */
const char *host_role(const char *role);
/* Which plugins of a catalogue go to hosts of that role; PLUGIN_ROLE_NONE when there are none. */
plugin_role host_role_plugins(const char *role);
plugin_role host_plugin_role(const host_record *h);
host_record *host_find(const supervisor *s, const generation *g, const char *role);
host_record *host_want(supervisor *s, generation *g, const char *role); /* NULL: out of memory */
/* Waits, with the lock held, until the current generation's host of the role is ready. */
stella_status host_await(supervisor *s, const char *role, host_record **out, stella_error *err);
void host_start(supervisor *s, host_record *h);
void host_on_message(supervisor *s, host_record *h);
void host_on_death(supervisor *s, host_record *h);
void host_retire(supervisor *s, host_record *h, int at_once);
/* Kills it. why: NULL when its own status, or what was noted before, says it */
void host_end(host_record *h, const char *why);
void host_check(supervisor *s, host_record *h, uint64_t now);
uint64_t host_next_check(const supervisor *s, const host_record *h); /* UINT64_MAX: none */
const char *plugin_id(const generation *g, int32_t index);

/* host_health.c */
void host_back_off(supervisor *s, host_record *h);
void host_on_crash(supervisor *s, host_record *h);                 /* backs off, or is held */
void host_hold(supervisor *s, host_record *h);                     /* h->why is set */
void host_release(supervisor *s, host_record *h);                  /* from HELD */
void host_check_life(supervisor *s, host_record *h, uint64_t now); /* of a READY one */
uint64_t host_next_life_check(const supervisor *s, const host_record *h);

/* limits.c: the longest call into a plugin, and the memory of a job, as request, manifests and options have it */
uint32_t plugin_ms_of(const supervisor *s, const stella_job_handle *job, int32_t index);
uint64_t memory_bytes_of(const supervisor *s, const host_record *h, const stella_job_request *request);

/* job_prepare.c */
/* Everything that can be made ready before it is known which host will have it. The request may be an older, shorter
 * one; known is set to what this build knows of it. */
stella_status job_prepare(const supervisor *s, const stella_job_request *request, stella_job_request *known,
                          stella_job_handle **out, stella_error *err);

/* jobs.c */
/* Ends the jobs of a host that is gone; those that it was not told of yet may wait for its successor. */
void jobs_lose(supervisor *s, const host_record *h, int also_queued);
stella_status job_start(supervisor *s, const stella_job_request *request, stella_job_handle **out, stella_error *err);
void job_send(supervisor *s, stella_job_handle *job);
void job_on_started(supervisor *s, stella_job_handle *job, channel_message *message);
void job_on_message(supervisor *s, stella_job_handle *job);
void job_check(supervisor *s, stella_job_handle *job, uint64_t now);
/* Ends it, for a reason that the supervisor has; the first reason counts. */
void job_end(supervisor *s, stella_job_handle *job, uint32_t verdict, const crash_culprit *culprit, const char *format,
             ...) STELLA_PRINTF(5, 6);
void job_on_ended(supervisor *s, stella_job_handle *job, const channel_ended *ended);
void job_free(stella_job_handle *job);
void job_freep(stella_job_handle **job);
stella_job_handle *job_find(const supervisor *s, const host_record *h, uint32_t id);

/* obituary.c */
void obituary_of_job(supervisor *s, const stella_job_handle *job);
void obituary_of_host(supervisor *s, const host_record *h, const char *plugin, int status, const char *why);

#endif
