/* run.c - one job: begun in the state before it is begun at all, ended in the state after its results are on disk. */
#include "service.h"

#include <stella/auto.h>

#include <stdio.h>
#include <unistd.h>

#define JOB_ARENA_BYTES (1u << 20)

typedef struct outputs {
    uint32_t count;
    scan_output list[JOB_FORMATS_MAX];
} outputs;

static void outputs_fini(outputs *o) {
    for (uint32_t i = 0; i < o->count; i++)
        close(o->list[i].fd);
}

static stella_status outputs_open(scanner_service *s, const job *j, outputs *o, stella_error *err) {
    for (uint32_t i = 0; i < j->format_count; i++) {
        int fd;
        const stella_status status = results_open(s, j, i, &fd, err);
        if (status != STELLA_OK)
            return status;
        o->list[o->count++] = (scan_output){.format = j->formats[i], .fd = fd};
    }
    return STELLA_OK;
}

static void set_scan(scanner_service *s, uint32_t slot, scan *running) {
    pthread_mutex_lock(&s->lock);
    s->scans[slot] = running;
    if (running && s->is_draining)
        scan_cancel(running);
    pthread_mutex_unlock(&s->lock);
}

/* What analyzers count has metrics of its own. Names are the analyzers', which means a child's: how many there may be is
 * bounded by the driver for a scan and by the kernel for all. */
static void count(const scanner_service *s, const scan *done) {
    for (uint32_t i = 0; i < scan_count_count(done); i++) {
        char name[128];
        const scan_count *one = scan_count_at(done, i);
        snprintf(name, sizeof name, "scanner_analyzer_%s_total", one->name);
        s->metrics->add(
            s->metrics->metric(s->metrics->self, &(stella_metric_spec){.struct_size = sizeof(stella_metric_spec),
                                                                       .kind = STELLA_METRIC_COUNTER,
                                                                       .name = name,
                                                                       .help = "Counted by an analyzer"}),
            one->value);
    }
}

static scan_outcome scan_target(scanner_service *s, const job *j, const outputs *o, uint32_t slot, stella_error *err) {
    const char *select = j->choice.select, *exclude = j->choice.exclude;
    const scan_options options = {.worker = s->worker,
                                  .declared = j->choice.declared,
                                  .with_dev = j->choice.with_dev,
                                  .with_managed = j->choice.with_managed,
                                  .analyzer_options = j->choice.analyzer_options,
                                  .select = &select,
                                  .select_count = select[0] != 0,
                                  .exclude = &exclude,
                                  .exclude_count = exclude[0] != 0,
                                  .cache = s->cache,
                                  .target = j->target,
                                  .platform = "linux/amd64",
                                  .epoch_ms = -1,
                                  .timeout_ms = (uint64_t)service_setting(s, "jobs.time_s", 600) * 1000};
    STELLA_AUTO(scan_destroyp) scan *running = NULL;
    if (scan_create(&options, &running, err) != STELLA_OK)
        return SCAN_FAILED;
    set_scan(s, slot, running);
    const scan_outcome outcome = scan_run(running, o->list, o->count, err);
    set_scan(s, slot, NULL);
    count(s, running);
    return outcome;
}

/* Results first, then the state: a job that says it succeeded has them. */
static stella_status scan_and_publish(scanner_service *s, job *j, uint32_t slot, stella_error *err) {
    STELLA_AUTO(outputs_fini) outputs o = {.count = 0};
    stella_status status = outputs_open(s, j, &o, err);
    if (status != STELLA_OK)
        return status;
    const scan_outcome outcome = scan_target(s, j, &o, slot, err);
    if (outcome != SCAN_DONE && outcome != SCAN_PARTIAL)
        return err->code != STELLA_OK ? err->code : STELLA_E_INTERNAL;
    j->is_partial = outcome == SCAN_PARTIAL;
    for (uint32_t i = 0; status == STELLA_OK && i < j->format_count; i++)
        status = results_publish(s, j, i, o.list[i].fd, err);
    return status;
}

static void say(scanner_service *s, int32_t level, const char *message, const job *j, const stella_error *error) {
    const stella_log_field fields[] = {
        {.key = STELLA_SV("job_id"), .value = stella_sv_cstr(j->id)},
        {.key = STELLA_SV("target"), .value = stella_sv_cstr(j->target)},
        {.key = STELLA_SV("error"), .value = stella_sv_cstr(error ? error->message : "")},
    };
    s->log->write(s->log->self, level, stella_sv_cstr(message), fields, error ? 3 : 2, sizeof fields[0]);
}

static int is_worth_another_try(stella_status status) {
    return status == STELLA_E_CRASHED || status == STELLA_E_BUSY || status == STELLA_E_NOMEM || status == STELLA_E_IO;
}

/* What the end of a run makes of the job. Returns 1 when it goes back to the queue. */
static int settle(scanner_service *s, job *j, stella_status status, const stella_error *error) {
    const int64_t attempts_max = service_setting(s, "jobs.attempts_max", 3);
    if (status == STELLA_OK) {
        j->status = JOB_SUCCEEDED;
        return 0;
    }
    if (status == STELLA_E_CANCELLED) { /* the daemon drains: this run does not count */
        j->attempts--;
        j->status = JOB_QUEUED;
        return 0;
    }
    if (is_worth_another_try(status) && j->attempts < attempts_max) {
        j->status = JOB_QUEUED;
        return 1;
    }
    j->status = JOB_FAILED;
    j->failure = *error;
    j->failure.code = status;
    return 0;
}

static void tell_end(scanner_service *s, const job *j, const stella_error *error) {
    if (j->status == JOB_SUCCEEDED) {
        s->metrics->add(s->succeeded, 1);
        say(s, STELLA_LOG_INFO, "scan succeeded", j, NULL);
    } else if (j->status == JOB_FAILED) {
        s->metrics->add(s->failed, 1);
        say(s, STELLA_LOG_WARN, "scan failed", j, error);
    }
}

/* The run that begins now is counted on disk before it begins, so that what kills the daemon is not tried for ever. */
static stella_status begin(scanner_service *s, job *j, stella_error *err) {
    const int64_t attempts_max = service_setting(s, "jobs.attempts_max", 3);
    if (j->attempts >= attempts_max)
        return stella_error_set(err, STELLA_E_CRASHED, NULL, "the daemon ended during each of %u attempts",
                                j->attempts);
    j->attempts++;
    j->status = JOB_RUNNING;
    return store_update(s, j, "started", err);
}

void run_job(scanner_service *s, const char *id, uint32_t slot) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(JOB_ARENA_BYTES);
    stella_error err = {0};
    job j = {.status = JOB_QUEUED};
    memcpy(j.id, id, sizeof j.id);
    stella_status status = arena ? store_load(s, stella_sv_cstr(id), arena, &j, &err) : STELLA_E_NOMEM;
    if (status != STELLA_OK) { /* its entry in the queue stays: the next start finds it again */
        say(s, STELLA_LOG_ERROR, "a queued scan cannot be read", &j, &err);
        return;
    }
    if (j.status == JOB_SUCCEEDED || j.status == JOB_FAILED)
        return;
    status = begin(s, &j, &err);
    if (status == STELLA_OK)
        status = scan_and_publish(s, &j, slot, &err);
    results_discard(s, &j);
    const int goes_back = settle(s, &j, status, &err);
    if (store_update(s, &j, status == STELLA_OK ? "" : err.message, &err) != STELLA_OK) {
        say(s, STELLA_LOG_ERROR, "the end of a scan cannot be stored; the next start runs it again", &j, &err);
        return;
    }
    tell_end(s, &j, &err);
    if (goes_back && queue_add(s, j.id) != STELLA_OK)
        say(s, STELLA_LOG_ERROR, "no memory to queue a scan again; the next start finds it", &j, NULL);
}
