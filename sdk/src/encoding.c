#include <stella/encoding.h>

void stella_hex(const void *bytes, size_t size, char *out) {
    static const char digits[] = "0123456789abcdef";
    const unsigned char *in = bytes;
    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[in[i] >> 4];
        out[2 * i + 1] = digits[in[i] & 0xf];
    }
    out[2 * size] = '\0';
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
        return (c | 0x20) - 'a' + 10;
    return -1;
}

int stella_unhex(stella_sv text, void *out, size_t size) {
    unsigned char *bytes = out;
    if (text.len % 2 != 0 || text.len / 2 != size)
        return 0;
    for (size_t i = 0; i < size; i++) {
        const int high = hex_digit(text.ptr[2 * i]), low = hex_digit(text.ptr[2 * i + 1]);
        if (high < 0 || low < 0)
            return 0;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    return 1;
}

stella_sv stella_base64(stella_sv bytes, stella_arena *arena) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const size_t groups = bytes.len / 3 + (bytes.len % 3 != 0);
    char *text = stella_arena_alloc(arena, groups, 4);
    if (!text)
        return stella_sv_of(NULL, 0);
    for (size_t i = 0; i < groups; i++) {
        const size_t left = bytes.len - 3 * i;
        const unsigned char *in = (const unsigned char *)bytes.ptr + 3 * i;
        const uint32_t bits = (uint32_t)in[0] << 16 | (left > 1 ? (uint32_t)in[1] << 8 : 0) | (left > 2 ? in[2] : 0u);
        text[4 * i] = alphabet[bits >> 18];
        text[4 * i + 1] = alphabet[bits >> 12 & 63];
        text[4 * i + 2] = '=';
        text[4 * i + 3] = '=';
        if (left > 1)
            text[4 * i + 2] = alphabet[bits >> 6 & 63];
        if (left > 2)
            text[4 * i + 3] = alphabet[bits & 63];
    }
    return stella_sv_of(text, 4 * groups);
}

/* 0 .. 63, or -1. *alphabets gets bit 0 for a character of the standard alphabet only, bit 1 for the URL-safe one. */
static int base64_digit(char c, unsigned *alphabets) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '/')
        *alphabets |= 1;
    else if (c == '-' || c == '_')
        *alphabets |= 2;
    else
        return -1;
    return c == '+' || c == '-' ? 62 : 63;
}

/* Without its padding, which must fill the last group. Returns 0 when it does not. */
static int strip_padding(stella_sv *text) {
    const size_t whole = text->len;
    while (text->len && whole - text->len < 2 && text->ptr[text->len - 1] == '=')
        text->len--;
    return text->len == whole ? whole % 4 != 1 : whole % 4 == 0;
}

static int decode(stella_sv text, unsigned char *out) {
    uint32_t bits = 0;
    unsigned held = 0, alphabets = 0;
    for (size_t i = 0; i < text.len; i++) {
        const int digit = base64_digit(text.ptr[i], &alphabets);
        if (digit < 0 || alphabets == 3)
            return 0;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            *out++ = (unsigned char)(bits >> held);
            bits &= (1u << held) - 1;
        }
    }
    return bits == 0;
}

stella_status stella_unbase64(stella_sv text, stella_arena *arena, stella_sv *out, stella_error *err) {
    if (!strip_padding(&text))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "base64 of an impossible length");
    const size_t size = text.len / 4 * 3 + text.len % 4 * 3 / 4;
    unsigned char *bytes = stella_arena_alloc(arena, size, 1);
    if (!bytes)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no room for %zu bytes", size);
    if (!decode(text, bytes))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "this is not base64");
    *out = stella_sv_of((const char *)bytes, size);
    return STELLA_OK;
}
