/* exchange.h - one request and its response, from libmicrohttpd's callbacks to a handler and back. */
#ifndef KERNEL_HTTP_EXCHANGE_H
#define KERNEL_HTTP_EXCHANGE_H

#include "http/http.h"
#include "http/router.h"

#include <microhttpd.h>
#include <stdatomic.h>

/* libmicrohttpd's view of a listener. */
typedef struct http_listener {
    http *h;
    int is_local;
} http_listener;

struct http {
    stella_http face;
    http_options options;
    router routes;
    struct MHD_Daemon *unix_daemon, *tcp_daemon;
    http_listener listeners[2]; /* TCP, unix */
    int owns_socket;            /* the socket's path is ours to remove */
    atomic_uint active;
    atomic_int is_stopping;
    stella_metric *requests[6]; /* by class of status: [2] is 2xx */
    stella_metric *seconds;
};

/* MHD_AccessHandlerCallback with an http_listener, and MHD_RequestCompletedCallback. */
enum MHD_Result exchange_step(void *listener, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **slot);
void exchange_done(void *listener, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode why);

#endif
