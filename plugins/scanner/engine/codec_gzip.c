/* gzip by ISA-L, which checks each member's CRC and length. */
#include "codec.h"

#include <isa-l/igzip_lib.h>

#include <stdlib.h>

typedef struct gzip {
    struct inflate_state state;
    int between; /* behind a member: another, padding or nothing follows */
} gzip;

static void *gzip_create(void) {
    gzip *z = malloc(sizeof *z);
    if (!z)
        return NULL;
    isal_inflate_init(&z->state);
    z->state.crc_flag = ISAL_GZIP;
    z->between = 0;
    return z;
}

static const char *reason(int code) {
    switch (code) {
    case ISAL_INVALID_BLOCK:
        return "an invalid block";
    case ISAL_INVALID_SYMBOL:
        return "an invalid symbol";
    case ISAL_INVALID_LOOKBACK:
        return "a reference to before the beginning";
    case ISAL_INVALID_WRAPPER:
        return "a broken header";
    case ISAL_UNSUPPORTED_METHOD:
        return "an unknown method";
    case ISAL_INCORRECT_CHECKSUM:
        return "a checksum that does not fit";
    default:
        return "something unknown";
    }
}

/* Zero padding up to the end of the stream is what tapes and block devices leave; anything else is not ours to guess.
 */
static stella_status skip_padding(stored *s, stella_error *err) {
    for (;;) {
        for (; s->at < s->end; s->at++)
            if (*s->at)
                return stella_error_set(err, STELLA_E_FORMAT, NULL,
                                        "bytes that are no gzip member follow the gzip data at stored offset %llu",
                                        (unsigned long long)stored_offset(s));
        if (s->at_end)
            return STELLA_OK;
        const stella_status status = stored_more(s, err);
        if (status != STELLA_OK)
            return status;
    }
}

/* Behind a member: begins the next one, or finds the end. */
static stella_status next_member(gzip *z, stored *s, int *over, stella_error *err) {
    while (s->end - s->at < 2 && !s->at_end) {
        const stella_status status = stored_more(s, err);
        if (status != STELLA_OK)
            return status;
    }
    if (s->end - s->at >= 2 && s->at[0] == 0x1f && s->at[1] == 0x8b) {
        isal_inflate_reset(&z->state);
        z->state.crc_flag = ISAL_GZIP;
        z->between = 0;
        return STELLA_OK;
    }
    *over = 1;
    return skip_padding(s, err);
}

/* One call of the library with what is at hand. */
static stella_status decode(gzip *z, stored *s, unsigned char *out, size_t room, size_t *got, stella_error *err) {
    struct inflate_state *state = &z->state;
    if (s->at == s->end && !s->at_end) {
        const stella_status status = stored_more(s, err);
        if (status != STELLA_OK)
            return status;
    }
    state->next_in = s->at;
    state->avail_in = (uint32_t)(s->end - s->at);
    state->next_out = out;
    state->avail_out = (uint32_t)room;
    const int code = isal_inflate(state);
    s->at = state->next_in;
    *got = room - state->avail_out;
    if (code < 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the gzip data is damaged near stored offset %llu: %s",
                                (unsigned long long)stored_offset(s), reason(code));
    z->between = state->block_state == ISAL_BLOCK_FINISH;
    if (!z->between && *got == 0 && s->at == s->end && s->at_end)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the gzip data is cut short at stored offset %llu",
                                (unsigned long long)s->total);
    return STELLA_OK;
}

static stella_status gzip_produce(void *self, stored *s, unsigned char *out, size_t room, size_t *got,
                                  stella_error *err) {
    gzip *z = self;
    size_t used = 0;
    int over = 0;
    while (used < room && !over) {
        size_t more = 0;
        const stella_status status =
            z->between ? next_member(z, s, &over, err) : decode(z, s, out + used, room - used, &more, err);
        if (status != STELLA_OK)
            return status;
        used += more;
    }
    *got = used;
    return STELLA_OK;
}

const codec codec_gzip = {.create = gzip_create, .destroy = free, .produce = gzip_produce};
