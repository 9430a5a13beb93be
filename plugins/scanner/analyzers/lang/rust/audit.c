#include "audit.h"

#include <isa-l/igzip_lib.h>

#define SECTION     ".dep-v0"
#define PIECE_BYTES ((size_t)16 << 10)

static stella_status fault(stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "the list of crates in the program is not sound zlib data");
}

/* As much as one piece holds. */
static stella_status inflate_piece(struct inflate_state *state, uint8_t *piece, stella_buf *text, stella_error *err) {
    const uint32_t had = state->avail_in;
    state->next_out = piece;
    state->avail_out = PIECE_BYTES;
    if (isal_inflate(state) < 0)
        return fault(err);
    const size_t got = PIECE_BYTES - state->avail_out;
    if (got == 0 && state->avail_in == had && state->block_state != ISAL_BLOCK_FINISH)
        return fault(err); /* it ends before it is whole */
    if (got > AUDIT_BYTES_MAX - text->len)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a list of crates of more than %zu MiB in the program",
                                AUDIT_BYTES_MAX >> 20);
    return stella_buf_add(text, stella_sv_of((const char *)piece, got)) == STELLA_OK
               ? STELLA_OK
               : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a list of crates");
}

stella_status audit_read(const binary *b, stella_arena *arena, stella_buf *text, stella_error *err) {
    stella_sv section;
    if (!binary_section(b, STELLA_SV(SECTION), &section))
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "no list of crates");
    struct inflate_state *state = stella_arena_alloc(arena, 1, sizeof *state);
    uint8_t *piece = stella_arena_alloc(arena, PIECE_BYTES, 1);
    if (!state || !piece)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a list of crates");
    isal_inflate_init(state);
    state->crc_flag = ISAL_ZLIB;
    state->next_in = (uint8_t *)(uintptr_t)section.ptr;
    state->avail_in = section.len > UINT32_MAX ? UINT32_MAX : (uint32_t)section.len;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && state->block_state != ISAL_BLOCK_FINISH)
        status = inflate_piece(state, piece, text, err);
    return status;
}
