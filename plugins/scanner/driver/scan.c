#include "scan.h"

#include "analyze.h"
#include "layer.h"
#include "only_layer.h"
#include "request.h"
#include "run.h"
#include "temp.h"

#include <stella/auto.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define OPEN_FILE_BYTES (1ull << 40) /* of an archive that is compressed as a whole, uncompressed */

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

stella_status scan_create(const scan_options *options, scan **out, stella_error *err) {
    scan *s = calloc(1, sizeof *s);
    if (s)
        s->arena = stella_arena_create(SCAN_ARENA_BYTES);
    if (!s || !s->arena || pthread_mutex_init(&s->lock, NULL) != 0) {
        stella_arena_destroy(s ? s->arena : NULL);
        free(s);
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a scan");
    }
    s->options = *options;
    s->target.fd = s->spool_fd = s->content_fd = -1;
    s->context = stella_buf_of(SCAN_CONTEXT_BYTES);
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
    stella_buf_fini(&s->context);
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
    for (uint32_t i = 0; i < SCAN_THREADS_MAX; i++)
        if (s->jobs[i])
            worker->kill(worker->self, s->jobs[i]);
    pthread_mutex_unlock(&s->lock);
}

/* A source names the place within the target, "index.json": in which target, its user is told too. */
static void name_target(const scan *s, stella_error *err) {
    char place[sizeof err->path];
    memcpy(place, err->path, sizeof place);
    const size_t len = strlen(s->target.path);
    if (place[0] && strncmp(place, s->target.path, len) != 0 && len < sizeof place / 2)
        snprintf(err->path, sizeof err->path, "%s: %.*s", s->target.path, (int)(sizeof place - len - 3), place);
}

/* Has the image described. A source that dies on a target it was only asked to look at is left out; the one that the
 * user named, or that was sure, is the end of the scan. */
static stella_status describe(scan *s, const scan_output *outputs, uint32_t output_count, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES_MAX);
    exclusions excluded = {0};
    stella_status status = request_open(s, outputs, output_count, &text, err);
    if (status != STELLA_OK)
        return status;
    for (;;) {
        STELLA_AUTO(stella_fd_closep) int spool = -1;
        STELLA_AUTO(run_end) run child = {0};
        stella_job_result result;
        status = temp_file("stella-spool", &spool, err);
        if (status != STELLA_OK)
            return status;
        const int32_t fds[] = {s->target.fd, spool};
        const stella_job_request request = {.kind = "image.open",
                                            .request = stella_buf_sv(&text),
                                            .fds = fds,
                                            .fd_count = sizeof fds / sizeof fds[0],
                                            .dir_fd = s->target.is_directory ? 0 : -1,
                                            .file_bytes = OPEN_FILE_BYTES,
                                            .label = stella_sv_cstr(s->target.path)};
        status = run_start(s, &request, &excluded, &child, err);
        if (status == STELLA_OK)
            status = run_wait(&child, &result, err);
        if (status != STELLA_OK)
            return status;
        if (s->target.scheme.len == 0 && run_learn(s, &result, -1, &excluded))
            continue;
        status = run_error(s, &result, s->target.path, err);
        if (status != STELLA_OK)
            name_target(s, err);
        if (status == STELLA_OK)
            status = image_parse(result.reply, s->arena, &s->image, err);
        if (status == STELLA_OK && s->image.is_spooled)
            s->spool_fd = stella_take_fd(&spool);
        return status;
    }
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
    s->content_fd = s->spool_fd >= 0 ? s->spool_fd : s->target.fd;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < s->image.layer_count; i++)
        if (s->image.layers[i].kind == LAYER_BLOB || s->image.layers[i].kind == LAYER_FILE)
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

static scan_outcome read_target(scan *s, const scan_output *outputs, uint32_t output_count, stella_error *err) {
    stella_status status = target_open(s->options.target, s->arena, &s->target, err);
    if (status == STELLA_OK)
        status = describe(s, outputs, output_count, err);
    if (status != STELLA_OK)
        return outcome_of(status);
    begin_layers(s);
    status = only_layer_find(s, 0, err);
    if (status == STELLA_OK)
        status = layers_read(s, err);
    if (status == STELLA_OK)
        status = only_layer_find(s, 1, err);
    return status == STELLA_OK ? SCAN_DONE : outcome_of(status);
}

/* What packs depend on; and that the engine is there at all. */
static scan_outcome check_plugins(scan *s, stella_error *err) {
    const stella_worker *worker = s->options.worker;
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    stella_error failed = {0};
    int has_engine = 0;
    for (uint32_t i = 0; worker->plugin(worker->self, "scan", i, &plugin, &failed); i++)
        has_engine |= strcmp(plugin.id, SCAN_ENGINE_ID) == 0;
    if (failed.code != STELLA_OK) {
        *err = failed;
        return failed.code == STELLA_E_CANCELLED ? SCAN_FAILED : SCAN_USAGE;
    }
    if (!has_engine) {
        stella_error_set(err, STELLA_E_NOTFOUND, SCAN_ENGINE_ID,
                         "this plugin is needed to scan: see stella plugin list");
        return SCAN_USAGE;
    }
    return request_context(s, &s->context, err) == STELLA_OK ? SCAN_DONE : SCAN_FAILED;
}

static int is_anything_lost(const scan *s) {
    for (uint32_t i = 0; i < s->losses.count; i++)
        if (s->losses.items[i].is_lost)
            return 1;
    return 0;
}

static scan_outcome write_outputs(scan *s, const scan_output *outputs, uint32_t output_count, stella_error *err) {
    analyze_result result = {0};
    const stella_status status = analyze(s, outputs, output_count, &result, err);
    loss_order(&s->losses);
    if (status == STELLA_E_FORMAT) /* the target changed under the scan */
        return SCAN_TARGET;
    if (status != STELLA_OK)
        return SCAN_FAILED;
    if (result.output_error.code != STELLA_OK) {
        *err = result.output_error;
        return SCAN_FAILED;
    }
    return is_anything_lost(s) ? SCAN_PARTIAL : SCAN_DONE;
}

scan_outcome scan_run(scan *s, const scan_output *outputs, uint32_t output_count, stella_error *err) {
    stella_error ignored = {0};
    err = err ? err : &ignored;
    if (output_count > SCAN_OUTPUTS_MAX) {
        stella_error_set(err, STELLA_E_INVALID, NULL, "%u outputs, at most %d", output_count, SCAN_OUTPUTS_MAX);
        return SCAN_USAGE;
    }
    scan_outcome outcome = check_plugins(s, err);
    if (outcome == SCAN_DONE)
        outcome = read_target(s, outputs, output_count, err);
    return outcome == SCAN_DONE ? write_outputs(s, outputs, output_count, err) : outcome;
}

void scan_progress_get(scan *s, scan_progress *out) {
    const uint64_t done = atomic_load(&s->bytes_done), total = atomic_load(&s->bytes_total);
    *out = (scan_progress){.layers_done = atomic_load(&s->layers_done),
                           .layers_total = atomic_load(&s->layers_total),
                           .bytes_done = done < total ? done : total, /* layers read twice count once */
                           .bytes_total = total,
                           .items = atomic_load(&s->items)};
}

stella_sv scan_scheme(const scan *s) {
    return s->image.scheme;
}

uint32_t scan_layer_count(const scan *s) {
    return s->image.layer_count;
}

const scan_layer_report *scan_layer_at(const scan *s, uint32_t index) {
    return &s->layers[index].report;
}

uint32_t scan_loss_count(const scan *s) {
    return s->losses.count;
}

const scan_loss *scan_loss_at(const scan *s, uint32_t index) {
    return &s->losses.items[index];
}
