/* log.h - the daemon's log: one line per event, text on a terminal and JSON elsewhere.
 *
 * A line is at most LOG_LINE_MAX bytes, so that a pipe takes it whole or not at all; a reader that stands still costs a
 * writer LOG_WAIT_MS, after which lines are dropped and counted, never waited for. */
#ifndef KERNEL_LOG_LOG_H
#define KERNEL_LOG_LOG_H

#include <stella/log.h>

#define LOG_LINE_MAX 4096 /* bytes with the newline: PIPE_BUF */
#define LOG_WAIT_MS  50

typedef enum log_format {
    LOG_FORMAT_AUTO, /* text when the descriptor is a terminal */
    LOG_FORMAT_TEXT,
    LOG_FORMAT_JSON
} log_format;

typedef struct log_options {
    int fd; /* borrowed */
    log_format format;
    int32_t level;            /* STELLA_LOG_*: this and worse are written */
    int64_t (*wall_ms)(void); /* NULL: the real clock */
} log_options;

typedef struct logger logger;

/* NULL when memory is short; destroy takes NULL. */
logger *log_create(const log_options *options);
void log_destroy(logger *l);
void log_destroyp(logger **l);

/* The ABI face: same lifetime as the logger. */
const stella_log *log_interface(logger *l);

/* Changes level and format while others write. [any thread] */
void log_set(logger *l, int32_t level, log_format format);

/* Lines that could not be written since the start. [any thread] */
uint64_t log_dropped(const logger *l);

/* Writes an event with fields given as key, value, key, value, ..., NULL; a NULL value is skipped with its key. log may
 * be NULL. [any thread] */
void log_event(const stella_log *log, int32_t level, const char *message, ...) __attribute__((sentinel));

/* Writes that something failed: message, and error, code and path as fields. [any thread] */
void log_failure(const stella_log *log, int32_t level, const char *message, const stella_error *error);

#endif
