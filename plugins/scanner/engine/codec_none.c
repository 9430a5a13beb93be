/* Bytes that are stored as they are: read straight into the window. */
#include "codec.h"

#include <errno.h>
#include <unistd.h>

static void *none_create(void) {
    static char nothing;
    return &nothing;
}

static void none_destroy(void *self) {
    (void)self;
}

static stella_status none_produce(void *self, stored *s, unsigned char *out, size_t room, size_t *got,
                                  stella_error *err) {
    (void)self;
    const size_t held = (size_t)(s->end - s->at);
    if (held) { /* what was read to see the magic */
        const size_t size = held < room ? held : room;
        memcpy(out, s->at, size);
        s->at += size;
        *got = size;
        return STELLA_OK;
    }
    ssize_t size;
    do
        size = read(s->fd, out, room);
    while (size < 0 && errno == EINTR);
    if (size < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "read: %s", strerror(errno));
    s->total += (uint64_t)size;
    *got = (size_t)size;
    return STELLA_OK;
}

const codec codec_none = {.create = none_create, .destroy = none_destroy, .produce = none_produce};
