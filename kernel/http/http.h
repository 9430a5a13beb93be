/* http.h - the daemon's HTTP interface: libmicrohttpd behind a router, on a unix socket and, when asked for, on TCP. */
#ifndef KERNEL_HTTP_HTTP_H
#define KERNEL_HTTP_HTTP_H

#include <stella/http.h>
#include <stella/log.h>
#include <stella/metrics.h>

#define HTTP_ARENA_BYTES (8u << 20) /* of one request */

typedef struct http_options {
    const char *socket_path;
    const char *tcp_listen; /* NULL or empty: none */
    int tcp_control;        /* 1: TCP may do what the unix socket may */
    int unix_fd, tcp_fd;    /* sockets of the service manager, used instead; -1: none */
    uint64_t body_max_bytes;
    uint32_t headers_max, timeout_s, connections_max, threads;
    uint32_t tcp_per_address_max;  /* connections from one address at once; 0: no limit of its own */
    uint32_t body_s;               /* from the end of a request's head to that of its body */
    const stella_log *log;         /* may be NULL */
    const stella_metrics *metrics; /* may be NULL */
} http_options;

typedef struct http http;

/* Routes may be added from now on until http_start. NULL when memory is short. options are copied. */
http *http_create(const http_options *options);
void http_destroy(http *h); /* stops it */
void http_destroyp(http **h);

const stella_http *http_interface(http *h);

/* Listens and answers. */
stella_status http_start(http *h, stella_error *err);

/* Accepts no more, waits up to deadline_ms for requests under way, then closes everything. */
void http_stop(http *h, uint32_t deadline_ms);

/* The TCP port in use, 0 when there is none. */
uint16_t http_tcp_port(const http *h);

#endif
