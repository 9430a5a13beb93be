#include "signature.h"

#include <stella/cursor.h>

#define PACKET_SIGNATURE      2
#define SUBPACKET_ISSUER      16
#define SUBPACKET_FINGERPRINT 33
#define FINGERPRINT_V4        4
#define FINGERPRINT_V4_BYTES  20
#define LENGTH_UNDETERMINED   3
#define TWO_BYTES_FROM        192
#define PARTIAL_FROM          224
#define FOUR_BYTES            255

/* A length in the new form, of packets and of subpackets (which have no partial ones). */
static uint64_t read_length(stella_cursor *c, int is_subpacket) {
    const uint32_t first = stella_cursor_u8(c);
    if (first < TWO_BYTES_FROM)
        return first;
    if (first == FOUR_BYTES)
        return stella_cursor_u32be(c);
    if (first < PARTIAL_FROM || is_subpacket)
        return ((first - TWO_BYTES_FROM) << 8) + stella_cursor_u8(c) + TWO_BYTES_FROM;
    return 1u << (first & 31);
}

static int read_packet(stella_cursor *c, uint32_t *kind, stella_sv *body) {
    const uint32_t head = stella_cursor_u8(c);
    uint64_t len;
    if (!c->ok || !(head & 0x80))
        return 0;
    if (head & 0x40) {
        *kind = head & 63;
        len = read_length(c, 0);
    } else {
        const uint32_t form = head & 3;
        *kind = head >> 2 & 15;
        len = form == 0                     ? stella_cursor_u8(c)
              : form == 1                   ? stella_cursor_u16be(c)
              : form == LENGTH_UNDETERMINED ? stella_cursor_left(c)
                                            : stella_cursor_u32be(c);
    }
    *body = stella_cursor_str(c, len);
    return c->ok;
}

static int find_issuer(stella_sv subpackets, unsigned char *out) {
    stella_cursor c = stella_cursor_of(subpackets.ptr, subpackets.len);
    while (stella_cursor_left(&c)) {
        stella_sv body = stella_cursor_str(&c, read_length(&c, 1));
        if (!c.ok || body.len == 0)
            return 0;
        const uint32_t kind = (unsigned char)body.ptr[0] & 127;
        body = stella_sv_skip(body, 1);
        const int is_id = kind == SUBPACKET_ISSUER && body.len == SIGNATURE_KEY_ID_BYTES;
        const int is_fingerprint =
            kind == SUBPACKET_FINGERPRINT && body.len == 1 + FINGERPRINT_V4_BYTES && body.ptr[0] == FINGERPRINT_V4;
        if (is_id || is_fingerprint) { /* of a fingerprint the id is the end */
            memcpy(out, body.ptr + body.len - SIGNATURE_KEY_ID_BYTES, SIGNATURE_KEY_ID_BYTES);
            return 1;
        }
    }
    return 0;
}

static int read_signature(stella_sv body, unsigned char *out) {
    stella_cursor c = stella_cursor_of(body.ptr, body.len);
    const uint8_t version = stella_cursor_u8(&c);
    if (version == 3) {
        stella_cursor_skip(&c, 1 + 1 + 4); /* length of what is hashed, kind, time */
        const stella_sv id = stella_cursor_str(&c, SIGNATURE_KEY_ID_BYTES);
        if (c.ok)
            memcpy(out, id.ptr, SIGNATURE_KEY_ID_BYTES);
        return c.ok;
    }
    if (version != 4)
        return 0;
    stella_cursor_skip(&c, 3); /* kind, algorithms */
    const uint32_t hashed_len = stella_cursor_u16be(&c);
    const stella_sv hashed = stella_cursor_str(&c, hashed_len);
    const uint32_t unhashed_len = stella_cursor_u16be(&c);
    const stella_sv unhashed = stella_cursor_str(&c, unhashed_len);
    return c.ok && (find_issuer(hashed, out) || find_issuer(unhashed, out));
}

int signature_key_id(stella_sv packets, unsigned char out[SIGNATURE_KEY_ID_BYTES]) {
    stella_cursor c = stella_cursor_of(packets.ptr, packets.len);
    uint32_t kind;
    stella_sv body;
    while (read_packet(&c, &kind, &body))
        if (kind == PACKET_SIGNATURE)
            return read_signature(body, out);
    return 0;
}
