#include "http/exchange.h"

#include "http/problem.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BODY_PATIENCE 16u /* a body this many times too large is no longer read to its end */

typedef struct exchange {
    stella_http_request request; /* first: the ops find the exchange by it */
    http *h;
    struct MHD_Connection *connection;
    router_match match;
    stella_buf body;
    uint64_t received;
    struct timespec begun;
} exchange;

static stella_sv op_param(const stella_http_request *request, const char *name) {
    return router_param(&((const exchange *)request)->match, name);
}

static stella_sv op_query(const stella_http_request *request, const char *name) {
    const exchange *x = (const exchange *)request;
    const char *raw = MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, name);
    stella_sv value = {0};
    if (raw && router_decode(stella_sv_cstr(raw), request->arena, &value, NULL) != STELLA_OK)
        value = STELLA_SV("\xff"); /* there, and never a value that anybody expects */
    return value;
}

static stella_sv op_header(const stella_http_request *request, const char *name) {
    const exchange *x = (const exchange *)request;
    return stella_sv_cstr(MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name));
}

static const stella_http_request_ops request_ops = {
    .head = STELLA_HEAD(stella_http_request_ops), .param = op_param, .query = op_query, .header = op_header};

static exchange *exchange_create(http_listener *listener, struct MHD_Connection *connection, const char *url,
                                 const char *method) {
    exchange *x = calloc(1, sizeof *x);
    if (!x)
        return NULL;
    x->request = (stella_http_request){.head = STELLA_HEAD(stella_http_request),
                                       .ops = &request_ops,
                                       .arena = stella_arena_create(HTTP_ARENA_BYTES),
                                       .method = stella_sv_cstr(method),
                                       .path = stella_sv_cstr(url),
                                       .is_local = (uint32_t)listener->is_local};
    x->h = listener->h;
    x->connection = connection;
    x->body = stella_buf_of(listener->h->options.body_max_bytes);
    clock_gettime(CLOCK_MONOTONIC, &x->begun);
    if (!x->request.arena) {
        free(x);
        return NULL;
    }
    atomic_fetch_add(&x->h->active, 1);
    return x;
}

static double seconds_since_begun(const exchange *x) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - x->begun.tv_sec) + (double)(now.tv_nsec - x->begun.tv_nsec) / 1e9;
}

static void count(const exchange *x, uint32_t status) {
    const stella_metrics *m = x->h->options.metrics;
    if (!m || status / 100 > 5)
        return;
    m->add(x->h->requests[status / 100], 1);
    m->observe(x->h->seconds, seconds_since_begun(x));
}

/* A descriptor becomes libmicrohttpd's; the bytes of a body are copied. */
static struct MHD_Response *make_response(stella_http_response *r) {
    struct stat st;
    if (r->body_fd < 0)
        return MHD_create_response_from_buffer(r->body.len, (void *)(uintptr_t)r->body.ptr, MHD_RESPMEM_MUST_COPY);
    if (fstat(r->body_fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(r->body_fd);
        return NULL;
    }
    return MHD_create_response_from_fd64((uint64_t)st.st_size, r->body_fd);
}

static enum MHD_Result send_response(exchange *x, stella_http_response *r) {
    struct MHD_Response *response = make_response(r);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, r->type);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (r->location)
        MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, r->location);
    if (r->status == 405)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, x->match.allow);
    if (atomic_load(&x->h->is_stopping))
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    const enum MHD_Result result = MHD_queue_response(x->connection, r->status, response);
    MHD_destroy_response(response);
    count(x, r->status);
    return result;
}

static enum MHD_Result send_problem(exchange *x, uint32_t status, const stella_error *error) {
    stella_http_response r = {.struct_size = sizeof r,
                              .status = status,
                              .type = PROBLEM_TYPE,
                              .body = problem_document(status, error, x->request.arena),
                              .body_fd = -1};
    return send_response(x, &r);
}

static enum MHD_Result refuse(exchange *x, uint32_t status, stella_status code, const char *message) {
    stella_error error;
    stella_error_set(&error, code, NULL, "%s", message);
    return send_problem(x, status, &error);
}

static enum MHD_Result answer(exchange *x) {
    stella_http_response r = {.struct_size = sizeof r, .status = 200, .type = "application/json", .body_fd = -1};
    stella_error error = {0};
    const router_route *route = x->match.route;
    x->request.body = stella_buf_sv(&x->body);
    const stella_status status = route->handler(route->context, &x->request, &r, &error);
    if (status == STELLA_OK)
        return send_response(x, &r);
    if (r.body_fd >= 0)
        close(r.body_fd);
    error.code = status;
    return send_problem(x, problem_status(status), &error);
}

/* The request's head is here, its body not yet: what can be refused now costs no body. Returns 1 when it was. */
static int refuse_early(exchange *x, enum MHD_Result *result) {
    const http_options *o = &x->h->options;
    stella_error error = {0};
    const char *length = MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    uint64_t announced = 0;
    if (MHD_get_connection_values(x->connection, MHD_HEADER_KIND, NULL, NULL) > (int)o->headers_max) {
        *result = refuse(x, 431, STELLA_E_LIMIT, "the request has more header lines than http.headers_max");
        return 1;
    }
    const stella_status status =
        router_find(&x->h->routes, x->request.method, x->request.path, x->request.arena, &x->match, &error);
    if (status != STELLA_OK) {
        *result = send_problem(x, status == STELLA_E_UNSUPPORTED ? 405 : problem_status(status), &error);
        return 1;
    }
    if ((x->match.route->flags & STELLA_HTTP_LOCAL) && !x->request.is_local) {
        *result = refuse(x, 403, STELLA_E_DENIED,
                         "this is answered on the unix socket only, unless http.tcp.control is true");
        return 1;
    }
    if (length && (!stella_sv_u64(stella_sv_cstr(length), UINT64_MAX, &announced) || announced > o->body_max_bytes)) {
        *result = refuse(x, 413, STELLA_E_LIMIT, "the body is larger than http.body_max_kb");
        return 1;
    }
    return 0;
}

/* MHD_NO closes the connection. A body that drips is never silent for long: only the sum of its time tells. */
static enum MHD_Result take_body(exchange *x, const char *upload, size_t *size) {
    if (seconds_since_begun(x) > x->h->options.body_s)
        return MHD_NO;
    x->received += *size;
    stella_buf_add(&x->body, stella_sv_of(upload, *size));
    *size = 0;
    return x->received / BODY_PATIENCE > x->h->options.body_max_bytes ? MHD_NO : MHD_YES;
}

enum MHD_Result exchange_step(void *listener, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **slot) {
    (void)version;
    exchange *x = *slot;
    if (!x) {
        x = exchange_create(listener, connection, url, method);
        *slot = x;
        enum MHD_Result result = MHD_YES;
        if (!x)
            return MHD_NO;
        refuse_early(x, &result);
        return result;
    }
    if (*upload_size)
        return take_body(x, upload, upload_size);
    if (x->body.failed)
        return refuse(x, 413, STELLA_E_LIMIT, "the body is larger than http.body_max_kb");
    return answer(x);
}

void exchange_done(void *listener, struct MHD_Connection *connection, void **slot,
                   enum MHD_RequestTerminationCode why) {
    (void)listener;
    (void)connection;
    (void)why;
    exchange *x = *slot;
    if (!x)
        return;
    atomic_fetch_sub(&x->h->active, 1);
    stella_buf_fini(&x->body);
    stella_arena_destroy(x->request.arena);
    free(x);
    *slot = NULL;
}
