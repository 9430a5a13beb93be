/* zstd by its own library, which checks each frame's checksum when it has one. */
#include "codec.h"
#include "limits.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

typedef struct zstd {
    ZSTD_DCtx *context;
    int inside; /* a frame has begun and not ended */
} zstd;

static void zstd_destroy(void *self) {
    zstd *z = self;
    ZSTD_freeDCtx(z->context);
    free(z);
}

static void *zstd_create(void) {
    zstd *z = calloc(1, sizeof *z);
    if (!z)
        return NULL;
    z->context = ZSTD_createDCtx();
    if (!z->context || ZSTD_isError(ZSTD_DCtx_setParameter(z->context, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX))) {
        zstd_destroy(z);
        return NULL;
    }
    return z;
}

static stella_status refuse(size_t code, const stored *s, stella_error *err) {
    const unsigned long long offset = stored_offset(s);
    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation:
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to uncompress zstd data");
    case ZSTD_error_frameParameter_windowTooLarge:
        return stella_error_set(err, STELLA_E_LIMIT, NULL,
                                "the zstd frame at stored offset %llu wants a window of more than %u MiB", offset,
                                (1u << ZSTD_WINDOW_LOG_MAX) >> 20);
    default:
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the zstd data is damaged near stored offset %llu: %s",
                                offset, ZSTD_getErrorName(code));
    }
}

static stella_status zstd_produce(void *self, stored *s, unsigned char *out, size_t room, size_t *got,
                                  stella_error *err) {
    zstd *z = self;
    ZSTD_outBuffer to = {.dst = out, .size = room};
    while (to.pos < to.size) {
        if (s->at == s->end && !s->at_end) {
            const stella_status status = stored_more(s, err);
            if (status != STELLA_OK)
                return status;
        }
        const int starved = s->at == s->end; /* the library may still hold bytes of an open frame */
        if (starved && !z->inside)
            break;
        ZSTD_inBuffer from = {.src = s->at, .size = (size_t)(s->end - s->at)};
        const size_t before = to.pos;
        const size_t left = ZSTD_decompressStream(z->context, &to, &from);
        s->at += from.pos;
        if (ZSTD_isError(left))
            return refuse(left, s, err);
        z->inside = left != 0;
        if (starved && z->inside && to.pos == before)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "the zstd data is cut short at stored offset %llu",
                                    (unsigned long long)s->total);
    }
    *got = to.pos;
    return STELLA_OK;
}

const codec codec_zstd = {.create = zstd_create, .destroy = zstd_destroy, .produce = zstd_produce};
