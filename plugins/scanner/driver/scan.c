#include "scan.h"

#include "analyze.h"
#include "describe.h"
#include "layer.h"
#include "memo.h"
#include "only_layer.h"
#include "remote.h"
#include "request.h"
#include "result.h"
#include "select.h"

#include <stella/auto.h>
#include <stella/job.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

uint64_t scan_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

stella_status scan_check(const scan *s, stella_error *err) {
    if (atomic_load(&s->is_cancelled))
        return stella_error_set(err, STELLA_E_CANCELLED, s->options.target, "cancelled");
    if (s->deadline_ns && scan_now_ns() >= s->deadline_ns)
        return stella_error_set(err, STELLA_E_TIMEOUT, s->options.target,
                                "not done within %llu seconds: raise --timeout",
                                (unsigned long long)(s->options.timeout_ms + 999) / 1000);
    return STELLA_OK;
}

uint32_t scan_left_ms(const scan *s) {
    const uint64_t now = scan_now_ns();
    if (!s->deadline_ns)
        return 0;
    const uint64_t left = now < s->deadline_ns ? (s->deadline_ns - now) / 1000000 + 1 : 1;
    return left < UINT32_MAX ? (uint32_t)left : UINT32_MAX;
}

static int64_t wall_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void scan_warn(scan *s, const stella_error *why) {
    pthread_mutex_lock(&s->lock);
    if (s->report.cache_error.code == STELLA_OK)
        s->report.cache_error = *why;
    pthread_mutex_unlock(&s->lock);
}

void scan_count_bytes(scan *s, uint64_t bytes) {
    pthread_mutex_lock(&s->lock);
    s->report.bytes_read += bytes;
    pthread_mutex_unlock(&s->lock);
}

stella_status scan_create(const scan_options *options, scan **out, stella_error *err) {
    scan *s = calloc(1, sizeof *s);
    if (s)
        s->arena = stella_arena_create(SCAN_ARENA_BYTES);
    if (!s || !s->arena || pthread_mutex_init(&s->lock, NULL) != 0) {
        stella_arena_destroy(s ? s->arena : NULL);
        free(s);
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a scan");
    }
    pthread_mutex_init(&s->prepare_lock, NULL);
    pthread_mutex_init(&s->spool_lock, NULL);
    s->options = *options;
    s->target.fd = s->spool_fd = -1;
    s->open_request = stella_buf_of(REQUEST_BYTES_MAX);
    s->open_reply = stella_buf_of(STELLA_JOB_REPLY_MAX);
    s->started_wall_ns = wall_ns();
    for (uint32_t i = 0; i < SCAN_LAYERS_MAX; i++)
        s->layers[i].pack_fd = s->layers[i].supplement_fd = -1;
    s->started_ns = scan_now_ns();
    s->deadline_ns = options->timeout_ms ? s->started_ns + options->timeout_ms * 1000000u : 0;
    *out = s;
    return STELLA_OK;
}

void scan_destroy(scan *s) {
    if (!s)
        return;
    for (uint32_t i = 0; i < SCAN_LAYERS_MAX; i++) {
        stella_fd_closep(&s->layers[i].pack_fd);
        stella_fd_closep(&s->layers[i].supplement_fd);
    }
    stella_fd_closep(&s->target.fd);
    stella_fd_closep(&s->spool_fd);
    stella_buf_fini(&s->open_request);
    stella_buf_fini(&s->open_reply);
    roster_fini(&s->roster);
    pthread_mutex_destroy(&s->prepare_lock);
    pthread_mutex_destroy(&s->spool_lock);
    loss_fini(&s->losses);
    pthread_mutex_destroy(&s->lock);
    stella_arena_destroy(s->arena);
    free(s);
}

void scan_destroyp(scan **s) {
    scan_destroy(*s);
    *s = NULL;
}

void scan_cancel(scan *s) {
    const stella_worker *worker = s->options.worker;
    pthread_mutex_lock(&s->lock);
    atomic_store(&s->is_cancelled, 1);
    for (uint32_t i = 0; i < SCAN_JOBS_MAX; i++)
        if (s->jobs[i])
            worker->kill(worker->self, s->jobs[i]);
    pthread_mutex_unlock(&s->lock);
}

/* A layer that the container does not hold is no failure, but the result must say so. */
static void note_foreign_layers(scan *s) {
    for (uint32_t i = 0; i < s->image.layer_count; i++) {
        if (s->image.layers[i].kind != LAYER_FOREIGN)
            continue;
        const scan_loss loss = {.code = "content-unavailable",
                                .message = "a foreign layer: it is not in the image, so what it holds is not known",
                                .layer = (int32_t)i};
        loss_add(&s->losses, &loss);
    }
}

static void begin_layers(scan *s) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < s->image.layer_count; i++)
        if (s->image.layers[i].kind == LAYER_BLOB)
            bytes += s->image.layers[i].size;
    atomic_store(&s->bytes_total, bytes);
    atomic_store(&s->layers_total, s->image.layer_count);
    note_foreign_layers(s);
}

/* An error before there is an outcome: whose fault is it? */
static scan_outcome outcome_of(stella_status status) {
    switch (status) {
    case STELLA_E_INVALID: /* the target must say more, or names a kind that no source knows */
        return SCAN_USAGE;
    case STELLA_E_FORMAT:
    case STELLA_E_LIMIT:
    case STELLA_E_NOTFOUND:
    case STELLA_E_IO:
    case STELLA_E_DENIED:
    case STELLA_E_UNSUPPORTED:
        return SCAN_TARGET;
    default:
        return SCAN_FAILED;
    }
}

/* Whose fault it is that no job could be started: the plugins', when their host is not to be had. */
static scan_outcome outcome_of_scan(const scan *s, stella_status status) {
    return s->is_unusable && status != STELLA_E_CANCELLED ? SCAN_USAGE : outcome_of(status);
}

/* An SBOM in place of an image: there are no layers, whatever the file's own may be called. */
static stella_status check_document(const scan *s, stella_error *err) {
    const int is_document =
        stella_sv_eq(s->image.kind, STELLA_SV("document")) || stella_sv_eq(s->image.kind, STELLA_SV("documents"));
    if (!is_document || (!s->options.only_layer && !s->options.verify_full))
        return STELLA_OK;
    return stella_error_set(err, STELLA_E_INVALID, NULL, "%s needs layers, and an SBOM has none",
                            s->options.only_layer ? "--layer" : "--verify");
}

static scan_outcome read_target(scan *s, stella_error *err) {
    const target_rules rules = {.self = s,
                                .has_remote = remote_has_scheme,
                                .check = (stella_status(*)(void *, stella_error *))scan_check,
                                .has_input = s->options.has_input,
                                .input_bytes_max = s->options.input_bytes_max};
    stella_status status = target_open(s->options.target, &rules, s->arena, &s->target, err);
    if (status == STELLA_OK)
        status = request_open(s, s->formats, s->format_count, &s->open_request, err);
    if (status == STELLA_OK)
        status = s->target.is_remote ? remote_describe(s, err) : describe(s, err);
    if (status != STELLA_OK)
        return outcome_of_scan(s, status);
    if (s->options.partial && !s->target.is_remote) {
        stella_error_set(err, STELLA_E_INVALID, s->options.target, "--partial is for images in a registry");
        return SCAN_USAGE;
    }
    begin_layers(s);
    s->report.is_described = s->is_memo;
    status = check_document(s, err);
    if (status == STELLA_OK)
        status = only_layer_find(s, 0, err);
    if (status == STELLA_OK)
        status = layers_read(s, err);
    if (status == STELLA_OK)
        status = only_layer_find(s, 1, err);
    if (status != STELLA_OK)
        return outcome_of_scan(s, status);
    memo_store(s);
    return SCAN_DONE;
}

/* What packs depend on; and that the engine is there at all. */
static scan_outcome check_plugins(scan *s, stella_error *err) {
    const stella_status status = roster_read(s->options.worker, 0, &s->roster, err);
    if (status != STELLA_OK)
        return status == STELLA_E_CANCELLED ? SCAN_FAILED : SCAN_USAGE;
    if (!s->roster.engine) {
        stella_error_set(err, STELLA_E_NOTFOUND, SCAN_ENGINE_ID,
                         "this plugin is needed to scan: see stella plugin list");
        return SCAN_USAGE;
    }
    if (select_analyzers(&s->options, &s->roster, err) != STELLA_OK)
        return SCAN_USAGE;
    return request_context(s, s->context, err) == STELLA_OK ? SCAN_DONE : SCAN_FAILED;
}

static int is_anything_lost(const scan *s) {
    for (uint32_t i = 0; i < s->losses.count; i++)
        if (s->losses.items[i].is_lost)
            return 1;
    return 0;
}

static scan_outcome write_outputs(scan *s, const scan_output *outputs, uint32_t output_count, stella_error *err) {
    analyze_result result = {0};
    if (result_recall(s, outputs, output_count))
        return SCAN_DONE;
    const stella_status status = analyze(s, outputs, output_count, &result, err);
    loss_order(&s->losses);
    if (status == STELLA_E_FORMAT) /* the target changed under the scan */
        return SCAN_TARGET;
    if (status != STELLA_OK)
        return s->is_unusable ? SCAN_USAGE : SCAN_FAILED;
    if (result.output_error.code != STELLA_OK) {
        *err = result.output_error;
        return err->code == STELLA_E_INVALID ? SCAN_USAGE : SCAN_FAILED;
    }
    if (is_anything_lost(s))
        return SCAN_PARTIAL;
    result_store(s, outputs, output_count);
    return SCAN_DONE;
}

scan_outcome scan_run(scan *s, const scan_output *outputs, uint32_t output_count, stella_error *err) {
    stella_error ignored = {0};
    err = err ? err : &ignored;
    if (output_count > SCAN_OUTPUTS_MAX) {
        stella_error_set(err, STELLA_E_INVALID, NULL, "%u outputs, at most %d", output_count, SCAN_OUTPUTS_MAX);
        return SCAN_USAGE;
    }
    for (uint32_t i = 0; i < output_count; i++)
        s->formats[s->format_count++] = outputs[i].format;
    scan_outcome outcome = check_plugins(s, err);
    if (outcome == SCAN_DONE)
        outcome = read_target(s, err);
    return outcome == SCAN_DONE ? write_outputs(s, outputs, output_count, err) : outcome;
}

int scan_is_starting(const scan *s) {
    return atomic_load(&s->is_starting);
}

void scan_progress_get(scan *s, scan_progress *out) {
    const uint64_t done = atomic_load(&s->bytes_done), total = atomic_load(&s->bytes_total);
    *out = (scan_progress){.layers_done = atomic_load(&s->layers_done),
                           .layers_total = atomic_load(&s->layers_total),
                           .bytes_done = done < total ? done : total, /* layers read twice count once */
                           .bytes_total = total,
                           .items = atomic_load(&s->items)};
}

const char *scan_implied_reference(const scan *s) {
    return s->target.is_remote && s->target.is_implied ? s->target.path : NULL;
}

stella_sv scan_scheme(const scan *s) {
    return s->image.scheme;
}

stella_sv scan_image_digest(const scan *s) {
    return s->image.digest;
}

uint32_t scan_layer_count(const scan *s) {
    return s->image.layer_count;
}

const scan_layer_report *scan_layer_at(const scan *s, uint32_t index) {
    return &s->layers[index].report;
}

scan_report scan_report_get(const scan *s) {
    return s->report;
}

uint32_t scan_loss_count(const scan *s) {
    return s->losses.count;
}

const scan_loss *scan_loss_at(const scan *s, uint32_t index) {
    return &s->losses.items[index];
}

uint32_t scan_count_count(const scan *s) {
    return s->count_count;
}

const scan_count *scan_count_at(const scan *s, uint32_t index) {
    return &s->counts[index];
}
