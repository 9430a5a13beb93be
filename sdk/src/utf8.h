/* utf8.h - well-formed UTF-8 (Unicode 15, table 3-7), for reading and writing. */
#ifndef STELLA_SRC_UTF8_H
#define STELLA_SRC_UTF8_H

#include <stella/sv.h>

/* The length of the well-formed sequence at the front of what is left (1 to 4), or 0 when there is none. */
static inline size_t utf8_sequence(const char *at, const char *end) {
    const unsigned char *s = (const unsigned char *)at;
    const size_t left = (size_t)(end - at);
    if (left == 0)
        return 0;
    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xe0)
        return s[0] >= 0xc2 && left > 1 && (s[1] & 0xc0) == 0x80 ? 2 : 0;
    if (left < 3 || (s[1] & 0xc0) != 0x80 || (s[2] & 0xc0) != 0x80)
        return 0;
    if (s[0] < 0xf0) /* not longer than needed, not a surrogate */
        return (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ? 0 : 3;
    if (left < 4 || (s[3] & 0xc0) != 0x80 || s[0] > 0xf4)
        return 0;
    return (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f) ? 0 : 4;
}

static inline size_t utf8_encode(uint32_t code, char out[4]) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

#endif
