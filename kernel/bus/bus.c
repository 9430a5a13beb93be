#include "bus/bus.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <nng/nng.h>
#include <nng/protocol/pubsub0/pub.h>
#include <nng/transport/ipc/ipc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SOCKET_MODE 0660

/* Bytes of a message that unix(7) takes whole or refuses: one buffer of at most 32 KiB of pages. nng 1.5 forgets a
 * transfer whose pipe is closed between two of its parts, and its one reaper, with every later nng_close, waits for it
 * for ever: so a watcher that leaves must never find an event half sent. */
#define AT_ONCE_MAX  (32u << 10)
#define ENVELOPE_MAX 1024u /* nng's header, the topic twice, the two numbers */
_Static_assert(STELLA_BUS_DATA_MAX + ENVELOPE_MAX <= AT_ONCE_MAX, "an event leaves in one part");

struct bus {
    stella_bus face;
    int64_t (*wall_ms)(void);
    nng_socket socket;
    int is_open;
    pthread_mutex_t lock; /* keeps the order on the wire that of the sequence */
    uint64_t sequence;
};

static int64_t real_wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int is_topic(stella_sv topic) {
    for (size_t i = 0; i < topic.len; i++) {
        const char c = topic.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'))
            return 0;
    }
    return topic.len > 0 && topic.len <= STELLA_BUS_TOPIC_MAX;
}

static stella_status send_event(bus *b, stella_sv topic, stella_sv data, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf message = stella_buf_of(STELLA_BUS_DATA_MAX + ENVELOPE_MAX);
    stella_buf_printf(&message,
                      "%.*s {\"sequence\":%llu,\"topic\":\"%.*s\",\"timeMs\":%lld,\"data\":", STELLA_SV_FMT(topic),
                      (unsigned long long)(b->sequence + 1), STELLA_SV_FMT(topic), (long long)b->wall_ms());
    stella_buf_add(&message, data.len ? data : STELLA_SV("null"));
    stella_buf_add(&message, STELLA_SV("}"));
    if (message.failed)
        return stella_error_at(err, STELLA_E_NOMEM, topic, "no memory for the event");
    const int code = nng_send(b->socket, message.ptr, message.len, NNG_FLAG_NONBLOCK);
    if (code != 0)
        return stella_error_at(err, STELLA_E_IO, topic, "publish: %s", nng_strerror(code));
    b->sequence++;
    return STELLA_OK;
}

static stella_status publish(void *self, stella_sv topic, stella_sv data, stella_error *err) {
    bus *b = self;
    if (!is_topic(topic))
        return stella_error_at(err, STELLA_E_INVALID, topic, "a topic has 1 to %d of [a-z0-9.-]", STELLA_BUS_TOPIC_MAX);
    if (data.len > STELLA_BUS_DATA_MAX)
        return stella_error_at(err, STELLA_E_LIMIT, topic, "an event has at most %u bytes", STELLA_BUS_DATA_MAX);
    pthread_mutex_lock(&b->lock);
    const stella_status status = send_event(b, topic, data, err);
    pthread_mutex_unlock(&b->lock);
    return status;
}

static int listen_on(bus *b, const char *path) {
    char url[256];
    if ((size_t)snprintf(url, sizeof url, "ipc://%s", path) >= sizeof url)
        return NNG_EADDRINVAL;
    int code = nng_pub0_open(&b->socket);
    if (code != 0)
        return code;
    b->is_open = 1;
    nng_listener listener;
    code = nng_socket_set_int(b->socket, NNG_OPT_SENDBUF, BUS_QUEUE_MAX);
    if (code == 0)
        code = nng_listener_create(&listener, b->socket, url);
    if (code == 0)
        code = nng_listener_set_int(listener, NNG_OPT_IPC_PERMISSIONS, SOCKET_MODE);
    return code ? code : nng_listener_start(listener, 0);
}

stella_status bus_open(const char *socket_path, int64_t (*wall_ms)(void), bus **out, stella_error *err) {
    STELLA_AUTO(bus_closep) bus *b = calloc(1, sizeof *b);
    if (!b)
        return stella_error_set(err, STELLA_E_NOMEM, socket_path, "no memory");
    b->face = (stella_bus){.head = STELLA_HEAD(stella_bus), .self = b, .publish = publish};
    b->wall_ms = wall_ms ? wall_ms : real_wall_ms;
    pthread_mutex_init(&b->lock, NULL);
    const int code = listen_on(b, socket_path);
    if (code != 0)
        return stella_error_set(err, code == NNG_EADDRINUSE ? STELLA_E_BUSY : STELLA_E_IO, socket_path,
                                "listen for watchers: %s", nng_strerror(code));
    *out = STELLA_TAKE(b);
    return STELLA_OK;
}

void bus_close(bus *b) {
    if (!b)
        return;
    if (b->is_open)
        nng_close(b->socket);
    pthread_mutex_destroy(&b->lock);
    free(b);
}

void bus_closep(bus **b) {
    bus_close(*b);
    *b = NULL;
}

const stella_bus *bus_interface(bus *b) {
    return &b->face;
}
