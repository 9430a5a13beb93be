#include "stdin.h"

#include "temp.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_BYTES ((size_t)256 << 10)
#define WAIT_MS    200

/* Waits, but not longer than the scan may. */
static stella_status await_bytes(const target_rules *rules, stella_error *err) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    for (;;) {
        const stella_status status = rules->check ? rules->check(rules->self, err) : STELLA_OK;
        if (status != STELLA_OK)
            return status;
        const int ready = poll(&input, 1, WAIT_MS);
        if (ready > 0)
            return STELLA_OK;
        if (ready < 0 && errno != EINTR)
            return stella_error_set(err, STELLA_E_IO, "-", "poll: %s", strerror(errno));
    }
}

static uint64_t size_max(const target_rules *rules) {
    return rules->input_bytes_max ? rules->input_bytes_max : TARGET_INPUT_BYTES_MAX;
}

static stella_status refuse_size(uint64_t max, stella_error *err) {
    return stella_error_set(err, STELLA_E_LIMIT, "-", "standard input has more than %llu bytes: see --max-input-bytes",
                            (unsigned long long)max);
}

static stella_status copy(const target_rules *rules, int to, stella_error *err) {
    STELLA_AUTO(stella_freep) char *buf = malloc(COPY_BYTES);
    const stella_sink sink = stella_fd_sink(&to);
    const uint64_t max = size_max(rules);
    uint64_t total = 0;
    if (!buf)
        return stella_error_set(err, STELLA_E_NOMEM, "-", "no memory to read with");
    for (;;) {
        stella_status status = await_bytes(rules, err);
        if (status != STELLA_OK)
            return status;
        const ssize_t got = read(STDIN_FILENO, buf, COPY_BYTES);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0)
            return stella_error_set(err, STELLA_E_IO, "-", "standard input: %s", strerror(errno));
        if (got == 0)
            return total ? STELLA_OK : stella_error_set(err, STELLA_E_FORMAT, "-", "standard input is empty");
        total += (uint64_t)got;
        if (total > max)
            return refuse_size(max, err);
        if (stella_sink_write(&sink, stella_sv_of(buf, (size_t)got), err) != STELLA_OK)
            return stella_error_set(err, STELLA_E_INTERNAL, "-", "no room for a copy of standard input");
    }
}

stella_status stdin_open(const target_rules *rules, int *out_fd, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int spool = -1;
    struct stat st;
    if (!rules->has_input)
        return stella_error_set(err, STELLA_E_INVALID, "-", "there is no standard input here");
    if (isatty(STDIN_FILENO))
        return stella_error_set(err, STELLA_E_INVALID, "-", "standard input is a terminal");
    const int is_file = fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode);
    if (is_file && (uint64_t)st.st_size > size_max(rules))
        return refuse_size(size_max(rules), err);
    if (is_file && st.st_size > 0 && lseek(STDIN_FILENO, 0, SEEK_CUR) == 0 &&
        temp_reopen_read_only(STDIN_FILENO, out_fd, NULL) == STELLA_OK)
        return STELLA_OK;
    stella_status status = temp_file("stella-stdin", &spool, err);
    if (status == STELLA_OK)
        status = copy(rules, spool, err);
    return status == STELLA_OK ? temp_reopen_read_only(spool, out_fd, err) : status;
}
