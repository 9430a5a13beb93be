#include "xml_writer.h"

#include <assert.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static void flush(xml_writer *w) {
    if (w->error.code == STELLA_OK && w->used) {
        const stella_status status = stella_sink_write(w->sink, stella_sv_of(w->buffer, w->used), &w->error);
        if (status != STELLA_OK)
            w->error.code = status; /* also when the sink did not say more */
    }
    w->used = 0;
}

static void put_pieces(xml_writer *w, const char *bytes, size_t size) {
    while (size) {
        if (w->used == sizeof w->buffer)
            flush(w);
        const size_t room = sizeof w->buffer - w->used, piece = size < room ? size : room;
        memcpy(w->buffer + w->used, bytes, piece);
        w->used += (uint32_t)piece;
        bytes += piece;
        size -= piece;
    }
}

static inline void put(xml_writer *w, const char *bytes, size_t size) {
    if (size > sizeof w->buffer - w->used) {
        put_pieces(w, bytes, size);
        return;
    }
    if (size)
        memcpy(w->buffer + w->used, bytes, size);
    w->used += (uint32_t)size;
}

static void put_cstr(xml_writer *w, const char *text) {
    put(w, text, strlen(text));
}

/* What stands for a byte of well-formed UTF-8 that cannot stand for itself, else NULL. In an attribute a reader would
 * make blanks of line breaks and tabs, and anywhere a line feed of a carriage return. */
static const char *escape_of(unsigned char byte, int is_attribute) {
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return is_attribute ? "&quot;" : NULL;
    case '\t':
        return is_attribute ? "&#9;" : NULL;
    case '\n':
        return is_attribute ? "&#10;" : NULL;
    case '\r':
        return "&#13;";
    default:
        return byte < 0x20 ? REPLACEMENT : NULL;
    }
}

/* U+FFFE and U+FFFF are UTF-8, but no characters of XML. */
static int is_no_character(const char *at, const char *end) {
    return end - at >= 3 && memcmp(at, "\xef\xbf", 2) == 0 && ((unsigned char)at[2] & 0xfe) == 0xbe;
}

/* Whether escape_of may have something to say; the first byte of U+FFFE and U+FFFF too. */
static inline int is_plain(unsigned char byte) {
    return byte >= 0x20 && byte != '&' && byte != '<' && byte != '>' && byte != '"' && byte != 0xef;
}

static void put_wellformed(xml_writer *w, stella_sv text, int is_attribute) {
    const char *from = text.ptr, *const end = text.ptr + text.len;
    for (const char *at = from; at < end;) {
        const unsigned char byte = (unsigned char)*at;
        if (is_plain(byte)) {
            at++;
            continue;
        }
        const size_t size = byte == 0xef && is_no_character(at, end) ? 3 : 1;
        const char *escape = size == 3 ? REPLACEMENT : escape_of(byte, is_attribute);
        if (escape) {
            put(w, from, (size_t)(at - from));
            put_cstr(w, escape);
            from = at + size;
        }
        at += size;
    }
    put(w, from, (size_t)(end - from));
}

static void put_text(xml_writer *w, stella_sv text, int is_attribute) {
    while (text.len) {
        const size_t good = stella_sv_utf8_prefix(text);
        if (good)
            put_wellformed(w, stella_sv_first(text, good), is_attribute);
        if (good < text.len)
            put_cstr(w, REPLACEMENT);
        text = stella_sv_skip(text, good + 1);
    }
}

static void put_line(xml_writer *w) {
    static const char blanks[] = "\n                                ";
    put(w, blanks, 1 + (size_t)2 * w->depth);
}

static void close_tag(xml_writer *w) {
    if (w->is_tag_open)
        put(w, ">", 1);
    w->is_tag_open = 0;
}

void xml_writer_init(xml_writer *w, const stella_sink *sink) {
    w->sink = sink;
    w->error = (stella_error){0};
    w->depth = w->used = 0;
    w->is_tag_open = 0;
    put_cstr(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
}

void xml_begin(xml_writer *w, const char *name) {
    assert(w->depth < XML_DEPTH_MAX);
    close_tag(w);
    put_line(w);
    put(w, "<", 1);
    put_cstr(w, name);
    w->names[w->depth++] = name;
    w->is_tag_open = 1;
}

void xml_attribute(xml_writer *w, const char *name, stella_sv value) {
    assert(w->is_tag_open);
    put(w, " ", 1);
    put_cstr(w, name);
    put(w, "=\"", 2);
    put_text(w, value, 1);
    put(w, "\"", 1);
}

static void put_end_tag(xml_writer *w, const char *name) {
    put(w, "</", 2);
    put_cstr(w, name);
    put(w, ">", 1);
}

void xml_end(xml_writer *w) {
    assert(w->depth);
    const char *name = w->names[--w->depth];
    if (w->is_tag_open) {
        put(w, "/>", 2);
        w->is_tag_open = 0;
        return;
    }
    put_line(w);
    put_end_tag(w, name);
}

void xml_text_end(xml_writer *w, stella_sv text) {
    assert(w->is_tag_open);
    close_tag(w);
    put_text(w, text, 0);
    put_end_tag(w, w->names[--w->depth]);
}

void xml_element(xml_writer *w, const char *name, stella_sv text) {
    xml_begin(w, name);
    xml_text_end(w, text);
}

void xml_element_opt(xml_writer *w, const char *name, stella_sv text) {
    if (text.len)
        xml_element(w, name, text);
}

stella_status xml_writer_finish(xml_writer *w, stella_error *err) {
    assert(w->depth == 0 && !w->is_tag_open);
    put(w, "\n", 1);
    flush(w);
    if (w->error.code != STELLA_OK && err)
        *err = w->error;
    return w->error.code;
}
