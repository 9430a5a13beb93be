/* control.c - the daemon's own routes: health, metrics, version, and control for whoever may use the unix socket. */
#include "lifecycle/status.h"
#include "lifecycle/stellad.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdio.h>

#define METRICS_BYTES_MAX (4u << 20)
#define STATUS_BYTES_MAX  (4u << 20)

/* Copies a document into the request's arena, where a response must lie. */
static stella_status respond(const stella_http_request *request, stella_http_response *response, const stella_buf *buf,
                             stella_error *err) {
    response->body = stella_arena_dup(request->arena, stella_buf_sv(buf));
    return response->body.ptr && !buf->failed ? STELLA_OK
                                              : stella_error_set(err, STELLA_E_NOMEM, NULL, "the answer is too large");
}

static stella_status healthz(void *context, const stella_http_request *request, stella_http_response *response,
                             stella_error *err) {
    (void)context;
    (void)request;
    (void)err;
    response->body = STELLA_SV("{\"status\":\"ok\"}\n");
    return STELLA_OK;
}

static stella_status readyz(void *context, const stella_http_request *request, stella_http_response *response,
                            stella_error *err) {
    (void)request;
    const stellad *d = context;
    if (!atomic_load(&d->is_ready))
        return stella_error_set(err, STELLA_E_BUSY, NULL, "the daemon is starting or draining");
    response->body = STELLA_SV("{\"status\":\"ready\"}\n");
    return STELLA_OK;
}

static stella_status version(void *context, const stella_http_request *request, stella_http_response *response,
                             stella_error *err) {
    (void)context;
    (void)request;
    (void)err;
    response->body = STELLA_SV("{\"name\":\"stellad\",\"version\":\"" STELLA_VERSION "\"}\n");
    return STELLA_OK;
}

static stella_status write_metrics(void *context, const stella_http_request *request, stella_http_response *response,
                                   stella_error *err) {
    stellad *d = context;
    status_update_metrics(d);
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(METRICS_BYTES_MAX);
    const stella_sink sink = stella_buf_sink(&buf);
    const stella_status status = metrics_write(d->metrics, &sink, err);
    response->type = "text/plain; version=0.0.4; charset=utf-8";
    return status == STELLA_OK ? respond(request, response, &buf, err) : status;
}

static stella_status show_status(void *context, const stella_http_request *request, stella_http_response *response,
                                 stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(STATUS_BYTES_MAX);
    const stella_sink sink = stella_buf_sink(&buf);
    const stella_status status = status_write(context, request->arena, &sink, err);
    return status == STELLA_OK ? respond(request, response, &buf, err) : status;
}

static stella_status reload(void *context, const stella_http_request *request, stella_http_response *response,
                            stella_error *err) {
    stellad *d = context;
    const stella_status status = stellad_ask(d, STELLAD_RELOAD, err);
    if (status != STELLA_OK)
        return status;
    pthread_rwlock_rdlock(&d->lock);
    response->body =
        stella_arena_printf(request->arena, "{\"generation\":\"%s\",\"plugins\":%u,\"refused\":%u}\n",
                            d->inventory.generation, d->inventory.plugin_count, d->inventory.refusal_count);
    pthread_rwlock_unlock(&d->lock);
    return STELLA_OK;
}

static stella_status drain(void *context, const stella_http_request *request, stella_http_response *response,
                           stella_error *err) {
    (void)request;
    response->status = 202;
    response->body = STELLA_SV("{\"status\":\"draining\"}\n");
    return stellad_ask(context, STELLAD_DRAIN, err);
}

static stella_status backup(void *context, const stella_http_request *request, stella_http_response *response,
                            stella_error *err) {
    const stellad *d = context;
    const stella_json *body;
    stella_status status = stella_json_parse(request->body, request->arena, &body, err);
    if (status != STELLA_OK)
        return status;
    const char *path = stella_arena_cstr(request->arena, stella_json_str(stella_json_get(body, "path")));
    if (!path || path[0] != '/')
        return stella_error_set(err, STELLA_E_INVALID, "/path", "expected {\"path\": an absolute path}");
    status = state_backup(d->state, path, err);
    response->body = STELLA_SV("{\"status\":\"written\"}\n");
    return status;
}

static stella_status check(void *context, const stella_http_request *request, stella_http_response *response,
                           stella_error *err) {
    const stellad *d = context;
    state_report report;
    const stella_status status = state_check(d->state, &report, err);
    if (status != STELLA_OK)
        return status;
    response->body = stella_arena_printf(
        request->arena, "{\"schema\":%u,\"items\":%llu,\"expiring\":%llu,\"bytes\":%llu}\n", report.schema,
        (unsigned long long)report.items, (unsigned long long)report.expiring, (unsigned long long)report.bytes);
    return STELLA_OK;
}

stella_status stellad_add_routes(stellad *d, stella_error *err) {
    static const struct {
        const char *method, *pattern;
        uint32_t flags;
        stella_http_handler handler;
    } routes[] = {
        {"GET", "/healthz", 0, healthz},
        {"GET", "/readyz", 0, readyz},
        {"GET", "/version", 0, version},
        {"GET", "/metrics", 0, write_metrics},
        {"GET", "/control/v1/status", STELLA_HTTP_LOCAL, show_status},
        {"POST", "/control/v1/reload", STELLA_HTTP_LOCAL, reload},
        {"POST", "/control/v1/drain", STELLA_HTTP_LOCAL, drain},
        {"POST", "/control/v1/state/backup", STELLA_HTTP_LOCAL, backup},
        {"POST", "/control/v1/state/check", STELLA_HTTP_LOCAL, check},
    };
    const stella_http *face = http_interface(d->http);
    stella_status status = STELLA_OK;
    for (size_t i = 0; status == STELLA_OK && i < sizeof routes / sizeof routes[0]; i++)
        status =
            face->route(face->self, routes[i].method, routes[i].pattern, routes[i].flags, routes[i].handler, d, err);
    return status;
}
