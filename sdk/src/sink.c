#include <stella/sink.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

stella_buf stella_buf_of(size_t max) {
    return (stella_buf){.max = max};
}

void stella_buf_fini(stella_buf *buf) {
    free(buf->ptr);
    *buf = (stella_buf){.max = buf->max};
}

static stella_status fail(stella_buf *buf, stella_status code) {
    buf->failed = 1;
    return code;
}

/* Room for more bytes and a NUL behind them. */
static stella_status reserve(stella_buf *buf, size_t more) {
    if (buf->failed || more > buf->max - buf->len)
        return fail(buf, STELLA_E_LIMIT);
    const size_t need = buf->len + more + 1;
    if (need <= buf->room)
        return STELLA_OK;
    size_t room = buf->room < 64 ? 64 : buf->room;
    while (room < need)
        room = room > SIZE_MAX / 2 ? need : room * 2;
    char *grown = realloc(buf->ptr, room);
    if (!grown)
        return fail(buf, STELLA_E_NOMEM);
    buf->ptr = grown;
    buf->room = room;
    return STELLA_OK;
}

stella_status stella_buf_add(stella_buf *buf, stella_sv bytes) {
    const stella_status status = reserve(buf, bytes.len);
    if (status != STELLA_OK)
        return status;
    if (bytes.len)
        memcpy(buf->ptr + buf->len, bytes.ptr, bytes.len);
    buf->len += bytes.len;
    buf->ptr[buf->len] = '\0';
    return STELLA_OK;
}

stella_status stella_buf_printf(stella_buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    const stella_status status = len < 0 ? fail(buf, STELLA_E_INVALID) : reserve(buf, (size_t)len);
    if (status == STELLA_OK) {
        vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
    return status;
}

static stella_status little(stella_buf *buf, uint64_t value, unsigned size) {
    char bytes[8];
    for (unsigned i = 0; i < size; i++)
        bytes[i] = (char)(value >> (8 * i));
    return stella_buf_add(buf, stella_sv_of(bytes, size));
}

stella_status stella_buf_u8(stella_buf *buf, uint8_t value) {
    return little(buf, value, 1);
}

stella_status stella_buf_u16le(stella_buf *buf, uint16_t value) {
    return little(buf, value, 2);
}

stella_status stella_buf_u32le(stella_buf *buf, uint32_t value) {
    return little(buf, value, 4);
}

stella_status stella_buf_u64le(stella_buf *buf, uint64_t value) {
    return little(buf, value, 8);
}

stella_status stella_buf_varint(stella_buf *buf, uint64_t value) {
    char bytes[10];
    size_t used = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[used++] = (char)(value | 0x80);
    bytes[used++] = (char)value;
    return stella_buf_add(buf, stella_sv_of(bytes, used));
}

stella_status stella_buf_str(stella_buf *buf, stella_sv text) {
    const stella_status status = stella_buf_varint(buf, text.len);
    return status == STELLA_OK ? stella_buf_add(buf, text) : status;
}

static stella_status buf_write(void *self, stella_sv bytes, stella_error *err) {
    stella_buf *buf = self;
    const stella_status status = stella_buf_add(buf, bytes);
    return status == STELLA_OK ? STELLA_OK : stella_error_set(err, status, NULL, "more than %zu bytes", buf->max);
}

static stella_status fd_write(void *self, stella_sv bytes, stella_error *err) {
    const int fd = *(const int *)self;
    while (bytes.len) {
        const ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "write: %s", strerror(errno));
        bytes = stella_sv_skip(bytes, (size_t)put);
    }
    return STELLA_OK;
}

stella_sink stella_buf_sink(stella_buf *buf) {
    return (stella_sink){.head = STELLA_HEAD(stella_sink), .self = buf, .write = buf_write};
}

stella_sink stella_fd_sink(const int *fd) {
    return (stella_sink){.head = STELLA_HEAD(stella_sink), .self = (void *)(uintptr_t)fd, .write = fd_write};
}
