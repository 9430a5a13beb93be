/* stella/http.h - host interface "stella.http/1": routes of the daemon's HTTP interface. Role: kernel.
 *
 * The host reads the request, within its limits, before it calls the handler; a handler that fails has its error sent
 * as a problem document (RFC 9457) with the status that fits the code. */
#ifndef STELLA_HTTP_H
#define STELLA_HTTP_H

#include <stella/arena.h>
#include <stella/plugin.h>

STELLA_BEGIN_DECLS

#define STELLA_HTTP_INTERFACE "stella.http/1"

#define STELLA_HTTP_LOCAL 1u /* flag: on the unix socket only, unless http.tcp.control says otherwise */

typedef struct stella_http_request stella_http_request;

typedef struct stella_http_request_ops {
    stella_abi_head head;
    stella_sv (*param)(const stella_http_request *request, const char *name);
    stella_sv (*query)(const stella_http_request *request, const char *name);
    stella_sv (*header)(const stella_http_request *request, const char *name);
} stella_http_request_ops;

struct stella_http_request {
    stella_abi_head head;
    const stella_http_request_ops *ops;
    stella_arena *arena; /* emptied when the response has been sent; at most 8 MiB */
    stella_sv method;    /* "POST" */
    stella_sv path;      /* as received, without the query; UTF-8 without control characters */
    stella_sv body;
    uint32_t is_local; /* 1: it came over the unix socket */
    uint32_t reserved;
};

/* The text that stands for {name} in the route's pattern, percent-decoded; empty when there is none. */
static inline stella_sv stella_http_param(const stella_http_request *request, const char *name) {
    return request->ops->param(request, name);
}

/* A query argument, percent-decoded, or a header (any case); ptr NULL when absent. */
static inline stella_sv stella_http_query(const stella_http_request *request, const char *name) {
    return request->ops->query(request, name);
}
static inline stella_sv stella_http_header(const stella_http_request *request, const char *name) {
    return request->ops->header(request, name);
}

/* Filled by the handler. Views must live in the request's arena or be static. */
typedef struct stella_http_response {
    uint32_t struct_size;
    uint32_t status;      /* 200 before the call */
    const char *type;     /* media type; "application/json" before the call */
    const char *location; /* header Location, or NULL */
    stella_sv body;
    int32_t body_fd; /* -1 before the call; a file to send from its start instead of body, then the host's to close */
    uint32_t reserved;
} stella_http_response;

/* Answers a request. [a thread of the HTTP server, several at once] May block for as long as a client would wait. */
typedef stella_status (*stella_http_handler)(void *context, const stella_http_request *request,
                                             stella_http_response *response, stella_error *err);

typedef struct stella_http {
    stella_abi_head head;
    void *self;

    /* Adds a route, in create or start only.
     * method   "GET" (which answers HEAD too), "POST", "PUT", "DELETE"
     * pattern  "/api/v1/scans/{id}": segments are literal, or a parameter that takes one segment; literal wins
     * flags    STELLA_HTTP_LOCAL or 0
     * context  handed to the handler as it is; both must stay until destroy
     * Returns STELLA_E_EXISTS, STELLA_E_INVALID for another method or a malformed pattern, STELLA_E_LIMIT. [main
     * thread] */
    stella_status (*route)(void *self, const char *method, const char *pattern, uint32_t flags,
                           stella_http_handler handler, void *context, stella_error *err);
} stella_http;

STELLA_END_DECLS

#endif
