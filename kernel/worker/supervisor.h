/* supervisor.h - keeps one host a role, starts jobs in it, watches limits, writes obituaries.
 *
 * Used by stellad and by the command line alike; it parses nothing that comes from outside but the fixed messages of
 * its own hosts. One thread of its own does all watching; jobs are started and waited for from any thread, through
 * stella_worker. */
#ifndef KERNEL_WORKER_SUPERVISOR_H
#define KERNEL_WORKER_SUPERVISOR_H

#include "plugin/catalogue.h"

#include <stella/log.h>
#include <stella/worker.h>

typedef struct supervisor supervisor;

/* How well a child is shut in, weakest first. Sanitizer builds reach SANDBOX_NONE only: neither seccomp nor Landlock
 * goes together with what the sanitizers do. The number of threads of a job is not limited on any level: RLIMIT_NPROC
 * counts all processes of the user, and not those of root. */
typedef enum sandbox_level {
    SANDBOX_NONE,
    SANDBOX_SECCOMP,
    SANDBOX_FULL
} sandbox_level; /* FULL: seccomp and Landlock */

/* Set in the environment of stella or stellad, it stands for pretend_no_landlock: tests of whole programs see what they
 * do on such a kernel. A configured minimum holds all the same. */
#define SUPERVISOR_NO_LANDLOCK "STELLA_TEST_NO_LANDLOCK"

/* A member that is 0 is its default. What a plugin's manifest asks for counts where a job's request is silent: its
 * time for the calls into that plugin, shorter or longer than the default; its memory for the jobs that may use it,
 * where it is more than the default, since the plugins of a job share one process. */
typedef struct supervisor_options {
    const char *executable;    /* what --host is exec'd of; NULL: /proc/self/exe */
    const stella_log *log;     /* may be NULL */
    sandbox_level minimum;     /* refuse to work below it */
    uint64_t memory_bytes;     /* budget of a job; default 512 MiB */
    uint64_t memory_bytes_max; /* the most that a manifest is granted; default 4 GiB, never below memory_bytes */
    uint32_t plugin_ms;        /* longest call into a plugin; default 30,000 */
    uint32_t plugin_ms_max;    /* the most that a manifest is granted; default 600,000, never below plugin_ms */
    uint32_t ready_ms;         /* deadline of a host's READY; default 10,000 */
    uint32_t ping_ms;          /* a host silent for so long is asked for a sign of life; default 60,000 */
    uint32_t answer_ms;        /* one that then, or to a job, answers nothing for so long is replaced; default 30,000 */
    uint32_t crashes_max;      /* a host that crashes more often within ten minutes is held; default 5 */
    int pretend_no_landlock;   /* tests: behave as on a kernel without it */
} supervisor_options;

typedef struct supervisor_obituary {
    char plugin[128], what[192], role[16], kind[32], host_error[192];
    char input[160]; /* the job's label */
    int32_t signal, exit_code;
    uint32_t end; /* STELLA_END_* */
    uint64_t user_us, system_us, peak_bytes;
    char log_tail[1024]; /* what it last wrote to standard error, control characters escaped */
} supervisor_obituary;

typedef struct supervisor_status {
    sandbox_level level; /* of the last host that became ready */
    uint32_t hosts_ready, hosts_held, jobs_running;
    char held[192]; /* why the first of them is held; "" when none is */
    uint64_t jobs_done, jobs_crashed, host_restarts;
    char generation[STELLA_DIGEST_TEXT_SIZE];
} supervisor_status;

/* The catalogue becomes the supervisor's first generation and its property. Of plugins that it says are not needed the
 * hosts know nothing; stella_worker lists them like the others. */
stella_status supervisor_create(const supervisor_options *options, catalogue *plugins, supervisor **out,
                                stella_error *err);

/* Refuses new jobs, waits up to deadline_ms for those that run, kills the rest, ends the hosts. */
void supervisor_drain(supervisor *s, uint32_t deadline_ms);
void supervisor_destroy(supervisor *s);
void supervisor_destroyp(supervisor **s);

/* The ABI face: same lifetime as the supervisor. */
const stella_worker *supervisor_worker(supervisor *s);

/* Starts hosts of the new generation for every role that runs now; when they are READY with every plugin loaded, new
 * jobs go there and the old hosts leave when their jobs are done. On failure the old generation stays, and err tells
 * which plugin and why. Takes the catalogue on success only. */
stella_status supervisor_adopt(supervisor *s, catalogue *plugins, stella_error *err);

/* Starts hosts again that crashed too often to be started by themselves: somebody has asked for it. */
void supervisor_release_held(supervisor *s);

/* Plugins that verified but could not be loaded, for a role; the host is started if need be. */
uint32_t supervisor_load_failures(supervisor *s, const char *role, stella_error *out, char (*ids)[128], uint32_t max);

void supervisor_status_get(supervisor *s, supervisor_status *out);

/* The most recent obituaries, newest first, at most max; returns how many. */
uint32_t supervisor_obituaries(supervisor *s, supervisor_obituary *out, uint32_t max);

/* What a program does first in main: when argv says "--host ROLE", runs that host and never returns. */
void supervisor_host_main(int argc, char **argv);

#endif
