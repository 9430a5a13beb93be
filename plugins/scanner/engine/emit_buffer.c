#include "emit_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define BUFFER_BYTES (256u << 10)

struct emit_buffer {
    stella_sink sink, below;
    int fd;
    size_t used;
    stella_error failed; /* the first failed write: every later one fails too */
    char bytes[BUFFER_BYTES];
};

static stella_status write_out(emit_buffer *b) {
    if (b->failed.code == STELLA_OK && b->used)
        (void)stella_sink_write(&b->below, stella_sv_of(b->bytes, b->used), &b->failed);
    b->used = 0;
    return b->failed.code;
}

static stella_status write_buffered(void *self, stella_sv bytes, stella_error *err) {
    emit_buffer *b = self;
    while (bytes.len && b->failed.code == STELLA_OK) {
        const stella_sv part = stella_sv_first(bytes, sizeof b->bytes - b->used);
        memcpy(b->bytes + b->used, part.ptr, part.len);
        b->used += part.len;
        bytes = stella_sv_skip(bytes, part.len);
        if (b->used == sizeof b->bytes)
            (void)write_out(b);
    }
    if (b->failed.code != STELLA_OK && err)
        *err = b->failed;
    return b->failed.code;
}

stella_status emit_buffer_create(int fd, emit_buffer **out, stella_error *err) {
    if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "emptying an output: %s", strerror(errno));
    emit_buffer *b = malloc(sizeof *b);
    if (!b)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an output");
    b->fd = fd;
    b->used = 0;
    b->failed = (stella_error){0};
    b->below = stella_fd_sink(&b->fd);
    b->sink = (stella_sink){.head = STELLA_HEAD(stella_sink), .self = b, .write = write_buffered};
    *out = b;
    return STELLA_OK;
}

void emit_buffer_destroyp(emit_buffer **b) {
    free(*b);
    *b = NULL;
}

const stella_sink *emit_buffer_sink(const emit_buffer *b) {
    return &b->sink;
}

stella_status emit_buffer_flush(emit_buffer *b, stella_error *err) {
    if (write_out(b) != STELLA_OK && err)
        *err = b->failed;
    return b->failed.code;
}
