#include <stella/cursor.h>

stella_cursor stella_cursor_of(const void *bytes, size_t size) {
    const unsigned char *start = bytes ? bytes : (const unsigned char *)"";
    return (stella_cursor){.start = start, .at = start, .end = start + (bytes ? size : 0), .ok = 1};
}

/* The one place where a length is compared with what is left. */
static const unsigned char *take(stella_cursor *c, uint64_t size) {
    if (!c->ok || size > (uint64_t)(c->end - c->at)) {
        c->ok = 0;
        return NULL;
    }
    const unsigned char *taken = c->at;
    c->at += size;
    return taken;
}

static uint64_t little(stella_cursor *c, unsigned size) {
    const unsigned char *bytes = take(c, size);
    uint64_t value = 0;
    for (unsigned i = size; bytes && i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

static uint64_t big(stella_cursor *c, unsigned size) {
    const unsigned char *bytes = take(c, size);
    uint64_t value = 0;
    for (unsigned i = 0; bytes && i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

uint8_t stella_cursor_u8(stella_cursor *c) {
    return (uint8_t)little(c, 1);
}

uint16_t stella_cursor_u16le(stella_cursor *c) {
    return (uint16_t)little(c, 2);
}

uint16_t stella_cursor_u16be(stella_cursor *c) {
    return (uint16_t)big(c, 2);
}

uint32_t stella_cursor_u32le(stella_cursor *c) {
    return (uint32_t)little(c, 4);
}

uint32_t stella_cursor_u32be(stella_cursor *c) {
    return (uint32_t)big(c, 4);
}

uint64_t stella_cursor_u64le(stella_cursor *c) {
    return little(c, 8);
}

uint64_t stella_cursor_u64be(stella_cursor *c) {
    return big(c, 8);
}

uint64_t stella_cursor_varint(stella_cursor *c) {
    uint64_t value = 0;
    if (c->ok && c->at < c->end && *c->at < 0x80) /* most are small */
        return *c->at++;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const uint8_t byte = stella_cursor_u8(c);
        if (shift == 63 && byte > 1)
            break;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return c->ok ? value : 0;
    }
    c->ok = 0;
    return 0;
}

stella_sv stella_cursor_str(stella_cursor *c, uint64_t size) {
    const unsigned char *bytes = take(c, size);
    return stella_sv_of((const char *)bytes, bytes ? (size_t)size : 0);
}

void stella_cursor_skip(stella_cursor *c, uint64_t size) {
    (void)take(c, size);
}

void stella_cursor_seek(stella_cursor *c, uint64_t offset) {
    if (!c->ok || offset > (uint64_t)(c->end - c->start))
        c->ok = 0;
    else
        c->at = c->start + offset;
}

int stella_cursor_line(stella_cursor *c, stella_sv *line) {
    const size_t left = stella_cursor_left(c);
    if (left == 0)
        return 0;
    const unsigned char *newline = memchr(c->at, '\n', left);
    const size_t len = newline ? (size_t)(newline - c->at) : left;
    *line = stella_sv_of((const char *)c->at, len);
    if (newline && len && line->ptr[len - 1] == '\r')
        line->len--;
    c->at += newline ? len + 1 : len;
    return 1;
}
