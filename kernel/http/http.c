/* http.c - the server: its listeners, their start and stop. */
#include "http/http.h"

#include "http/exchange.h"
#include "http/listen.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CONNECTION_BYTES   (32u << 10) /* libmicrohttpd's memory for a connection: bounds the request's head */
#define THREAD_STACK_BYTES (256u << 10)
#define STOP_STEP_MS       5

static stella_status add_route(void *self, const char *method, const char *pattern, uint32_t flags,
                               stella_http_handler handler, void *context, stella_error *err) {
    http *h = self;
    return router_add(&h->routes, method, pattern, flags, handler, context, err);
}

static void make_metrics(http *h, const stella_metrics *m) {
    static const char *const classes[] = {NULL, "1xx", "2xx", "3xx", "4xx", "5xx"};
    for (int i = 1; i <= 5; i++) {
        const stella_metric_label label = {.key = "status", .value = classes[i]};
        h->requests[i] = m->metric(m->self, &(stella_metric_spec){.struct_size = sizeof(stella_metric_spec),
                                                                  .kind = STELLA_METRIC_COUNTER,
                                                                  .name = "stellaops_http_requests_total",
                                                                  .help = "Requests answered, by class of status",
                                                                  .labels = &label,
                                                                  .label_count = 1});
    }
    h->seconds =
        m->metric(m->self, &(stella_metric_spec){.struct_size = sizeof(stella_metric_spec),
                                                 .kind = STELLA_METRIC_HISTOGRAM,
                                                 .name = "stellaops_http_request_seconds",
                                                 .help = "Time from the first line of a request to its answer"});
}

http *http_create(const http_options *options) {
    http *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    h->options = *options;
    h->options.socket_path = strdup(options->socket_path ? options->socket_path : "");
    h->options.tcp_listen = strdup(options->tcp_listen ? options->tcp_listen : "");
    if (!h->options.socket_path || !h->options.tcp_listen) {
        http_destroy(h);
        return NULL;
    }
    h->face = (stella_http){.head = STELLA_HEAD(stella_http), .self = h, .route = add_route};
    if (options->metrics)
        make_metrics(h, options->metrics);
    return h;
}

const stella_http *http_interface(http *h) {
    return &h->face;
}

/* Paths and arguments are decoded by the router, which refuses what libmicrohttpd would let pass, such as %00. */
static size_t keep_escapes(void *unused, struct MHD_Connection *connection, char *text) {
    (void)unused;
    (void)connection;
    return strlen(text);
}

static void take_library_log(void *self, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
static void take_library_log(void *self, const char *format, va_list args) {
    const http *h = self;
    char text[256];
    vsnprintf(text, sizeof text, format, args);
    const stella_log_field field = {.key = STELLA_SV("detail"), .value = stella_sv_trim(stella_sv_cstr(text))};
    if (h->options.log)
        h->options.log->write(h->options.log->self, STELLA_LOG_DEBUG, STELLA_SV("http library"), &field, 1,
                              sizeof field);
}

/* The limit for each address does not touch the unix socket, whose peers have none. */
static struct MHD_Daemon *serve(http *h, int fd, http_listener *listener) {
    const http_options *o = &h->options;
    struct MHD_OptionItem pool[] = {{MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)o->threads, NULL},
                                    {MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0, NULL, NULL, exchange_step, listener,
        MHD_OPTION_EXTERNAL_LOGGER, take_library_log, h, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, exchange_done, listener, MHD_OPTION_CONNECTION_LIMIT,
        o->connections_max, MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->tcp_per_address_max, MHD_OPTION_CONNECTION_TIMEOUT,
        o->timeout_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)THREAD_STACK_BYTES, MHD_OPTION_ARRAY, o->threads > 1 ? pool : &pool[1], MHD_OPTION_END);
}

/* fd becomes the server's. */
static stella_status start_one(http *h, int fd, int is_local, struct MHD_Daemon **daemon, const char *where,
                               stella_error *err) {
    h->listeners[is_local] = (http_listener){.h = h, .is_local = is_local || h->options.tcp_control};
    *daemon = serve(h, fd, &h->listeners[is_local]);
    if (*daemon)
        return STELLA_OK;
    close(fd);
    return stella_error_set(err, STELLA_E_IO, where, "the HTTP server does not start");
}

stella_status http_start(http *h, stella_error *err) {
    const http_options *o = &h->options;
    int fd = o->unix_fd;
    stella_status status = fd >= 0 ? STELLA_OK : listen_unix(o->socket_path, &fd, err);
    h->owns_socket = status == STELLA_OK && o->unix_fd < 0;
    if (status == STELLA_OK)
        status = start_one(h, fd, 1, &h->unix_daemon, o->socket_path, err);
    const int wants_tcp = o->tcp_fd >= 0 || o->tcp_listen[0];
    if (status != STELLA_OK || !wants_tcp)
        return status;
    fd = o->tcp_fd;
    status = fd >= 0 ? STELLA_OK : listen_tcp(o->tcp_listen, &fd, err);
    return status == STELLA_OK ? start_one(h, fd, 0, &h->tcp_daemon, o->tcp_listen, err) : status;
}

static void quiesce(struct MHD_Daemon *daemon) {
    const int fd = daemon ? MHD_quiesce_daemon(daemon) : -1;
    if (fd >= 0)
        close(fd);
}

void http_stop(http *h, uint32_t deadline_ms) {
    atomic_store(&h->is_stopping, 1);
    if (h->owns_socket)
        unlink(h->options.socket_path);
    h->owns_socket = 0;
    quiesce(h->unix_daemon);
    quiesce(h->tcp_daemon);
    for (uint32_t waited = 0; waited < deadline_ms && atomic_load(&h->active); waited += STOP_STEP_MS)
        nanosleep(&(struct timespec){.tv_nsec = STOP_STEP_MS * 1000000L}, NULL);
    if (h->unix_daemon)
        MHD_stop_daemon(h->unix_daemon);
    if (h->tcp_daemon)
        MHD_stop_daemon(h->tcp_daemon);
    h->unix_daemon = NULL;
    h->tcp_daemon = NULL;
}

void http_destroy(http *h) {
    if (!h)
        return;
    http_stop(h, 0);
    router_fini(&h->routes);
    free((void *)(uintptr_t)h->options.socket_path);
    free((void *)(uintptr_t)h->options.tcp_listen);
    free(h);
}

void http_destroyp(http **h) {
    http_destroy(*h);
    *h = NULL;
}

uint16_t http_tcp_port(const http *h) {
    const union MHD_DaemonInfo *info =
        h->tcp_daemon ? MHD_get_daemon_info(h->tcp_daemon, MHD_DAEMON_INFO_LISTEN_FD) : NULL;
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } name = {0};
    socklen_t size = sizeof name;
    if (!info || getsockname(info->listen_fd, &name.any, &size) != 0)
        return 0;
    return ntohs(name.any.sa_family == AF_INET6 ? name.v6.sin6_port : name.v4.sin_port);
}
