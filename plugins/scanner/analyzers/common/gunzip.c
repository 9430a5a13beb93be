#include "gunzip.h"

#include <isa-l/igzip_lib.h>

#define PIECE_SIZE ((size_t)64 << 10)

struct gunzip {
    struct inflate_state state;
    stella_probe *probe; /* of what is behind left; NULL: nothing is */
    stella_sv left;      /* of the input at hand */
    uint64_t room;       /* bytes that may still be inflated */
    int is_inside;       /* of a member */
    int is_over;
    uint8_t piece[PIECE_SIZE];
};

gunzip *gunzip_of_rest(stella_sv first, stella_probe *probe, uint64_t limit, stella_arena *arena) {
    gunzip *g = stella_arena_alloc(arena, 1, sizeof *g);
    if (!g)
        return NULL;
    g->probe = probe;
    g->left = first;
    g->room = limit;
    return g;
}

gunzip *gunzip_of_probe(stella_probe *probe, uint64_t limit) {
    return gunzip_of_rest((stella_sv){0}, probe, limit, probe->arena);
}

gunzip *gunzip_of_bytes(stella_sv bytes, uint64_t limit, stella_arena *arena) {
    return gunzip_of_rest(bytes, NULL, limit, arena);
}

/* More input when none is left; nothing when the file has ended. */
static stella_status fill(gunzip *g, stella_error *err) {
    return g->left.len || !g->probe ? STELLA_OK : stella_probe_read(g->probe, &g->left, err);
}

/* Between members: the next one begins at a byte that is not zero. Sets is_over at the end of the input. */
static stella_status begin_member(gunzip *g, stella_error *err) {
    for (;;) {
        const stella_status status = fill(g, err);
        if (status != STELLA_OK)
            return status;
        if (g->left.len == 0) {
            g->is_over = 1;
            return STELLA_OK;
        }
        while (g->left.len && g->left.ptr[0] == '\0')
            g->left = stella_sv_skip(g->left, 1);
        if (g->left.len)
            break;
    }
    isal_inflate_init(&g->state);
    g->state.crc_flag = ISAL_GZIP;
    g->is_inside = 1;
    return STELLA_OK;
}

/* As much of the member as one piece holds. */
static stella_status inflate_piece(gunzip *g, size_t *got, stella_error *err) {
    g->state.next_in = (uint8_t *)(uintptr_t)g->left.ptr;
    g->state.avail_in = g->left.len > UINT32_MAX ? UINT32_MAX : (uint32_t)g->left.len;
    g->state.next_out = g->piece;
    g->state.avail_out = PIECE_SIZE;
    const uint32_t had = g->state.avail_in;
    if (isal_inflate(&g->state) < 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a sound gzip file");
    g->left = stella_sv_skip(g->left, had - g->state.avail_in);
    *got = PIECE_SIZE - g->state.avail_out;
    if (g->state.block_state == ISAL_BLOCK_FINISH)
        g->is_inside = 0;
    else if (*got == 0 && g->left.len == 0 && had == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the gzip data ends before its member does");
    return STELLA_OK;
}

stella_status gunzip_next(gunzip *g, stella_sv *piece, stella_error *err) {
    size_t got = 0;
    while (got == 0 && !g->is_over) {
        stella_status status = g->is_inside ? fill(g, err) : begin_member(g, err);
        if (status == STELLA_OK && g->is_inside)
            status = inflate_piece(g, &got, err);
        if (status != STELLA_OK)
            return status;
    }
    if (got > g->room)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "inflates to more than its limit");
    g->room -= got;
    *piece = stella_sv_of((const char *)g->piece, got);
    return STELLA_OK;
}
