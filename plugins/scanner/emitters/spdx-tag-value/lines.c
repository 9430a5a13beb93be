#include "spdx-tag-value/lines.h"

#define BUFFER_MAX  (80u << 20) /* a line can be as long as the longest comment */
#define FLUSH_BYTES (64u << 10)
#define REPLACEMENT "\xef\xbf\xbd"

lines lines_of(const stella_sink *sink) {
    return (lines){.sink = sink, .buffer = stella_buf_of(BUFFER_MAX)};
}

void lines_fini(lines *l) {
    stella_buf_fini(&l->buffer);
}

static void flush(lines *l) {
    if (l->error.code == STELLA_OK && l->buffer.failed)
        stella_error_set(&l->error, STELLA_E_NOMEM, NULL, "no memory for a line of the document");
    if (l->error.code == STELLA_OK && l->buffer.len) {
        const stella_status status = stella_sink_write(l->sink, stella_buf_sv(&l->buffer), &l->error);
        l->error.code = status; /* also when the sink did not say more */
    }
    l->buffer.len = 0;
}

void lines_begin(lines *l, const char *tag) {
    stella_buf_add(&l->buffer, stella_sv_cstr(tag));
    stella_buf_add(&l->buffer, STELLA_SV(": "));
}

void lines_end(lines *l) {
    stella_buf_u8(&l->buffer, '\n');
    if (l->buffer.len >= FLUSH_BYTES)
        flush(l);
}

/* Whether readers take the character at the front, of that length, for the end of a line, or it is a control one. */
static int is_control(stella_sv text, size_t size) {
    const unsigned char first = (unsigned char)text.ptr[0];
    if (size == 1)
        return first < 0x20 || first == 0x7f;
    if (size == 2)
        return first == 0xc2 && (unsigned char)text.ptr[1] < 0xa0;
    return size == 3 && (memcmp(text.ptr, "\xe2\x80\xa8", 3) == 0 || memcmp(text.ptr, "\xe2\x80\xa9", 3) == 0);
}

static int is_plain(char byte) {
    return (byte >= 0x20 && byte < 0x7f && byte != '<') || byte == '\n';
}

/* The marks of a text of several lines must not appear inside a value: a blank goes behind their '<'. */
static int is_mark(stella_sv text) {
    return stella_sv_starts(text, STELLA_SV("<text>")) || stella_sv_starts(text, STELLA_SV("</text>"));
}

static void add(lines *l, stella_sv text, int keeps_lines) {
    while (text.len) {
        size_t run = 0;
        while (run < text.len && is_plain(text.ptr[run]) && (keeps_lines || text.ptr[run] != '\n'))
            run++;
        stella_buf_add(&l->buffer, stella_sv_first(text, run));
        text = stella_sv_skip(text, run);
        if (text.len == 0)
            break;
        const size_t size = stella_sv_utf8(text);
        const int is_kept = size && (!is_control(text, size) || (keeps_lines && text.ptr[0] == '\t'));
        stella_buf_add(&l->buffer, is_kept ? stella_sv_first(text, size) : STELLA_SV(REPLACEMENT));
        if (is_mark(text))
            stella_buf_u8(&l->buffer, ' ');
        text = stella_sv_skip(text, size ? size : 1);
    }
}

void lines_add(lines *l, stella_sv text) {
    add(l, text, 0);
}

void lines_write(lines *l, const char *tag, stella_sv value) {
    if (value.len == 0)
        return;
    lines_begin(l, tag);
    lines_add(l, value);
    lines_end(l);
}

void lines_write_text(lines *l, const char *tag, stella_sv value) {
    if (value.len == 0)
        return;
    lines_begin(l, tag);
    stella_buf_add(&l->buffer, STELLA_SV("<text>"));
    add(l, value, 1);
    stella_buf_add(&l->buffer, STELLA_SV("</text>"));
    lines_end(l);
}

void lines_title(lines *l, const char *title) {
    stella_buf_printf(&l->buffer, "\n## %s\n\n", title);
}

stella_status lines_finish(lines *l, stella_error *err) {
    flush(l);
    if (l->error.code != STELLA_OK && err)
        *err = l->error;
    return l->error.code;
}
