#include "unpack.h"

#include "common/gunzip.h"

#include <lzma.h>
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define PIECE_SIZE ((size_t)64 << 10)

struct unpack {
    unpack_format format;
    unpack_source source;
    uint64_t room; /* bytes that may still come out */
    gunzip *gzip;  /* in the arena */
    ZSTD_DCtx *zstd;
    lzma_stream xz;
    int is_within; /* of a frame or stream: the file may not end here */
    int is_over;
    char piece[PIECE_SIZE];
};

unpack_format unpack_format_of(stella_sv first) {
    if (stella_sv_starts(first, STELLA_SV("\x1f\x8b")))
        return UNPACK_GZIP;
    if (stella_sv_starts(first, STELLA_SV("\x28\xb5\x2f\xfd")))
        return UNPACK_ZSTD;
    return stella_sv_starts(first, STELLA_SV("\xfd"
                                             "7zXZ\0"))
               ? UNPACK_XZ
               : UNPACK_NONE;
}

void unpack_destroyp(unpack **u) {
    if (*u) {
        ZSTD_freeDCtx((*u)->zstd);
        lzma_end(&(*u)->xz);
    }
    free(*u);
    *u = NULL;
}

static int begin_zstd(unpack *u) {
    u->zstd = ZSTD_createDCtx();
    return u->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, UNPACK_WINDOW_LOG_MAX));
}

static int begin(unpack *u, stella_arena *arena) {
    switch (u->format) {
    case UNPACK_GZIP:
        u->gzip = gunzip_of_rest(u->source.first, u->source.probe, UINT64_MAX, arena);
        return u->gzip != NULL;
    case UNPACK_ZSTD:
        return begin_zstd(u);
    case UNPACK_XZ:
        return lzma_stream_decoder(&u->xz, UNPACK_MEMORY_MAX, LZMA_CONCATENATED) == LZMA_OK;
    case UNPACK_NONE:
        break;
    }
    return 0;
}

unpack *unpack_create(unpack_format format, const unpack_source *source, uint64_t limit, stella_arena *arena) {
    unpack *u = malloc(sizeof *u);
    if (!u)
        return NULL;
    u->format = format;
    u->source = *source;
    u->room = limit;
    u->gzip = NULL;
    u->zstd = NULL;
    u->xz = (lzma_stream)LZMA_STREAM_INIT;
    u->is_within = 1; /* an empty file is cut short */
    u->is_over = 0;
    if (!begin(u, arena))
        unpack_destroyp(&u);
    return u;
}

static stella_status refuse_zstd(size_t code, stella_error *err) {
    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation:
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to unpack zstd data");
    case ZSTD_error_frameParameter_windowTooLarge:
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the zstd data wants a window of more than %u MiB",
                                (1u << UNPACK_WINDOW_LOG_MAX) >> 20);
    default:
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a sound zstd file: %s", ZSTD_getErrorName(code));
    }
}

static stella_status step_zstd(unpack *u, int at_end, size_t *got, stella_error *err) {
    ZSTD_inBuffer in = {.src = u->source.first.ptr, .size = u->source.first.len};
    ZSTD_outBuffer out = {.dst = u->piece, .size = PIECE_SIZE};
    if (at_end && !u->is_within) {
        u->is_over = 1;
        return STELLA_OK;
    }
    const size_t left = ZSTD_decompressStream(u->zstd, &out, &in);
    if (ZSTD_isError(left))
        return refuse_zstd(left, err);
    if (at_end && out.pos == 0 && left)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the zstd data is cut short");
    u->is_within = left != 0;
    u->source.first = stella_sv_skip(u->source.first, in.pos);
    *got = out.pos;
    return STELLA_OK;
}

static stella_status refuse_xz(lzma_ret code, stella_error *err) {
    switch (code) {
    case LZMA_MEM_ERROR:
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to unpack xz data");
    case LZMA_MEMLIMIT_ERROR:
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the xz data wants more than %u MiB to be unpacked",
                                (unsigned)(UNPACK_MEMORY_MAX >> 20));
    case LZMA_BUF_ERROR:
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the xz data is cut short");
    default:
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a sound xz file");
    }
}

static stella_status step_xz(unpack *u, int at_end, size_t *got, stella_error *err) {
    u->xz.next_in = (const uint8_t *)u->source.first.ptr;
    u->xz.avail_in = u->source.first.len;
    u->xz.next_out = (uint8_t *)u->piece;
    u->xz.avail_out = PIECE_SIZE;
    const lzma_ret code = lzma_code(&u->xz, at_end ? LZMA_FINISH : LZMA_RUN);
    if (code != LZMA_OK && code != LZMA_STREAM_END)
        return refuse_xz(code, err);
    u->is_over = code == LZMA_STREAM_END;
    u->source.first = stella_sv_skip(u->source.first, u->source.first.len - u->xz.avail_in);
    *got = PIECE_SIZE - u->xz.avail_out;
    return STELLA_OK;
}

/* One call of a library with what is at hand. */
static stella_status step(unpack *u, size_t *got, stella_error *err) {
    if (u->source.first.len == 0 && u->source.probe) {
        const stella_status status = stella_probe_read(u->source.probe, &u->source.first, err);
        if (status != STELLA_OK)
            return status;
    }
    const int at_end = u->source.first.len == 0;
    return u->format == UNPACK_ZSTD ? step_zstd(u, at_end, got, err) : step_xz(u, at_end, got, err);
}

stella_status unpack_next(unpack *u, stella_sv *piece, stella_error *err) {
    stella_sv next = {0};
    if (u->format == UNPACK_GZIP) {
        const stella_status status = gunzip_next(u->gzip, &next, err);
        if (status != STELLA_OK)
            return status;
    }
    while (u->format != UNPACK_GZIP && next.len == 0 && !u->is_over) {
        size_t got = 0;
        const stella_status status = step(u, &got, err);
        if (status != STELLA_OK)
            return status;
        next = stella_sv_of(u->piece, got);
    }
    if (next.len > u->room)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "inflates to more than its limit");
    u->room -= next.len;
    *piece = next;
    return STELLA_OK;
}
