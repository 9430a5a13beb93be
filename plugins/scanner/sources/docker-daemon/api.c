/* api.c - HTTP/1.1 as far as a daemon of this machine speaks it. libcurl makes its sockets itself, or connects those that
 * it is given: a socket that is connected already it cannot use. */
#include "api.h"

#include <stella/auto.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEADER_BYTES_MAX 65536
#define LINE_BYTES_MAX   4096 /* of a chunk's length, and of a trailer */
#define UNTIL_CLOSE      UINT64_MAX

typedef struct exchange {
    int socket;
    const api_request *request;
    api_answer *answer;
    stella_error *err;
    uint64_t end_ms; /* of the whole exchange; 0: none */
    uint64_t length; /* of the body; UNTIL_CLOSE: not said */
    int is_chunked;
    size_t refusal_len;
    size_t at, len; /* of what was read and not used */
    char buf[HEADER_BYTES_MAX];
} exchange;

const char *api_escape(stella_sv name, stella_arena *arena) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:@";
    char *text = stella_arena_alloc(arena, name.len + 1, 3);
    size_t at = 0;
    for (size_t i = 0; text && i < name.len; i++) {
        const unsigned char byte = (unsigned char)name.ptr[i];
        if (byte && strchr(plain, byte))
            text[at++] = (char)byte;
        else
            at += (size_t)snprintf(text + at, 4, "%%%02X", byte);
    }
    return text;
}

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* ---- bytes ---- */

static stella_status await(const exchange *x) {
    const uint64_t begun = now_ms();
    uint64_t end = begun + x->request->stall_s * UINT64_C(1000);
    end = x->end_ms && x->end_ms < end ? x->end_ms : end;
    for (uint64_t now = begun; now < end; now = now_ms()) {
        struct pollfd ready = {.fd = x->socket, .events = POLLIN};
        if (poll(&ready, 1, (int)(end - now)) > 0)
            return STELLA_OK;
    }
    return stella_error_set(x->err, STELLA_E_TIMEOUT, NULL, "the daemon does not answer");
}

/* Reads more behind what is there.
 * got  set on success; 0: the daemon has closed */
static stella_status fill(exchange *x, size_t *got) {
    if (x->at == x->len)
        x->at = x->len = 0;
    const stella_status status = await(x);
    if (status != STELLA_OK)
        return status;
    for (;;) {
        const ssize_t n = read(x->socket, x->buf + x->len, sizeof x->buf - x->len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return stella_error_set(x->err, STELLA_E_IO, NULL, "the daemon: %s", strerror(errno));
        x->len += (size_t)n;
        *got = (size_t)n;
        return STELLA_OK;
    }
}

static stella_status broken_off(const exchange *x) {
    return stella_error_set(x->err, STELLA_E_IO, NULL, "the daemon broke off after %llu bytes",
                            (unsigned long long)x->answer->delivered);
}

static stella_status no_http(const exchange *x) {
    return stella_error_set(x->err, STELLA_E_FORMAT, NULL, "what answers does not speak HTTP");
}

/* ---- header ---- */

static stella_status take_field(exchange *x, stella_sv line) {
    const size_t colon = stella_sv_find(line, ':');
    const stella_sv name = stella_sv_first(line, colon);
    if (colon >= line.len || colon == 0)
        return no_http(x);
    const stella_sv value = stella_sv_trim(stella_sv_skip(line, colon + 1));
    if (stella_sv_ieq(name, STELLA_SV("content-type")))
        snprintf(x->answer->media_type, sizeof x->answer->media_type, "%.*s",
                 STELLA_SV_FMT(stella_sv_first(value, 63)));
    else if (stella_sv_ieq(name, STELLA_SV("transfer-encoding")))
        x->is_chunked = stella_sv_ieq(value, STELLA_SV("chunked"));
    else if (stella_sv_ieq(name, STELLA_SV("content-length")) && !stella_sv_u64(value, INT64_MAX, &x->length))
        return no_http(x);
    return STELLA_OK;
}

/* "HTTP/1.1 200 OK" */
static stella_status take_status(exchange *x, stella_sv line) {
    uint64_t code;
    if (!stella_sv_starts(line, STELLA_SV("HTTP/1.")) || line.len < 12 || line.ptr[8] != ' ' ||
        !stella_sv_u64(stella_sv_first(stella_sv_skip(line, 9), 3), 599, &code) || code < 100)
        return no_http(x);
    x->answer->status = (long)code;
    return STELLA_OK;
}

static stella_status parse_header(exchange *x, stella_sv header) {
    stella_sv line;
    stella_status status = STELLA_OK;
    int is_first = 1;
    x->length = UNTIL_CLOSE;
    x->is_chunked = 0;
    while (status == STELLA_OK && stella_sv_split(&header, '\n', &line)) {
        if (line.len && line.ptr[line.len - 1] == '\r')
            line.len--;
        status = is_first ? take_status(x, line) : line.len ? take_field(x, line) : STELLA_OK;
        is_first = 0;
    }
    return status;
}

/* All of it must fit: a daemon's is a few hundred bytes. */
static stella_status read_header(exchange *x) {
    for (;;) {
        const char *end = x->len > x->at ? memmem(x->buf + x->at, x->len - x->at, "\r\n\r\n", 4) : NULL;
        size_t got;
        if (end) {
            const stella_sv header = stella_sv_of(x->buf + x->at, (size_t)(end - x->buf) - x->at);
            x->at = (size_t)(end - x->buf) + 4;
            return parse_header(x, header);
        }
        if (x->len - x->at >= 5 && memcmp(x->buf + x->at, "HTTP/", 5) != 0)
            return no_http(x);
        if (x->len == sizeof x->buf)
            return stella_error_set(x->err, STELLA_E_LIMIT, NULL, "an answer with more than %d KiB of header",
                                    HEADER_BYTES_MAX >> 10);
        const stella_status status = fill(x, &got);
        if (status != STELLA_OK)
            return status;
        if (got == 0)
            return broken_off(x);
    }
}

/* ---- body ---- */

static stella_status deliver(exchange *x, stella_sv bytes) {
    if (x->answer->status == 200) {
        const stella_status status = stella_sink_write(x->request->out, bytes, x->err);
        x->answer->delivered += status == STELLA_OK ? bytes.len : 0;
        return status;
    }
    const stella_sv kept = stella_sv_first(bytes, API_REFUSAL_BYTES_MAX - x->refusal_len);
    memcpy(x->answer->refusal + x->refusal_len, kept.ptr, kept.len);
    x->refusal_len += kept.len;
    return STELLA_OK;
}

/* So many bytes, or, UNTIL_CLOSE, all there are. */
static stella_status read_bytes(exchange *x, uint64_t count) {
    while (count && !(x->answer->status != 200 && x->refusal_len == API_REFUSAL_BYTES_MAX)) {
        size_t got = x->len - x->at;
        stella_status status = got ? STELLA_OK : fill(x, &got);
        if (status == STELLA_OK && got == 0)
            return count == UNTIL_CLOSE ? STELLA_OK : broken_off(x);
        if (status != STELLA_OK)
            return status;
        const size_t piece = got < count ? got : (size_t)count;
        status = deliver(x, stella_sv_of(x->buf + x->at, piece));
        if (status != STELLA_OK)
            return status;
        x->at += piece;
        count -= count == UNTIL_CLOSE ? 0 : piece;
    }
    return STELLA_OK;
}

/* A line without its end. The view is valid until the next read. */
static stella_status read_line(exchange *x, stella_sv *out) {
    for (;;) {
        const stella_sv rest = stella_sv_of(x->buf + x->at, x->len - x->at);
        const size_t end = stella_sv_find(rest, '\n');
        size_t got;
        if (end < rest.len) {
            *out = stella_sv_trim(stella_sv_first(rest, end));
            x->at += end + 1;
            return STELLA_OK;
        }
        if (rest.len > LINE_BYTES_MAX)
            return no_http(x);
        memmove(x->buf, x->buf + x->at, rest.len);
        x->at = 0;
        x->len = rest.len;
        const stella_status status = fill(x, &got);
        if (status != STELLA_OK)
            return status;
        if (got == 0)
            return broken_off(x);
    }
}

static int read_hex(stella_sv text, uint64_t *out) {
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *digits = "0123456789abcdef", *digit = strchr(digits, text.ptr[i] | 0x20);
        if (!digit || !text.ptr[i] || value > UINT64_MAX >> 8)
            return 0;
        value = value << 4 | (uint64_t)(digit - digits);
    }
    *out = value;
    return text.len > 0;
}

static stella_status read_chunks(exchange *x) {
    for (;;) {
        stella_sv line;
        uint64_t size;
        stella_status status = read_line(x, &line);
        if (status == STELLA_OK && !read_hex(stella_sv_trim(stella_sv_first(line, stella_sv_find(line, ';'))), &size))
            status = no_http(x);
        if (status != STELLA_OK || size == 0) /* trailers say nothing that we want to know */
            return status;
        status = read_bytes(x, size);
        if (status == STELLA_OK && x->answer->status != 200 && x->refusal_len == API_REFUSAL_BYTES_MAX)
            return STELLA_OK; /* enough is known */
        if (status == STELLA_OK)
            status = read_line(x, &line);
        if (status == STELLA_OK && line.len)
            status = no_http(x);
        if (status != STELLA_OK)
            return status;
    }
}

static stella_status send_request(int socket, const api_request *request, stella_error *err) {
    char text[8192];
    const int len = snprintf(text, sizeof text,
                             "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: stella-scanner/0.1\r\n"
                             "Connection: close\r\n\r\n",
                             request->path);
    if (len < 0 || (size_t)len >= sizeof text)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the image's name is too long");
    for (int done = 0; done < len;) {
        const ssize_t n = send(socket, text + done, (size_t)(len - done), MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "the daemon: %s", strerror(errno));
        done += (int)n;
    }
    return STELLA_OK;
}

stella_status api_read(int socket, const api_request *request, api_answer *answer, stella_error *err) {
    STELLA_AUTO(stella_freep) exchange *x = calloc(1, sizeof *x);
    *answer = (api_answer){.status = 0};
    if (!x)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a request");
    x->socket = socket;
    x->request = request;
    x->answer = answer;
    x->err = err;
    x->end_ms = request->total_ms ? now_ms() + request->total_ms : 0;
    do { /* an interim answer comes before the one that counts */
        const stella_status status = read_header(x);
        if (status != STELLA_OK)
            return status;
    } while (answer->status < 200);
    return x->is_chunked ? read_chunks(x) : read_bytes(x, x->length);
}

stella_status api_get(int socket, const api_request *request, api_answer *answer, stella_error *err) {
    const stella_status status = send_request(socket, request, err);
    return status == STELLA_OK ? api_read(socket, request, answer, err) : status;
}
