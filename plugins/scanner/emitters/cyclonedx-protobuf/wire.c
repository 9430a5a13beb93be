#include "wire.h"

#include <assert.h>

enum { VARINT = 0, LENGTH = 2, FIXED32 = 5 };

wire wire_of(size_t max) {
    return (wire){.buf = stella_buf_of(max)};
}

void wire_fini(wire *w) {
    stella_buf_fini(&w->buf);
}

static void put(wire *w, const void *bytes, size_t size) {
    if (w->status == STELLA_OK)
        w->status = stella_buf_add(&w->buf, stella_sv_of(bytes, size));
}

static size_t varint(uint64_t value, unsigned char out[10]) {
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        out[size++] = (unsigned char)(value | 0x80);
    out[size++] = (unsigned char)value;
    return size;
}

/* A tag and the number behind it: a value, or a length. */
static void put_head(wire *w, uint32_t field, uint32_t type, uint64_t value) {
    unsigned char bytes[20];
    const size_t tag = varint((uint64_t)field << 3 | type, bytes);
    put(w, bytes, tag + varint(value, bytes + tag));
}

void wire_number(wire *w, uint32_t field, uint64_t value) {
    put_head(w, field, VARINT, value);
}

void wire_one(wire *w, uint32_t field) {
    unsigned char bytes[14];
    const size_t tag = varint((uint64_t)field << 3 | FIXED32, bytes);
    memcpy(bytes + tag, "\0\0\x80\x3f", 4);
    put(w, bytes, tag + 4);
}

static void put_replaced(wire *w, stella_sv text) {
    while (text.len) {
        const size_t good = stella_sv_utf8_prefix(text);
        put(w, text.ptr, good);
        if (good < text.len)
            put(w, "\xef\xbf\xbd", 3);
        text = stella_sv_skip(text, good + 1);
    }
}

void wire_text(wire *w, uint32_t field, stella_sv text) {
    if (stella_sv_utf8_prefix(text) == text.len) {
        put_head(w, field, LENGTH, text.len);
        put(w, text.ptr, text.len);
        return;
    }
    wire_begin(w, field); /* the length is known afterwards, as that of a message is */
    put_replaced(w, text);
    wire_end(w);
}

void wire_text_opt(wire *w, uint32_t field, stella_sv text) {
    if (text.len)
        wire_text(w, field, text);
}

void wire_begin(wire *w, uint32_t field) {
    assert(w->depth < WIRE_DEPTH_MAX);
    put_head(w, field, LENGTH, 0); /* room for the length of most messages */
    w->starts[w->depth++] = w->buf.len;
}

void wire_end(wire *w) {
    assert(w->depth);
    const size_t start = w->starts[--w->depth];
    if (w->status != STELLA_OK)
        return;
    const size_t length = w->buf.len - start;
    unsigned char bytes[10];
    const size_t size = varint(length, bytes);
    put(w, "\0\0\0\0\0\0\0\0\0", size - 1); /* a longer one pushes the content on */
    if (w->status != STELLA_OK)
        return;
    memmove(w->buf.ptr + start + size - 1, w->buf.ptr + start, length);
    memcpy(w->buf.ptr + start - 1, bytes, size);
}

stella_status wire_flush(wire *w, const stella_sink *sink, stella_error *err) {
    assert(w->depth == 0);
    if (w->status != STELLA_OK)
        return stella_error_set(err, w->status, NULL, "a message of the document is too large");
    const stella_status status = stella_sink_write(sink, stella_buf_sv(&w->buf), err);
    w->buf.len = 0;
    return status;
}
