/* plugin.c - the scanner service: what the daemon loads, starts and drains. */
#include "service.h"

#include <stella/auto.h>
#include <stella/service.h>

#include <stdio.h>
#include <stdlib.h>

int64_t service_setting(const scanner_service *s, const char *key, int64_t fallback) {
    int64_t value;
    return s->config->number(s->config->self, key, &value, NULL) == STELLA_OK ? value : fallback;
}

static void destroy(void *self) {
    scanner_service *s = self;
    if (!s)
        return;
    cache_close(s->cache);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static void destroyp(scanner_service **s) {
    destroy(*s);
    *s = NULL;
}

static stella_status create(const stella_host *host, void **instance, stella_error *err) {
    STELLA_AUTO(destroyp) scanner_service *s = calloc(1, sizeof *s);
    if (!s)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the scanner");
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->log = stella_host_interface(host, STELLA_LOG_INTERFACE);
    s->clock = stella_host_interface(host, STELLA_CLOCK_INTERFACE);
    s->config = stella_host_interface(host, STELLA_CONFIG_INTERFACE);
    s->metrics = stella_host_interface(host, STELLA_METRICS_INTERFACE);
    s->state = stella_host_interface(host, STELLA_STATE_INTERFACE);
    s->http = stella_host_interface(host, STELLA_HTTP_INTERFACE);
    s->bus = stella_host_interface(host, STELLA_BUS_INTERFACE);
    s->worker = stella_host_interface(host, STELLA_WORKER_INTERFACE);
    if (!s->log || !s->clock || !s->config || !s->metrics || !s->state || !s->http || !s->worker)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "the host does not offer what the scanner needs");
    *instance = STELLA_TAKE(s);
    return STELLA_OK;
}

static stella_metric *metric(scanner_service *s, uint32_t kind, const char *name, const char *help) {
    return s->metrics->metric(
        s->metrics->self,
        &(stella_metric_spec){.struct_size = sizeof(stella_metric_spec), .kind = kind, .name = name, .help = help});
}

static stella_status open_state_dir(scanner_service *s, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 14);
    stella_sv dir;
    const stella_status status =
        arena ? s->config->text(s->config->self, "state.dir", arena, &dir, err) : STELLA_E_NOMEM;
    if (status != STELLA_OK)
        return status;
    const int size = snprintf(s->results_dir, sizeof s->results_dir, "%.*s/results", STELLA_SV_FMT(dir));
    if ((size_t)size >= sizeof s->results_dir)
        return stella_error_at(err, STELLA_E_LIMIT, dir, "the path is too long");
    service_cache_start(s, dir.ptr); /* a text of the arena ends in NUL */
    return STELLA_OK;
}

static stella_status start(void *self, stella_error *err) {
    scanner_service *s = self;
    s->accepted = metric(s, STELLA_METRIC_COUNTER, "stellaops_scanner_accepted_total", "Scans accepted");
    s->succeeded = metric(s, STELLA_METRIC_COUNTER, "stellaops_scanner_succeeded_total", "Scans that ended well");
    s->failed = metric(s, STELLA_METRIC_COUNTER, "stellaops_scanner_failed_total", "Scans that failed for good");
    s->waiting_gauge = metric(s, STELLA_METRIC_GAUGE, "stellaops_scanner_waiting", "Scans that wait for a thread");
    stella_status status = open_state_dir(s, err);
    if (status == STELLA_OK)
        status = results_prepare(s, err);
    if (status == STELLA_OK)
        status = store_requeue(s, err);
    if (status == STELLA_OK)
        status = routes_add(s, err);
    if (status == STELLA_OK)
        status = queue_start(s, (uint32_t)service_setting(s, "jobs.threads", 2), err);
    if (status != STELLA_OK) {
        queue_stop(s, 0);
        service_cache_stop(s);
    }
    return status;
}

static void drain(void *self, uint32_t deadline_ms) {
    queue_stop(self, deadline_ms);
    service_cache_stop(self);
}

static stella_status status(void *self, const stella_sink *sink, stella_error *err) {
    scanner_service *s = self;
    char text[128];
    pthread_mutex_lock(&s->lock);
    snprintf(text, sizeof text, "{\"waiting\":%u,\"running\":%u,\"threads\":%u}", s->waiting, s->running,
             s->thread_count);
    pthread_mutex_unlock(&s->lock);
    return stella_sink_write(sink, stella_sv_cstr(text), err);
}

static const stella_service table = {
    .head = STELLA_HEAD(stella_service), .start = start, .drain = drain, .status = status};

STELLA_PLUGIN("org.stella-ops.scanner", "0.1.0", STELLA_SERVICE_INTERFACE, table, .create = create, .destroy = destroy);
