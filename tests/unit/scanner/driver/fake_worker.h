/* fake_worker.h - a stella_worker whose children are threads of the test. */
#ifndef TESTS_SCANNER_FAKE_WORKER_H
#define TESTS_SCANNER_FAKE_WORKER_H

#include "scan.h"

#include <stella/auto.h>
#include <stella/job.h>
#include <stella/sink.h>

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct fake_job {
    char kind[32];
    char *request;
    int fds[STELLA_JOB_FDS_MAX];
    uint32_t fd_count, excluded_count, excluded[32], deadline_ms;
    atomic_int is_killed;
    stella_job_result result;
    stella_buf reply;
    struct fake_worker *owner;
    pthread_t thread;
} fake_job;

typedef struct fake_worker {
    stella_worker table;
    void (*act)(fake_job *job); /* what a child does: sets result.end and adds to reply */
    void *test;                 /* the test's own */
    atomic_int jobs_started, jobs_released;
} fake_worker;

static inline int fake_excludes(const fake_job *job, uint32_t index) {
    for (uint32_t i = 0; i < job->excluded_count; i++)
        if (job->excluded[i] == index)
            return 1;
    return 0;
}

static inline void *fake_run(void *argument) {
    fake_job *job = argument;
    job->owner->act(job);
    for (uint32_t i = 0; i < job->fd_count; i++)
        close(job->fds[i]);
    return NULL;
}

static inline stella_status fake_start(void *self, const stella_job_request *request, stella_job_handle **handle,
                                       stella_error *err) {
    (void)err;
    fake_job *job = calloc(1, sizeof *job);
    assert(job);
    snprintf(job->kind, sizeof job->kind, "%s", request->kind);
    job->request = strndup(request->request.ptr, request->request.len);
    job->fd_count = request->fd_count;
    job->deadline_ms = request->deadline_ms;
    for (uint32_t i = 0; i < request->fd_count; i++)
        job->fds[i] = fcntl(request->fds[i], F_DUPFD_CLOEXEC, 3);
    job->excluded_count = request->excluded_count;
    for (uint32_t i = 0; i < request->excluded_count && i < 32; i++)
        job->excluded[i] = request->excluded[i];
    job->result = (stella_job_result){.end = STELLA_END_DONE, .culprit = -1};
    job->reply = stella_buf_of(1u << 20);
    job->owner = self;
    atomic_fetch_add(&job->owner->jobs_started, 1);
    const int failed = pthread_create(&job->thread, NULL, fake_run, job);
    assert(!failed);
    (void)failed;
    *handle = (stella_job_handle *)job;
    return STELLA_OK;
}

static inline stella_status fake_wait(void *self, stella_job_handle *handle, stella_job_result *result,
                                      stella_error *err) {
    (void)self;
    (void)err;
    fake_job *job = (fake_job *)handle;
    pthread_join(job->thread, NULL);
    const uint32_t size = result->struct_size;
    *result = job->result;
    result->struct_size = size;
    result->reply = stella_buf_sv(&job->reply);
    return STELLA_OK;
}

static inline void fake_progress(void *self, stella_job_handle *handle, uint64_t *done, uint64_t *items) {
    (void)self;
    (void)handle;
    *done = *items = 7;
}

static inline void fake_kill(void *self, stella_job_handle *handle) {
    (void)self;
    atomic_store(&((fake_job *)handle)->is_killed, 1);
}

static inline void fake_release(void *self, stella_job_handle *handle) {
    fake_job *job = (fake_job *)handle;
    atomic_fetch_add(&((fake_worker *)self)->jobs_released, 1);
    stella_buf_fini(&job->reply);
    free(job->request);
    free(job);
}

static inline int32_t fake_plugin(void *self, const char *role, uint32_t position, stella_worker_plugin *out,
                                  stella_error *err) {
    static const stella_worker_plugin plugins[] = {
        {.index = 0, .id = "org.example.analyzer", .version = "1", .digest = "sha256:a"},
        {.index = 1, .id = SCAN_ENGINE_ID, .version = "1", .digest = "sha256:b"}};
    (void)self;
    (void)role;
    (void)err;
    if (position >= 2)
        return 0;
    *out = plugins[position];
    return 1;
}

static inline int32_t fake_listed(void *self, const char *role, uint32_t position, stella_worker_plugin *out) {
    return fake_plugin(self, role, position, out, NULL);
}

/* A cache that keeps packs and no results, so that every scan gets to its analysis. */
static inline cache *fake_cache(const char *root) {
    cache_options options = CACHE_OPTIONS_DEFAULT;
    cache *made = NULL;
    options.root = root;
    options.has_files = 0;
    const stella_status status = cache_open(&options, &made, NULL);
    assert(status == STELLA_OK);
    (void)status;
    return made;
}

static inline void fake_init(fake_worker *w, void (*act)(fake_job *job), void *test) {
    *w = (fake_worker){.table = {.head = STELLA_HEAD(stella_worker),
                                 .start = fake_start,
                                 .wait = fake_wait,
                                 .progress = fake_progress,
                                 .kill = fake_kill,
                                 .release = fake_release,
                                 .plugin = fake_plugin,
                                 .listed = fake_listed},
                       .act = act,
                       .test = test};
    w->table.self = w;
}

#endif
