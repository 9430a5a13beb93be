/* line.h - one event as a line of text or JSON, in a fixed buffer. */
#ifndef KERNEL_LOG_LINE_H
#define KERNEL_LOG_LINE_H

#include <stella/log.h>

typedef struct log_line {
    char *ptr;
    size_t len, room;
} log_line;

typedef struct log_record {
    int64_t wall_ms;
    int32_t level;
    stella_sv message;
    const stella_log_field *fields;
    uint32_t field_count, field_stride;
    uint64_t dropped; /* lines lost just before this one */
} log_record;

/* Both append the event with its newline; what does not fit is cut, a whole field at a time, and the event says
 * "truncated". Control characters, and in JSON also invalid UTF-8, are escaped. room is at least 512. */
void log_line_text(log_line *line, const log_record *record);
void log_line_json(log_line *line, const log_record *record);

#endif
