/* supervisor.c - the supervisor's face: creation, jobs by way of stella_worker, generations, drain. */
#include "worker/supervisor_internal.h"

#include <stella/auto.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_MEMORY_BYTES (512u << 20)
#define DEFAULT_PLUGIN_MS    30000
#define DEFAULT_READY_MS     10000
#define DEFAULT_PING_MS      60000
#define DEFAULT_ANSWER_MS    30000 /* a sound host of an overloaded machine may wait 5 s for a processor */
#define DEFAULT_CRASHES      5
#define DEFAULT_MEMORY_MAX   (UINT64_C(4) << 30)
#define DEFAULT_PLUGIN_MAX   600000

void supervisor_wake(supervisor *s) {
    const uint64_t one = 1;
    ssize_t written = write(s->wake_fd, &one, sizeof one);
    (void)written; /* full means that it is awake */
}

static stella_status face_start(void *self, const stella_job_request *request, stella_job_handle **handle,
                                stella_error *err) {
    return job_start(self, request, handle, err);
}

static stella_status face_wait(void *self, stella_job_handle *job, stella_job_result *result, stella_error *err) {
    supervisor *s = self;
    (void)err;
    pthread_mutex_lock(&s->lock);
    while (job->state != JOB_ENDED)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
    const uint32_t size = result->struct_size < sizeof *result ? result->struct_size : (uint32_t)sizeof *result;
    memcpy(result, &job->result, size);
    result->struct_size = size;
    return STELLA_OK;
}

static void face_progress(void *self, stella_job_handle *job, uint64_t *done, uint64_t *items) {
    supervisor *s = self;
    pthread_mutex_lock(&s->lock);
    *done = job->page ? atomic_load(&job->page->done) : job->done;
    *items = job->page ? atomic_load(&job->page->items) : job->items;
    pthread_mutex_unlock(&s->lock);
}

static void face_kill(void *self, stella_job_handle *job) {
    supervisor *s = self;
    pthread_mutex_lock(&s->lock);
    job_end(s, job, STELLA_END_KILLED, NULL, "ended by its starter");
    supervisor_wake(s);
    pthread_mutex_unlock(&s->lock);
}

static void face_release(void *self, stella_job_handle *job) {
    supervisor *s = self;
    pthread_mutex_lock(&s->lock);
    const int is_swept = job->state == JOB_ENDED && !job->host;
    if (!is_swept) {
        job->is_released = 1;
        job_end(s, job, STELLA_END_KILLED, NULL, "abandoned by its starter");
        supervisor_wake(s);
    }
    pthread_mutex_unlock(&s->lock);
    if (is_swept)
        job_free(job);
}

/* The generation that it comes from may be gone before the caller has read it. "": out of memory. */
static const char *intern(supervisor *s, const char *text) {
    for (const interned *i = s->texts; i; i = i->next)
        if (strcmp(i->text, text) == 0)
            return i->text;
    const size_t size = strlen(text) + 1;
    interned *fresh = malloc(sizeof *fresh + size);
    if (!fresh)
        return "";
    memcpy(fresh->text, text, size);
    fresh->next = s->texts;
    s->texts = fresh;
    return fresh->text;
}

static const char *intern_words(supervisor *s, const char *const *words, uint32_t count) {
    char text[PLUGIN_INTERFACES_MAX * 64] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < count && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i ? " " : "", words[i]);
    return intern(s, text);
}

static int32_t plugin_at(supervisor *s, const generation *g, plugin_role role, uint32_t position,
                         stella_worker_plugin *out) {
    for (uint32_t i = 0; i < catalogue_count(g->plugins); i++) {
        const catalogue_plugin *p = catalogue_at(g->plugins, i);
        const plugin_manifest *m = p->manifest;
        if (m->role != role || generation_leaves_out(g, i) || position-- > 0)
            continue;
        const stella_worker_plugin found = {.struct_size = out->struct_size,
                                            .index = i,
                                            .id = intern(s, m->id),
                                            .version = intern(s, m->version),
                                            .digest = intern(s, p->digest),
                                            .provides = intern_words(s, m->provides, m->provides_count),
                                            .tags = intern_words(s, m->analyzer.tags, m->analyzer.tags_count)};
        memcpy(out, &found, out->struct_size < sizeof found ? out->struct_size : sizeof found);
        return 1;
    }
    return 0;
}

static int32_t face_plugin(void *self, const char *role, uint32_t position, stella_worker_plugin *out,
                           stella_error *err) {
    supervisor *s = self;
    host_record *h;
    pthread_mutex_lock(&s->lock);
    const int32_t found =
        host_await(s, role, &h, err) ? 0 : plugin_at(s, h->generation, host_plugin_role(h), position, out);
    pthread_mutex_unlock(&s->lock);
    return found;
}

static int32_t face_listed(void *self, const char *role, uint32_t position, stella_worker_plugin *out) {
    supervisor *s = self;
    pthread_mutex_lock(&s->lock);
    const int32_t found = plugin_at(s, s->current, host_role_plugins(role), position, out);
    pthread_mutex_unlock(&s->lock);
    return found;
}

static void face_pause(void *self, stella_job_handle *job, int32_t paused) {
    supervisor *s = self;
    const uint64_t now = monotonic_ns();
    pthread_mutex_lock(&s->lock);
    if (paused && !job->paused_ns)
        job->paused_ns = now;
    else if (!paused && job->paused_ns) {
        job->deadline_ns += job->deadline_ns ? now - job->paused_ns : 0;
        job->resumed_ns = now;
        job->paused_ns = 0;
    }
    pthread_mutex_unlock(&s->lock);
}

const stella_worker *supervisor_worker(supervisor *s) {
    return &s->face;
}

static stella_status find_executable(const char *asked, char *out, size_t size, stella_error *err) {
    if (asked) {
        snprintf(out, size, "%s", asked);
        return STELLA_OK;
    }
    snprintf(out, size, "/proc/self/exe"); /* also when the file was replaced since: the same program */
    return access(out, X_OK) == 0 ? STELLA_OK
                                  : stella_error_set(err, STELLA_E_UNSUPPORTED, out,
                                                     "the program's own file is not to be had: is /proc mounted?");
}

static uint32_t or_default(uint32_t asked, uint32_t fallback) {
    return asked ? asked : fallback;
}

static void set_options(supervisor *s, const supervisor_options *options) {
    supervisor_options *o = &s->options;
    *o = *options;
    o->pretend_no_landlock |= secure_getenv(SUPERVISOR_NO_LANDLOCK) != NULL;
    o->plugin_ms = or_default(o->plugin_ms, DEFAULT_PLUGIN_MS);
    o->plugin_ms_max = or_default(o->plugin_ms_max, DEFAULT_PLUGIN_MAX);
    o->ready_ms = or_default(o->ready_ms, DEFAULT_READY_MS);
    o->ping_ms = or_default(o->ping_ms, DEFAULT_PING_MS);
    o->answer_ms = or_default(o->answer_ms, DEFAULT_ANSWER_MS);
    o->crashes_max = or_default(o->crashes_max, DEFAULT_CRASHES);
    o->memory_bytes = o->memory_bytes ? o->memory_bytes : DEFAULT_MEMORY_BYTES;
    o->memory_bytes_max = o->memory_bytes_max ? o->memory_bytes_max : DEFAULT_MEMORY_MAX;
    if (o->plugin_ms_max < o->plugin_ms)
        o->plugin_ms_max = o->plugin_ms;
    if (o->memory_bytes_max < o->memory_bytes)
        o->memory_bytes_max = o->memory_bytes;
    if (o->crashes_max >= CRASHES_MAX)
        o->crashes_max = CRASHES_MAX - 1;
    s->face = (stella_worker){.head = STELLA_HEAD(stella_worker),
                              .self = s,
                              .start = face_start,
                              .wait = face_wait,
                              .progress = face_progress,
                              .kill = face_kill,
                              .release = face_release,
                              .plugin = face_plugin,
                              .pause = face_pause,
                              .listed = face_listed};
}

/* The watcher takes no signals: they are the program's. */
static int start_watcher(supervisor *s) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int rc = pthread_create(&s->watcher, NULL, watcher_main, s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

stella_status supervisor_create(const supervisor_options *options, catalogue *plugins, supervisor **out,
                                stella_error *err) {
    STELLA_AUTO(stella_freep) supervisor *s = calloc(1, sizeof *s);
    if (!s || !(s->current = generation_create(plugins)))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "out of memory");
    STELLA_AUTO(stella_freep) generation *g = s->current;
    set_options(s, options);
    const stella_status st = find_executable(options->executable, s->executable, sizeof s->executable, err);
    if (st)
        return st;
    STELLA_AUTO(stella_fd_closep) int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    s->wake_fd = wake;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    if (wake < 0 || start_watcher(s))
        return stella_error_set(err, STELLA_E_IO, NULL, "the supervisor cannot start: %s", strerror(errno));
    (void)stella_take_fd(&wake);
    (void)STELLA_TAKE(g);
    *out = STELLA_TAKE(s);
    return STELLA_OK;
}

static void kill_jobs(supervisor *s) {
    for (stella_job_handle *job = s->jobs, *next; job; job = next) {
        next = job->next;
        job_end(s, job, STELLA_END_KILLED, NULL, "the program shuts down");
    }
    supervisor_wake(s);
}

void supervisor_drain(supervisor *s, uint32_t deadline_ms) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    const uint64_t end = (uint64_t)until.tv_sec * 1000000000u + (uint64_t)until.tv_nsec + ms_to_ns(deadline_ms);
    until = (struct timespec){.tv_sec = (time_t)(end / 1000000000u), .tv_nsec = (long)(end % 1000000000u)};
    pthread_mutex_lock(&s->lock);
    s->is_draining = 1;
    pthread_cond_broadcast(&s->changed);
    int rc = 0;
    while (s->job_count && rc != ETIMEDOUT)
        rc = pthread_cond_clockwait(&s->changed, &s->lock, CLOCK_MONOTONIC, &until);
    kill_jobs(s);
    while (s->job_count)
        pthread_cond_wait(&s->changed, &s->lock);
    for (host_record *h = s->hosts; h; h = h->next)
        host_retire(s, h, 0);
    while (s->hosts)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

void supervisor_destroy(supervisor *s) {
    if (!s)
        return;
    supervisor_drain(s, 0);
    pthread_mutex_lock(&s->lock);
    s->is_stopping = 1;
    supervisor_wake(s);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->watcher, NULL);
    generation_release(s->current);
    for (interned *i = s->texts, *next; i; i = next) {
        next = i->next;
        free(i);
    }
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    close(s->wake_fd);
    free(s);
}

void supervisor_destroyp(supervisor **s) {
    supervisor_destroy(*s);
}

void supervisor_release_held(supervisor *s) {
    pthread_mutex_lock(&s->lock);
    for (host_record *h = s->hosts; h; h = h->next)
        if (h->state == HOST_HELD && !h->process.pid)
            host_release(s, h);
    pthread_mutex_unlock(&s->lock);
}

uint32_t supervisor_load_failures(supervisor *s, const char *role, stella_error *out, char (*ids)[128], uint32_t max) {
    host_record *h;
    uint32_t count = 0;
    pthread_mutex_lock(&s->lock);
    if (!host_await(s, role, &h, NULL))
        for (uint32_t i = 0; i < h->generation->failure_count && count < max; i++) {
            const load_failure *f = &h->generation->failures[i];
            if (f->role != h->role)
                continue;
            snprintf(ids[count], sizeof ids[count], "%s", plugin_id(h->generation, (int32_t)f->index));
            out[count++] = f->error;
        }
    pthread_mutex_unlock(&s->lock);
    return count;
}

void supervisor_status_get(supervisor *s, supervisor_status *out) {
    pthread_mutex_lock(&s->lock);
    *out = (supervisor_status){.level = s->level,
                               .jobs_running = s->job_count,
                               .jobs_done = s->jobs_done,
                               .jobs_crashed = s->jobs_crashed,
                               .host_restarts = s->host_restarts};
    for (const host_record *h = s->hosts; h; h = h->next) {
        out->hosts_ready += h->state == HOST_READY;
        if (h->state == HOST_HELD && out->hosts_held++ == 0)
            snprintf(out->held, sizeof out->held, "%s", h->why.message);
    }
    snprintf(out->generation, sizeof out->generation, "%s", catalogue_digest(s->current->plugins));
    pthread_mutex_unlock(&s->lock);
}
