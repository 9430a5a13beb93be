#include "run.h"

#include <stella/auto.h>

#include <assert.h>
#include <stdio.h>

#define EXCLUDED_MAX 512 /* plugins that one job is to do without */

static int enlist(scan *s, stella_job_handle *handle) {
    int found = 0;
    pthread_mutex_lock(&s->lock);
    for (uint32_t i = 0; i < SCAN_JOBS_MAX && !found; i++) {
        if (s->jobs[i])
            continue;
        s->jobs[i] = handle;
        found = 1;
    }
    if (atomic_load(&s->is_cancelled)) /* scan_cancel may have looked before it was enlisted */
        s->options.worker->kill(s->options.worker->self, handle);
    pthread_mutex_unlock(&s->lock);
    return found;
}

static const char *const host_roles[SCAN_HOSTS] = {[SCAN_HOST_SCAN] = "scan", [SCAN_HOST_CONNECT] = "connect"};

/* The first job starts the host, unless it runs: what is wrong with the plugins shows only now. */
static stella_status start_host(scan *s, scan_host_kind kind, stella_error *err) {
    STELLA_AUTO(roster_fini) roster loaded = {0};
    stella_status status =
        s->options.prepare ? s->options.prepare(s->options.context, host_roles[kind], err) : STELLA_OK;
    if (status == STELLA_OK && kind == SCAN_HOST_SCAN)
        status = roster_read(s->options.worker, 1, &loaded, err);
    if (status == STELLA_OK && kind == SCAN_HOST_SCAN)
        s->has_all_plugins = strcmp(loaded.digest, s->roster.digest) == 0;
    return status;
}

static stella_status prepare(scan *s, scan_host_kind kind, stella_error *err) {
    pthread_mutex_lock(&s->prepare_lock);
    stella_error *why = &s->prepare_errors[kind];
    if (!s->is_prepared[kind]) {
        atomic_store(&s->is_starting, 1);
        s->is_unusable |= start_host(s, kind, why) != STELLA_OK;
        atomic_store(&s->is_starting, 0);
    }
    s->is_prepared[kind] = 1;
    if (why->code != STELLA_OK && err)
        *err = *why;
    const stella_status status = why->code;
    pthread_mutex_unlock(&s->prepare_lock);
    return status;
}

/* The sooner of the request's own end and the scan's. */
static uint32_t deadline_of(const scan *s, const stella_job_request *request) {
    const uint32_t left = scan_left_ms(s), own = request->deadline_ms;
    return !left || (own && own < left) ? own : left;
}

/* Who failed before, and who was not chosen. */
static uint32_t list_excluded(scan *s, const exclusions *more, uint32_t out[EXCLUDED_MAX]) {
    pthread_mutex_lock(&s->lock);
    exclusions all = s->excluded;
    pthread_mutex_unlock(&s->lock);
    for (uint32_t i = 0; more && i < more->count; i++)
        exclusions_add(&all, more->indices[i]);
    memcpy(out, all.indices, all.count * sizeof *out);
    uint32_t count = all.count;
    for (uint32_t i = 0; i < s->roster.count && count < EXCLUDED_MAX; i++)
        if (s->roster.list[i].is_deselected)
            out[count++] = s->roster.list[i].index;
    return count;
}

stella_status run_start(scan *s, const stella_job_request *request, const exclusions *more, run *out,
                        stella_error *err) {
    const stella_worker *worker = s->options.worker;
    stella_job_request full = *request;
    stella_status status = scan_check(s, err);
    if (status == STELLA_OK)
        status = prepare(s, request->role ? SCAN_HOST_CONNECT : SCAN_HOST_SCAN, err);
    if (status != STELLA_OK)
        return status;
    uint32_t excluded[EXCLUDED_MAX];
    full.struct_size = sizeof full;
    full.role = request->role ? request->role : host_roles[SCAN_HOST_SCAN];
    full.deadline_ms = deadline_of(s, request);
    full.excluded = excluded;
    full.excluded_count = list_excluded(s, more, excluded);
    stella_job_handle *handle = NULL;
    status = worker->start(worker->self, &full, &handle, err);
    if (status != STELLA_OK)
        return status;
    const int enlisted = enlist(s, handle);
    assert(enlisted); /* there are no more jobs at once than two a thread */
    (void)enlisted;
    *out = (run){.owner = s, .handle = handle};
    return STELLA_OK;
}

stella_status run_wait(run *r, stella_job_result *result, stella_error *err) {
    const stella_worker *worker = r->owner->options.worker;
    *result = (stella_job_result){.struct_size = sizeof *result, .culprit = -1};
    return worker->wait(worker->self, r->handle, result, err);
}

void run_end(run *r) {
    if (!r->handle)
        return;
    scan *s = r->owner;
    pthread_mutex_lock(&s->lock);
    for (uint32_t i = 0; i < SCAN_JOBS_MAX; i++)
        if (s->jobs[i] == r->handle)
            s->jobs[i] = NULL;
    pthread_mutex_unlock(&s->lock);
    s->options.worker->release(s->options.worker->self, r->handle);
    r->handle = NULL;
}

stella_status run_error(const scan *s, const stella_job_result *result, const char *what, stella_error *err) {
    if (result->end == STELLA_END_DONE)
        return STELLA_OK;
    const stella_status stopped = scan_check(s, err);
    if (stopped != STELLA_OK)
        return stopped;
    switch (result->end) {
    case STELLA_END_FAILED: {
        const stella_status code = result->error.code ? result->error.code : STELLA_E_INTERNAL;
        if (err) {
            *err = result->error;
            err->code = code;
        }
        return code;
    }
    case STELLA_END_DEADLINE:
        return stella_error_set(err, STELLA_E_TIMEOUT, what, "out of time");
    case STELLA_END_MEMORY:
        return stella_error_set(err, STELLA_E_NOMEM, what, "the process that did it used more memory than it may");
    case STELLA_END_KILLED:
        return stella_error_set(err, STELLA_E_CANCELLED, what, "the process that did it was ended");
    default:
        return stella_error_set(err, STELLA_E_CRASHED, what, "the process that did it died (%s %d%s%s): %.80s",
                                result->signal ? "signal" : "status",
                                result->signal ? result->signal : result->exit_code,
                                result->culprit_id[0] ? ", at work: " : "", result->culprit_id, result->error.message);
    }
}

int run_learn(scan *s, const stella_job_result *result, int32_t layer, exclusions *excluded) {
    const int is_overdrawn = result->end == STELLA_END_OVERRAN || result->end == STELLA_END_MEMORY;
    if ((result->end != STELLA_END_CRASHED && !is_overdrawn) || result->culprit < 0 || atomic_load(&s->is_cancelled))
        return 0;
    const uint32_t index = (uint32_t)result->culprit;
    if (exclusions_has(excluded, index) || !exclusions_add(excluded, index))
        return 0;
    const scan_loss loss = loss_of_end(result, layer);
    pthread_mutex_lock(&s->lock);
    if (is_overdrawn)
        exclusions_add(&s->excluded, index);
    loss_add(&s->losses, &loss);
    pthread_mutex_unlock(&s->lock);
    return 1;
}
