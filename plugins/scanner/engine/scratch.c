#include "scratch.h"

#include <errno.h>
#include <unistd.h>

stella_status scratch_add(scratch *s, stella_sv bytes, uint64_t *offset, stella_error *err) {
    uint64_t at = s->end;
    while (bytes.len) {
        const ssize_t put = pwrite(s->fd, bytes.ptr, bytes.len, (off_t)at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "the scratch file cannot be written: %s", strerror(errno));
        at += (uint64_t)put;
        bytes = stella_sv_skip(bytes, (size_t)put);
    }
    *offset = s->end;
    s->end = at;
    return STELLA_OK;
}

stella_status scratch_read(const scratch *s, uint64_t offset, void *buf, size_t size, stella_error *err) {
    char *to = buf;
    while (size) {
        const ssize_t got = pread(s->fd, to, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "the scratch file cannot be read: %s",
                                    got ? strerror(errno) : "it ends too soon");
        to += got;
        offset += (uint64_t)got;
        size -= (size_t)got;
    }
    return STELLA_OK;
}
