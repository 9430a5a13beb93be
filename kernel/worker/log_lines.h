/* log_lines.h - what hosts and children write to standard error: split into lines, forwarded to the log, the last bytes
 * kept for an obituary.
 *
 * A line that begins with \x01 and a level digit is one event of stella_log, its fields set off by \x1f and their
 * values by \x1e; anything else is a plain line. */
#ifndef KERNEL_WORKER_LOG_LINES_H
#define KERNEL_WORKER_LOG_LINES_H

#include <stella/log.h>

#define LOG_LINES_TAIL     1024
#define LOG_LINES_LINE_MAX 1024 /* longer lines are cut into several */

typedef struct log_lines {
    const stella_log *log; /* may be NULL */
    char source[48];       /* "scan" or "scan/layer" */
    char input[160];       /* what the job is about; may be empty */
    char line[LOG_LINES_LINE_MAX];
    size_t used;
    char tail[LOG_LINES_TAIL]; /* ring of the last bytes, escaped */
    uint64_t tail_total;
    uint64_t second; /* flood control: lines of the current second, and how many were dropped */
    uint32_t lines, dropped;
} log_lines;

/* Reads what there is. Returns 0 at the end of the pipe. */
int log_lines_read(log_lines *l, int fd);
/* The writer is gone: reads the rest, and says what was dropped. */
void log_lines_end(log_lines *l, int fd);
/* The tail as text, oldest first; out is always terminated. */
void log_lines_tail(const log_lines *l, char *out, size_t size);

/* The writing side, in hosts and children: the stella.log/1 table whose events go to standard error. */
const stella_log *log_lines_writer(void);

#endif
