/* service.h - the scanner in the daemon: accepts scans over HTTP, keeps them in the state, runs them, keeps results.
 *
 * State: "scanner.jobs" id -> document; "scanner.queue" time and id -> nothing, for what is not finished;
 * "scanner.events" id and number -> event. Every step changes them in one transaction, so a job that was accepted is
 * found again after any end of the daemon. */
#ifndef SCANNER_SERVICE_SERVICE_H
#define SCANNER_SERVICE_SERVICE_H

#include "cache.h"
#include "job.h"

#include <stella/bus.h>
#include <stella/clock.h>
#include <stella/config.h>
#include <stella/http.h>
#include <stella/log.h>
#include <stella/metrics.h>
#include <stella/state.h>
#include <stella/worker.h>

#include <pthread.h>

#define SERVICE_THREADS_MAX 256

/* A waiting job, in the order of the queue. */
typedef struct queue_entry {
    struct queue_entry *next;
    char id[JOB_ID_SIZE];
} queue_entry;

typedef struct scanner_service {
    const stella_log *log;
    const stella_clock *clock;
    const stella_config *config;
    const stella_metrics *metrics;
    const stella_state *state;
    const stella_http *http;
    const stella_bus *bus; /* may be NULL */
    const stella_worker *worker;
    cache *cache; /* NULL: nothing is kept */
    stella_metric *cache_events[CACHE_EVENTS][CACHE_KINDS], *cache_bytes[CACHE_EVENTS][CACHE_KINDS];
    pthread_t maintainer;
    int has_maintainer;
    char results_dir[1024];
    stella_metric *accepted, *succeeded, *failed, *waiting_gauge;

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    queue_entry *first, *last;
    uint32_t waiting, running, thread_count;
    int is_draining;
    scan *scans[SERVICE_THREADS_MAX]; /* what each thread is at; NULL: nothing */
    pthread_t threads[SERVICE_THREADS_MAX];
} scanner_service;

/* store.c: each is one transaction, then one event on the bus. */
stella_status store_accept(scanner_service *s, job_request *request, int *was_created, stella_error *err);
stella_status store_load(scanner_service *s, stella_sv id, stella_arena *arena, job *out, stella_error *err);
stella_status store_update(scanner_service *s, job *j, const char *message, stella_error *err);
/* Puts every unfinished job in the queue. */
stella_status store_requeue(scanner_service *s, stella_error *err);

/* queue.c: the threads that run jobs. */
stella_status queue_start(scanner_service *s, uint32_t threads, stella_error *err);
void queue_stop(scanner_service *s, uint32_t deadline_ms);
stella_status queue_add(scanner_service *s, const char *id);
int queue_is_full(scanner_service *s);

/* run.c: one job, from its document to its results.
 * slot  of the thread in scans */
void run_job(scanner_service *s, const char *id, uint32_t slot);

/* results.c: one file a format under results_dir. */
stella_status results_open(scanner_service *s, const job *j, uint32_t format, int *fd, stella_error *err);
stella_status results_publish(scanner_service *s, const job *j, uint32_t format, int fd, stella_error *err);
/* Removes what was opened and not published. */
void results_discard(scanner_service *s, const job *j);
stella_status results_read(scanner_service *s, const job *j, const char *format, int *fd, stella_error *err);
/* Makes results_dir, removes what an earlier daemon left unfinished. */
stella_status results_prepare(scanner_service *s, stella_error *err);

/* cache.c: opened as configured, which may fail without harm; cleaned by a thread, which ends when the service drains. */
void service_cache_start(scanner_service *s, const char *state_dir);
void service_cache_stop(scanner_service *s);

/* routes.c */
stella_status routes_add(scanner_service *s, stella_error *err);

/* A number of the configuration; the fallback when it cannot be had. */
int64_t service_setting(const scanner_service *s, const char *key, int64_t fallback);

#endif
