/* watcher.c - the supervisor's one thread: waits for whatever hosts and children have to say, and for time to pass. */
#include "worker/supervisor_internal.h"

#include <stella/auto.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

typedef enum watched {
    WATCHED_WAKE,
    WATCHED_CHANNEL,
    WATCHED_HOST,
    WATCHED_HOST_LOG,
    WATCHED_JOB,
    WATCHED_JOB_LOG
} watched;

typedef struct watch {
    watched what;
    void *of;
} watch;

typedef struct watch_list {
    struct pollfd *fds;
    watch *watches;
    uint32_t count, room;
} watch_list;

/* A descriptor that cannot be watched for want of memory is watched in the next round. */
static void add(watch_list *list, int fd, watched what, void *of, int events) {
    if (fd < 0)
        return;
    if (list->count == list->room) {
        const uint32_t room = list->room ? list->room * 2 : 64;
        struct pollfd *fds = realloc(list->fds, room * sizeof *fds);
        if (fds)
            list->fds = fds;
        watch *watches = realloc(list->watches, room * sizeof *watches);
        if (watches)
            list->watches = watches;
        if (!fds || !watches)
            return;
        list->room = room;
    }
    list->fds[list->count] = (struct pollfd){.fd = fd, .events = (short)events};
    list->watches[list->count++] = (watch){what, of};
}

static int has_queued(const supervisor *s, const host_record *h) {
    for (const stella_job_handle *job = s->jobs; job; job = job->next)
        if (job->host == h && job->state == JOB_QUEUED)
            return 1;
    return 0;
}

/* Children's words before their ends, so that an end finds everything said; a host's death last of all. */
static void list_watches(supervisor *s, watch_list *list) {
    list->count = 0;
    add(list, s->wake_fd, WATCHED_WAKE, NULL, POLLIN);
    for (stella_job_handle *job = s->jobs; job; job = job->next) {
        add(list, job->socket, WATCHED_JOB, job, POLLIN);
        add(list, job->log_fd, WATCHED_JOB_LOG, job, POLLIN);
    }
    for (host_record *h = s->hosts; h; h = h->next)
        if (h->process.pid) {
            add(list, h->process.log, WATCHED_HOST_LOG, h, POLLIN);
            add(list, h->process.channel, WATCHED_CHANNEL, h, POLLIN | (has_queued(s, h) ? POLLOUT : 0));
        }
    for (host_record *h = s->hosts; h; h = h->next)
        if (h->process.pid)
            add(list, h->process.pidfd, WATCHED_HOST, h, POLLIN);
}

static void flush_queue(supervisor *s, const host_record *h) {
    for (stella_job_handle *job = s->jobs; job; job = job->next)
        if (job->host == h && job->state == JOB_QUEUED)
            job_send(s, job);
}

static void on_channel(supervisor *s, host_record *h, short events) {
    if (events & POLLOUT)
        flush_queue(s, h);
    if (events & ~POLLOUT)
        host_on_message(s, h);
}

static void dispatch(supervisor *s, const watch *w, short events) {
    uint64_t ignored;
    stella_job_handle *job = w->of;
    host_record *host = w->of;
    switch (w->what) {
    case WATCHED_WAKE:
        if (read(s->wake_fd, &ignored, sizeof ignored) < 0)
            break; /* somebody's wake-up was taken together with an earlier one */
        break;
    case WATCHED_CHANNEL:
        if (host->process.channel >= 0)
            on_channel(s, host, events);
        break;
    case WATCHED_HOST:
        host_on_death(s, host);
        break;
    case WATCHED_HOST_LOG:
        if (!log_lines_read(&host->log, host->process.log))
            stella_fd_closep(&host->process.log);
        break;
    case WATCHED_JOB:
        if (job->socket >= 0)
            job_on_message(s, job);
        break;
    case WATCHED_JOB_LOG:
        if (job->log_fd >= 0 && !log_lines_read(&job->log, job->log_fd))
            stella_fd_closep(&job->log_fd);
        break;
    }
}

static void sweep_jobs(supervisor *s) {
    for (stella_job_handle **at = &s->jobs; *at;) {
        stella_job_handle *job = *at;
        if (job->state != JOB_ENDED) {
            at = &job->next;
            continue;
        }
        *at = job->next;
        if (job->is_released)
            job_free(job);
        else
            job->host = NULL; /* off the list: whoever waits may free it */
        pthread_cond_broadcast(&s->changed);
    }
}

static int pass_time(supervisor *s) {
    const uint64_t now = monotonic_ns();
    for (stella_job_handle *job = s->jobs; job; job = job->next)
        job_check(s, job, now);
    sweep_jobs(s);
    for (host_record *h = s->hosts, *next; h; h = next) {
        next = h->next;
        host_check(s, h, now);
    }
    uint64_t next_ns = s->jobs ? now + ms_to_ns(TICK_MS) : UINT64_MAX;
    for (const host_record *h = s->hosts; h; h = h->next)
        if (host_next_check(s, h) < next_ns)
            next_ns = host_next_check(s, h);
    if (next_ns == UINT64_MAX)
        return -1;
    /* What is due and not done waits for an event (a host that was told to end): asking at once again would spin. */
    return next_ns <= now ? 1 : (int)((next_ns - now + 999999u) / 1000000u);
}

void *watcher_main(void *supervisor_pointer) {
    supervisor *s = supervisor_pointer;
    watch_list list = {0};
    pthread_mutex_lock(&s->lock);
    while (!s->is_stopping || s->hosts) {
        const int timeout = pass_time(s);
        list_watches(s, &list);
        pthread_mutex_unlock(&s->lock);
        const int ready = poll(list.fds, list.count, timeout);
        pthread_mutex_lock(&s->lock);
        for (uint32_t i = 0; ready > 0 && i < list.count; i++)
            if (list.fds[i].revents)
                dispatch(s, &list.watches[i], list.fds[i].revents);
    }
    pthread_mutex_unlock(&s->lock);
    free(list.fds);
    free(list.watches);
    return NULL;
}
