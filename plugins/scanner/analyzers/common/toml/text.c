#include "parse.h"

/* A string's bytes between its quotes, before escapes are read. */
typedef struct span {
    stella_sv raw;
    char quote;
    int is_multiline;
    int is_plain; /* the bytes are the text */
} span;

static int is_control(int byte) {
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

static int at_three(const toml_parser *p, char quote) {
    return p->end - p->at >= 3 && p->at[0] == quote && p->at[1] == quote && p->at[2] == quote;
}

/* Whether the string ends here. Of four or five quotes at the end of a multi-line string the first are text. */
static int ends_here(toml_parser *p, const span *s) {
    if (!s->is_multiline)
        return *p->at == s->quote;
    if (!at_three(p, s->quote))
        return 0;
    for (int extra = 0; extra < 2 && p->end - p->at > 3 && p->at[3] == s->quote; extra++)
        p->at++;
    return 1;
}

/* A line end, bare or with \r, in a string. */
static stella_status step_line(toml_parser *p, span *s) {
    if (!s->is_multiline)
        return toml_fail(p, "a string is not closed");
    if (*p->at == '\r') {
        s->is_plain = 0;
        p->at++;
        if (toml_peek(p) != '\n')
            return toml_fail(p, "a carriage return without line feed");
    }
    p->at++;
    p->line++;
    return STELLA_OK;
}

static stella_status find_end(toml_parser *p, span *s) {
    const char *start = p->at;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK) {
        const int byte = toml_peek(p);
        if (byte < 0)
            return toml_fail(p, "a string is not closed");
        if (byte == s->quote && ends_here(p, s))
            break;
        if (byte == '\n' || byte == '\r') {
            status = step_line(p, s);
            continue;
        }
        if (is_control(byte))
            return toml_fail(p, "a control character in a string");
        p->at++;
        if (byte == '\\' && s->quote == '"') {
            s->is_plain = 0;
            if (toml_peek(p) == '"' || toml_peek(p) == '\\')
                p->at++;
        }
    }
    s->raw = stella_sv_of(start, (size_t)(p->at - start));
    p->at += status == STELLA_OK ? (s->is_multiline ? 3 : 1) : 0;
    return status;
}

/* Writes a code point as UTF-8. Returns the bytes, 0 for none that may be. */
static size_t put_utf8(char *out, uint32_t code) {
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const size_t extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(lead[extra] | code >> 6 * extra);
    for (size_t i = 1; i <= extra; i++)
        out[i] = (char)(0x80 | (code >> 6 * (extra - i) & 0x3f));
    return extra + 1;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The digits of \u or \U at the front of *raw, into out. Returns the bytes written, 0 when they are wrong. */
static size_t decode_code(stella_sv *raw, size_t digits, char *out) {
    uint32_t code = 0;
    if (raw->len < digits)
        return 0;
    for (size_t i = 0; i < digits; i++) {
        const int digit = hex_digit(raw->ptr[i]);
        if (digit < 0)
            return 0;
        code = code << 4 | (uint32_t)digit;
    }
    *raw = stella_sv_skip(*raw, digits);
    return put_utf8(out, code);
}

/* A backslash at the end of a line: that line end and all blanks behind it are no text. */
static int skip_folded(stella_sv *raw) {
    size_t at = 0;
    int has_line_end = 0;
    for (; at < raw->len; at++) {
        const char c = raw->ptr[at];
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            break;
        has_line_end |= c == '\n';
    }
    /* blanks before the line end are allowed, blanks without one are not */
    *raw = stella_sv_skip(*raw, at);
    return has_line_end;
}

/* What follows a backslash. Returns 0 when it is no escape. */
static int decode_escape(const span *s, stella_sv *raw, char *out, size_t *len) {
    static const char names[] = "btnfr\"\\", values[] = "\b\t\n\f\r\"\\";
    const char c = raw->len ? raw->ptr[0] : '\0';
    const char *name = c ? strchr(names, c) : NULL;
    if (s->is_multiline && (c == ' ' || c == '\t' || c == '\r' || c == '\n'))
        return skip_folded(raw);
    if (name) {
        out[(*len)++] = values[name - names];
        *raw = stella_sv_skip(*raw, 1);
        return 1;
    }
    if (c != 'u' && c != 'U')
        return 0;
    *raw = stella_sv_skip(*raw, 1);
    const size_t put = decode_code(raw, c == 'u' ? 4 : 8, out + *len);
    *len += put;
    return put != 0;
}

/* No escape is shorter than what it stands for. */
static stella_status decode(const toml_parser *p, const span *s, stella_sv *out) {
    char *text = stella_arena_alloc(p->arena, s->raw.len + 1, 1);
    stella_sv raw = s->raw;
    size_t len = 0;
    if (!text)
        return toml_fail_memory(p);
    while (raw.len) {
        const char c = raw.ptr[0];
        raw = stella_sv_skip(raw, 1);
        if (c == '\\' && s->quote == '"') {
            if (!decode_escape(s, &raw, text, &len))
                return toml_fail(p, "an escape that TOML does not have, in a string that ends here");
        } else if (c != '\r') {
            text[len++] = c;
        }
    }
    *out = stella_sv_of(text, len);
    return STELLA_OK;
}

stella_status toml_string(toml_parser *p, int may_span_lines, stella_sv *out) {
    span s = {.quote = *p->at, .is_plain = 1};
    s.is_multiline = at_three(p, s.quote);
    if (s.is_multiline && !may_span_lines)
        return toml_fail(p, "a multi-line string where none may be");
    p->at += s.is_multiline ? 3 : 1;
    if (s.is_multiline && (toml_take(p, STELLA_SV("\n")) || toml_take(p, STELLA_SV("\r\n"))))
        p->line++;
    const stella_status status = find_end(p, &s);
    if (status != STELLA_OK)
        return status;
    if (!s.is_plain)
        return decode(p, &s, out);
    *out = s.raw;
    return STELLA_OK;
}
