/* queue.c - the waiting jobs, and the threads that take them. */
#include "service.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

typedef struct thread_start {
    scanner_service *s;
    uint32_t slot;
} thread_start;

static void take_first(scanner_service *s, char id[JOB_ID_SIZE]) {
    queue_entry *entry = s->first;
    memcpy(id, entry->id, JOB_ID_SIZE);
    s->first = entry->next;
    if (!s->first)
        s->last = NULL;
    s->waiting--;
    free(entry);
}

static void *work(void *argument) {
    const thread_start start = *(thread_start *)argument;
    scanner_service *s = start.s;
    free(argument);
    pthread_mutex_lock(&s->lock);
    for (;;) {
        while (!s->first && !s->is_draining)
            pthread_cond_wait(&s->changed, &s->lock);
        if (s->is_draining)
            break;
        char id[JOB_ID_SIZE];
        take_first(s, id);
        s->running++;
        s->metrics->set(s->waiting_gauge, s->waiting);
        pthread_mutex_unlock(&s->lock);
        run_job(s, id, start.slot);
        pthread_mutex_lock(&s->lock);
        s->running--;
        pthread_cond_broadcast(&s->changed);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

stella_status queue_add(scanner_service *s, const char *id) {
    queue_entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return STELLA_E_NOMEM;
    memcpy(entry->id, id, JOB_ID_SIZE);
    pthread_mutex_lock(&s->lock);
    if (s->last)
        s->last->next = entry;
    else
        s->first = entry;
    s->last = entry;
    s->waiting++;
    s->metrics->set(s->waiting_gauge, s->waiting);
    pthread_cond_broadcast(&s->changed); /* others than threads for jobs wait too */
    pthread_mutex_unlock(&s->lock);
    return STELLA_OK;
}

int queue_is_full(scanner_service *s) {
    const int64_t max = service_setting(s, "jobs.waiting_max", 1000);
    pthread_mutex_lock(&s->lock);
    const int is_full = s->waiting >= max || s->is_draining;
    pthread_mutex_unlock(&s->lock);
    return is_full;
}

stella_status queue_start(scanner_service *s, uint32_t threads, stella_error *err) {
    for (uint32_t i = 0; i < threads && i < SERVICE_THREADS_MAX; i++) {
        thread_start *start = malloc(sizeof *start);
        if (start)
            *start = (thread_start){.s = s, .slot = i};
        if (!start || pthread_create(&s->threads[i], NULL, work, start) != 0) {
            free(start);
            queue_stop(s, 0);
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no thread for jobs");
        }
        s->thread_count = i + 1;
    }
    return STELLA_OK;
}

/* Waits for running jobs until the deadline. Called with the lock held. */
static void wait_for_running(scanner_service *s, uint32_t deadline_ms) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += deadline_ms / 1000;
    until.tv_nsec += (long)(deadline_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    while (s->running && pthread_cond_timedwait(&s->changed, &s->lock, &until) != ETIMEDOUT)
        ;
}

void queue_stop(scanner_service *s, uint32_t deadline_ms) {
    pthread_mutex_lock(&s->lock);
    s->is_draining = 1;
    pthread_cond_broadcast(&s->changed);
    wait_for_running(s, deadline_ms);
    for (uint32_t i = 0; i < s->thread_count; i++)
        if (s->scans[i])
            scan_cancel(s->scans[i]); /* goes back to the queue in the state */
    pthread_mutex_unlock(&s->lock);
    for (uint32_t i = 0; i < s->thread_count; i++)
        pthread_join(s->threads[i], NULL);
    s->thread_count = 0;
    while (s->first) {
        char id[JOB_ID_SIZE];
        take_first(s, id);
    }
}
