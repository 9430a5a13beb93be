#include "worker/log_lines.h"

#include "worker/crash_page.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINES_PER_SECOND 200
#define FIELDS_MAX       16
#define EVENT_MARK       '\x01'
#define FIELD_MARK       '\x1f'
#define VALUE_MARK       '\x1e'

/* Returns how many. */
static uint32_t own_fields(const log_lines *l, stella_log_field *fields) {
    fields[0] = (stella_log_field){STELLA_SV("host"), stella_sv_cstr(l->source)};
    if (!l->input[0])
        return 1;
    fields[1] = (stella_log_field){STELLA_SV("input"), stella_sv_cstr(l->input)};
    return 2;
}

static void write_event(const log_lines *l, int32_t level, stella_sv text) {
    stella_log_field fields[FIELDS_MAX];
    uint32_t count = own_fields(l, fields);
    stella_sv message = text, part;
    stella_sv_split(&text, FIELD_MARK, &message);
    while (count < FIELDS_MAX && stella_sv_split(&text, FIELD_MARK, &part)) {
        stella_sv key = part;
        stella_sv_split(&part, VALUE_MARK, &key);
        fields[count++] = (stella_log_field){key, part};
    }
    l->log->write(l->log->self, level, message, fields, count, sizeof fields[0]);
}

static void say_dropped(log_lines *l) {
    char text[64];
    snprintf(text, sizeof text, "%u lines of output were dropped", l->dropped);
    if (l->dropped && l->log)
        write_event(l, STELLA_LOG_WARN, stella_sv_cstr(text));
    l->lines = l->dropped = 0;
}

static int is_flood(log_lines *l) {
    const uint64_t second = monotonic_ns() / 1000000000u;
    if (second != l->second) {
        say_dropped(l);
        l->second = second;
    }
    l->dropped += l->lines >= LINES_PER_SECOND;
    return l->lines++ >= LINES_PER_SECOND;
}

static void forward(log_lines *l) {
    const stella_sv line = stella_sv_of(l->line, l->used);
    l->used = 0;
    if (!l->log || !line.len || is_flood(l))
        return;
    if (line.len >= 2 && line.ptr[0] == EVENT_MARK && line.ptr[1] >= '1' && line.ptr[1] <= '4')
        write_event(l, line.ptr[1] - '0', stella_sv_skip(line, 2));
    else {
        stella_log_field fields[2];
        const uint32_t count = own_fields(l, fields);
        l->log->write(l->log->self, STELLA_LOG_WARN, line, fields, count, sizeof fields[0]);
    }
}

static void add(log_lines *l, char c) {
    const int is_control = (unsigned char)c < 0x20 && c != '\n';
    l->tail[l->tail_total++ % sizeof l->tail] = is_control || c == 0x7f ? ' ' : c;
    if (c != '\n')
        l->line[l->used++] = c;
    if (c == '\n' || l->used == sizeof l->line)
        forward(l);
}

int log_lines_read(log_lines *l, int fd) {
    char bytes[4096];
    for (int rounds = 0; rounds < 16; rounds++) { /* a flood must not keep the watcher here */
        const ssize_t got = read(fd, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno == EAGAIN;
        if (got == 0) {
            forward(l);
            return 0;
        }
        for (ssize_t i = 0; i < got; i++)
            add(l, bytes[i]);
    }
    return 1;
}

void log_lines_end(log_lines *l, int fd) {
    if (log_lines_read(l, fd)) /* all of a full pipe, but not its end */
        forward(l);
    say_dropped(l);
}

void log_lines_tail(const log_lines *l, char *out, size_t size) {
    const size_t held = l->tail_total < sizeof l->tail ? (size_t)l->tail_total : sizeof l->tail;
    const size_t len = held < size ? held : size - 1;
    for (size_t i = 0; i < len; i++)
        out[i] = l->tail[(l->tail_total - len + i) % sizeof l->tail];
    out[len] = 0;
}

/* One write a line, so that lines of several threads do not mix. Marks in the texts themselves become blanks. */
static void add_clean(stella_buf *line, stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        stella_buf_u8(line, (unsigned char)text.ptr[i] < 0x20 ? ' ' : (uint8_t)text.ptr[i]);
}

static void write_line(void *self, int32_t level, stella_sv message, const stella_log_field *fields,
                       uint32_t field_count, uint32_t field_stride) {
    (void)self;
    STELLA_AUTO(stella_buf_fini) stella_buf line = stella_buf_of(LOG_LINES_LINE_MAX - 1);
    stella_buf_u8(&line, EVENT_MARK);
    stella_buf_u8(&line, (uint8_t)('0' + (level < 1 ? 1 : level > 4 ? 4 : level)));
    add_clean(&line, message);
    for (uint32_t i = 0; i < field_count; i++) {
        const stella_log_field *field = (const void *)((const char *)fields + (size_t)i * field_stride);
        stella_buf_u8(&line, FIELD_MARK);
        add_clean(&line, field->key);
        stella_buf_u8(&line, VALUE_MARK);
        add_clean(&line, field->value);
    }
    const char end = '\n';
    line.max++;
    line.failed = 0; /* what did not fit is cut */
    stella_buf_add(&line, stella_sv_of(&end, 1));
    ssize_t written = write(STDERR_FILENO, line.ptr, line.len);
    (void)written; /* the log cannot complain about itself */
}

const stella_log *log_lines_writer(void) {
    static const stella_log table = {.head = STELLA_HEAD(stella_log), .write = write_line};
    return &table;
}
