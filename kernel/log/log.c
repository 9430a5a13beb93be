#include "log/log.h"

#include "log/line.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define FIELDS_MAX 16

struct logger {
    stella_log face;
    int fd;
    int64_t (*wall_ms)(void);
    atomic_int level;
    atomic_int is_json;
    atomic_ullong dropped;  /* in all */
    atomic_ullong unspoken; /* since the last line that got through */
};

static int64_t real_wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits a bounded time for room, then writes at most PIPE_BUF bytes, which a pipe with room takes at once. A terminal
 * stopped with ^S is the one reader that can still hold the write; it is released by the same hand. */
static int write_line(int fd, const char *bytes, size_t size) {
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    if (poll(&ready, 1, LOG_WAIT_MS) != 1 || !(ready.revents & POLLOUT))
        return 0;
    ssize_t put;
    do
        put = write(fd, bytes, size);
    while (put < 0 && errno == EINTR);
    return put == (ssize_t)size;
}

static void write_event(void *self, int32_t level, stella_sv message, const stella_log_field *fields,
                        uint32_t field_count, uint32_t field_stride) {
    logger *l = self;
    if (level > atomic_load_explicit(&l->level, memory_order_relaxed))
        return;
    const int kept_errno = errno;
    char bytes[LOG_LINE_MAX];
    log_line line = {.ptr = bytes, .room = sizeof bytes};
    const unsigned long long unspoken = atomic_exchange(&l->unspoken, 0);
    const log_record record = {.wall_ms = l->wall_ms(),
                               .level = level,
                               .message = message,
                               .fields = fields,
                               .field_count = field_count,
                               .field_stride = field_stride,
                               .dropped = unspoken};
    if (atomic_load_explicit(&l->is_json, memory_order_relaxed))
        log_line_json(&line, &record);
    else
        log_line_text(&line, &record);
    if (!write_line(l->fd, bytes, line.len)) {
        atomic_fetch_add(&l->unspoken, unspoken + 1);
        atomic_fetch_add(&l->dropped, 1);
    }
    errno = kept_errno;
}

logger *log_create(const log_options *options) {
    logger *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->face = (stella_log){.head = STELLA_HEAD(stella_log), .self = l, .write = write_event};
    l->fd = options->fd;
    l->wall_ms = options->wall_ms ? options->wall_ms : real_wall_ms;
    log_set(l, options->level, options->format);
    return l;
}

void log_destroy(logger *l) {
    free(l);
}

void log_destroyp(logger **l) {
    log_destroy(*l);
    *l = NULL;
}

const stella_log *log_interface(logger *l) {
    return &l->face;
}

void log_set(logger *l, int32_t level, log_format format) {
    const int is_json = format == LOG_FORMAT_JSON || (format == LOG_FORMAT_AUTO && !isatty(l->fd));
    atomic_store(&l->level, level);
    atomic_store(&l->is_json, is_json);
}

uint64_t log_dropped(const logger *l) {
    return atomic_load(&l->dropped);
}

void log_event(const stella_log *log, int32_t level, const char *message, ...) {
    if (!log)
        return;
    stella_log_field fields[FIELDS_MAX];
    uint32_t count = 0;
    va_list args;
    va_start(args, message);
    for (const char *key = va_arg(args, const char *); key && count < FIELDS_MAX; key = va_arg(args, const char *)) {
        const char *value = va_arg(args, const char *);
        if (value)
            fields[count++] = (stella_log_field){.key = stella_sv_cstr(key), .value = stella_sv_cstr(value)};
    }
    va_end(args);
    log->write(log->self, level, stella_sv_cstr(message), fields, count, sizeof fields[0]);
}

void log_failure(const stella_log *log, int32_t level, const char *message, const stella_error *error) {
    log_event(log, level, message, "error", error->message, "code", stella_status_name(error->code), "path",
              error->path[0] ? error->path : NULL, NULL);
}
