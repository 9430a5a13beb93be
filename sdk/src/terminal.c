#include <stella/terminal.h>

#include "utf8.h"

#include <stella/auto.h>

#define ESCAPE_MAX 4 /* bytes that one byte may become: \xNN; \uNNNN stands for two bytes or more */

/* The length of the well-formed sequence at the start of the text and its code point, or 0. */
static size_t decode(stella_sv text, uint32_t *code) {
    const size_t len = utf8_sequence(text.ptr, text.ptr + text.len);
    if (len == 0)
        return 0;
    const unsigned char first = (unsigned char)text.ptr[0];
    *code = len == 1 ? first : first & (0x7fu >> len);
    for (size_t i = 1; i < len; i++)
        *code = *code << 6 | ((unsigned char)text.ptr[i] & 0x3f);
    return len;
}

/* Line and paragraph separators, and the marks, embeddings, overrides and isolates of bidirectional text. */
static int changes_layout(uint32_t code) {
    return code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

static stella_status add_control(stella_buf *out, uint32_t code) {
    switch (code) {
    case '\n':
        return stella_buf_add(out, STELLA_SV("\\n"));
    case '\r':
        return stella_buf_add(out, STELLA_SV("\\r"));
    case '\t':
        return stella_buf_add(out, STELLA_SV("\\t"));
    default:
        return stella_buf_printf(out, "\\x%02x", (unsigned)code);
    }
}

static int is_control(uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

stella_status stella_terminal_add(stella_buf *out, stella_sv text) {
    stella_status status = STELLA_OK;
    size_t plain = 0; /* bytes at the front of the text that go out as they are */
    while (plain < text.len && status == STELLA_OK) {
        uint32_t code = (unsigned char)text.ptr[plain];
        const size_t len = decode(stella_sv_skip(text, plain), &code);
        if (len && !is_control(code) && !changes_layout(code)) {
            plain += len;
            continue;
        }
        status = stella_buf_add(out, stella_sv_first(text, plain));
        text = stella_sv_skip(text, plain);
        if (status == STELLA_OK)
            status = len && changes_layout(code) ? stella_buf_printf(out, "\\u%04x", (unsigned)code)
                                                 : add_control(out, code);
        text = stella_sv_skip(text, len ? len : 1);
        plain = 0;
    }
    return status == STELLA_OK ? stella_buf_add(out, text) : status;
}

const char *stella_terminal_cstr(stella_arena *arena, stella_sv text) {
    STELLA_AUTO(stella_buf_fini) stella_buf safe = stella_buf_of(text.len * ESCAPE_MAX + 1);
    if (stella_terminal_add(&safe, text) != STELLA_OK)
        return NULL;
    return stella_arena_cstr(arena, stella_buf_sv(&safe));
}
