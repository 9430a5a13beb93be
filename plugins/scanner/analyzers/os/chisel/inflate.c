#include "inflate.h"

#include <stdlib.h>
#include <zstd.h>

#define PIECE_SIZE ((size_t)64 << 10)

struct inflate {
    stella_probe *probe;
    ZSTD_DCtx *context;
    stella_sv left; /* of the input at hand */
    uint64_t room;
    size_t hint; /* what the library wants next; 0: a frame has ended */
    char piece[PIECE_SIZE];
};

void inflate_destroyp(inflate **z) {
    if (*z)
        ZSTD_freeDCtx((*z)->context);
    free(*z);
    *z = NULL;
}

inflate *inflate_create(stella_probe *probe, uint64_t limit, int window_log) {
    inflate *z = malloc(sizeof *z);
    if (!z)
        return NULL;
    z->context = ZSTD_createDCtx();
    z->probe = probe;
    z->left = (stella_sv){0};
    z->room = limit;
    z->hint = 1; /* an empty file is cut short */
    if (!z->context || ZSTD_isError(ZSTD_DCtx_setParameter(z->context, ZSTD_d_windowLogMax, window_log)))
        inflate_destroyp(&z);
    return z;
}

/* One call of the library with what is at hand. is_over: the input has ended, behind a frame. */
static stella_status step(inflate *z, size_t *got, int *is_over, stella_error *err) {
    const stella_status status = z->left.len ? STELLA_OK : stella_probe_read(z->probe, &z->left, err);
    if (status != STELLA_OK)
        return status;
    const int at_end = z->left.len == 0;
    if (at_end && z->hint == 0) {
        *is_over = 1;
        return STELLA_OK;
    }
    ZSTD_inBuffer in = {.src = z->left.ptr, .size = z->left.len};
    ZSTD_outBuffer out = {.dst = z->piece, .size = PIECE_SIZE};
    z->hint = ZSTD_decompressStream(z->context, &out, &in);
    if (ZSTD_isError(z->hint))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a sound zstd file: %s", ZSTD_getErrorName(z->hint));
    if (at_end && out.pos == 0 && z->hint)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the zstd data is cut short");
    z->left = stella_sv_skip(z->left, in.pos);
    *got = out.pos;
    return STELLA_OK;
}

stella_status inflate_next(inflate *z, stella_sv *piece, stella_error *err) {
    size_t got = 0;
    for (int is_over = 0; got == 0 && !is_over;) {
        const stella_status status = step(z, &got, &is_over, err);
        if (status != STELLA_OK)
            return status;
    }
    if (got > z->room)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "inflates to more than its limit");
    z->room -= got;
    *piece = stella_sv_of(z->piece, got);
    return STELLA_OK;
}
