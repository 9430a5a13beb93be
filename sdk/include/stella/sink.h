/* stella/sink.h - where bytes go: a function and its state; and a memory buffer with a maximum. */
#ifndef STELLA_SINK_H
#define STELLA_SINK_H

#include <stella/error.h>

STELLA_BEGIN_DECLS

/* Crosses the plugin boundary. One thread at a time. After a failed write every later one fails too. */
typedef struct stella_sink {
    stella_abi_head head;
    void *self;
    stella_status (*write)(void *self, stella_sv bytes, stella_error *err);
} stella_sink;

static inline stella_status stella_sink_write(const stella_sink *sink, stella_sv bytes, stella_error *err) {
    return sink->write(sink->self, bytes, err);
}

/* A growable byte buffer that cannot be made without its maximum. [one thread] */
typedef struct stella_buf {
    char *ptr;      /* owned; NUL-terminated behind len once anything was added */
    size_t len;     /* bytes */
    size_t room;    /* bytes allocated */
    size_t max;     /* limit of len */
    int32_t failed; /* 1 after the limit or memory stopped an addition: what is in it is not whole */
} stella_buf;

stella_buf stella_buf_of(size_t max);
void stella_buf_fini(stella_buf *buf); /* frees; also for STELLA_AUTO */

/* All additions return STELLA_OK, or STELLA_E_LIMIT / STELLA_E_NOMEM and set failed; after that they add nothing. */
stella_status stella_buf_add(stella_buf *buf, stella_sv bytes);
stella_status stella_buf_printf(stella_buf *buf, const char *format, ...) STELLA_PRINTF(2, 3);
stella_status stella_buf_u8(stella_buf *buf, uint8_t value);
stella_status stella_buf_u16le(stella_buf *buf, uint16_t value);
stella_status stella_buf_u32le(stella_buf *buf, uint32_t value);
stella_status stella_buf_u64le(stella_buf *buf, uint64_t value);
stella_status stella_buf_varint(stella_buf *buf, uint64_t value); /* unsigned LEB128 */
stella_status stella_buf_str(stella_buf *buf, stella_sv text);    /* varint length, then the bytes */

static inline stella_sv stella_buf_sv(const stella_buf *buf) {
    return stella_sv_of(buf->ptr, buf->len);
}

/* A sink that adds to the buffer, or writes to a descriptor. The sink borrows what it is given. */
stella_sink stella_buf_sink(stella_buf *buf);
stella_sink stella_fd_sink(const int *fd);

STELLA_END_DECLS

#endif
