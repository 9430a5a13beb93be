/* stellad.h - everything stellad is made of, in the order in which it starts. */
#ifndef KERNEL_LIFECYCLE_STELLAD_H
#define KERNEL_LIFECYCLE_STELLAD_H

#include "bus/bus.h"
#include "config/presets.h"
#include "http/http.h"
#include "lifecycle/inventory.h"
#include "lifecycle/services.h"
#include "log/log.h"
#include "metrics/metrics.h"
#include "state/state.h"
#include "worker/supervisor.h"

#include <stella/clock.h>

#include <pthread.h>
#include <stdatomic.h>

/* What a request over HTTP wants of the main thread. */
typedef enum stellad_request { STELLAD_NONE, STELLAD_RELOAD, STELLAD_DRAIN } stellad_request;

typedef struct stellad {
    const conf_presets *presets;
    int config_required; /* --config was given */
    logger *logger;
    const stella_log *log;
    metrics *metrics;
    state *state;
    bus *bus; /* NULL when bus.enabled is false */
    supervisor *supervisor;
    http *http;
    services services;
    stella_host host;
    stella_clock clock;
    stella_config config_face;
    int64_t started_ms;
    atomic_int is_ready;
    pthread_t host_check;
    int checks_host; /* host_check is to be joined */

    pthread_rwlock_t lock; /* of conf and inventory, which a reload replaces */
    conf *conf;
    inventory inventory;

    pthread_mutex_t ask_lock; /* of the request to the main thread */
    pthread_cond_t answered;
    int wake_fd; /* eventfd: a request is there */
    stellad_request asked;
    int has_answer;
    stella_status answer;
    stella_error answer_error;
} stellad;

/* Starts everything up to listening. Takes conf. On an error what had started is stopped; stellad_stop is then not to
 * be called. [main thread] */
stella_status stellad_start(stellad *d, const conf_presets *presets, int config_required, conf **configuration,
                            stella_error *err);

/* Reads configuration and plugins anew. On an error everything stays as it was. [main thread] */
stella_status stellad_reload(stellad *d, stella_error *err);

/* Ends the work within deadline_ms, then everything. [main thread] */
void stellad_stop(stellad *d, uint32_t deadline_ms);

/* Runs until SIGTERM, SIGINT or a request ends it. [main thread] */
stella_status stellad_run(stellad *d, stella_error *err);

/* Whether the current generation has plugins that scan. [any thread] */
int stellad_has_scanners(stellad *d);

/* Starts the first host and logs what cannot be loaded, on a thread that lasts until the host is there or the
 * supervisor drains. [main thread] */
void stellad_check_host(stellad *d);
void stellad_end_host_check(stellad *d);

/* Asks the main thread and waits for its answer; STELLAD_DRAIN is answered at once. [any other thread] */
stella_status stellad_ask(stellad *d, stellad_request request, stella_error *err);

/* Fills host, clock and config_face: what services are offered. */
void stellad_offer(stellad *d);

/* Adds /healthz, /readyz, /metrics, /version and /control/v1. */
stella_status stellad_add_routes(stellad *d, stella_error *err);

#endif
