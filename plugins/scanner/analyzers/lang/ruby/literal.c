#include "literal.h"

#include <stella/auto.h>
#include <stella/sink.h>

typedef struct quoted {
    stella_sv raw;
    int is_plain; /* 1: as '...' and %q have it: no expressions, hardly any escapes */
} quoted;

static char closing(char open) {
    switch (open) {
    case '(':
        return ')';
    case '<':
        return '>';
    case '[':
        return ']';
    case '{':
        return '}';
    default:
        return open;
    }
}

/* Bytes of the text that begins at the front with open; text.len when it has no end. Brackets nest. */
static size_t body_length(stella_sv text, char open) {
    const char close = closing(open);
    size_t depth = 1, i = 0;
    for (; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else if (text.ptr[i] == close && --depth == 0)
            return i;
        else if (text.ptr[i] == open && open != close)
            depth++;
    }
    return text.len;
}

/* Bytes in front of the body: 1 for a quote, 3 for "%q<", 0 when no text begins here. */
static size_t opening(stella_sv text, int *is_plain) {
    if (text.ptr[0] == '"' || text.ptr[0] == '\'') {
        *is_plain = text.ptr[0] == '\'';
        return 1;
    }
    if (text.len < 3 || text.ptr[0] != '%' || (text.ptr[1] != 'q' && text.ptr[1] != 'Q'))
        return 0;
    *is_plain = text.ptr[1] == 'q';
    return memchr("<([{|!", text.ptr[2], 6) ? 3 : 0;
}

/* out->raw.ptr is NULL when the line has no more. */
static stella_status take_quoted(stella_sv *line, quoted *out, stella_error *err) {
    out->raw = stella_sv_of(NULL, 0);
    for (; line->len && line->ptr[0] != '#'; *line = stella_sv_skip(*line, 1)) {
        const size_t open = opening(*line, &out->is_plain);
        if (open == 0)
            continue;
        const stella_sv body = stella_sv_skip(*line, open);
        const size_t len = body_length(body, line->ptr[open - 1]);
        if (len >= body.len)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "a quoted text has no end");
        out->raw = stella_sv_first(body, len);
        *line = stella_sv_skip(body, len + 1);
        return STELLA_OK;
    }
    return STELLA_OK;
}

/* ---- decoding ------------------------------------------------------------------------------------------------------
 */

typedef struct decoding {
    const literal_values *values;
    stella_sv rest;
    stella_buf text;
} decoding;

static void decoding_fini(decoding *d) {
    stella_buf_fini(&d->text);
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Takes up to max hexadecimal digits; returns how many there were. */
static size_t take_hex(stella_sv *rest, size_t max, uint32_t *value) {
    size_t count = 0;
    for (*value = 0; count < max && count < rest->len && hex_digit(rest->ptr[count]) >= 0; count++)
        *value = *value << 4 | (uint32_t)hex_digit(rest->ptr[count]);
    *rest = stella_sv_skip(*rest, count);
    return count;
}

static stella_status add_code_point(stella_buf *out, uint32_t c, stella_error *err) {
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "an escape is no Unicode character");
    if (c < 0x80)
        return stella_buf_u8(out, (uint8_t)c);
    if (c >= 0x10000) {
        (void)stella_buf_u8(out, (uint8_t)(0xf0 | c >> 18));
        (void)stella_buf_u8(out, (uint8_t)(0x80 | (c >> 12 & 63)));
    } else if (c >= 0x800) {
        (void)stella_buf_u8(out, (uint8_t)(0xe0 | c >> 12));
    }
    (void)stella_buf_u8(out, (uint8_t)(c >= 0x800 ? 0x80 | (c >> 6 & 63) : 0xc0 | c >> 6));
    return stella_buf_u8(out, (uint8_t)(0x80 | (c & 63)));
}

/* "\u00e9" and "\u{1f600 e9}": behind the u. */
static stella_status unicode_escape(decoding *d, stella_error *err) {
    uint32_t c;
    if (d->rest.len == 0 || d->rest.ptr[0] != '{') {
        if (take_hex(&d->rest, 4, &c) != 4)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "an escape is not whole");
        return add_code_point(&d->text, c, err);
    }
    stella_sv list = stella_sv_first(d->rest, stella_sv_find(d->rest, '}'));
    d->rest = stella_sv_skip(d->rest, list.len + 1);
    list = stella_sv_skip(list, 1);
    while ((list = stella_sv_trim(list)).len) {
        if (take_hex(&list, 6, &c) == 0)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "an escape is no Unicode character");
        const stella_status status = add_code_point(&d->text, c, err);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

static stella_status escape(decoding *d, stella_error *err) {
    static const char named[] = "n\nt\tr\ra\ab\be\033f\fs v\v0\0";
    const char c = d->rest.ptr[0];
    uint32_t value;
    d->rest = stella_sv_skip(d->rest, 1);
    if (c == 'u')
        return unicode_escape(d, err);
    if (c == 'x') {
        if (take_hex(&d->rest, 2, &value) == 0)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "an escape is not whole");
        return stella_buf_u8(&d->text, (uint8_t)value);
    }
    for (size_t i = 0; i + 1 < sizeof named; i += 2)
        if (named[i] == c)
            return stella_buf_u8(&d->text, (uint8_t)named[i + 1]);
    return stella_buf_u8(&d->text, (uint8_t)c);
}

/* "#{s.name}": behind the brace. */
static stella_status expression(decoding *d, stella_error *err) {
    const size_t end = stella_sv_find(d->rest, '}');
    stella_sv text = stella_sv_trim(stella_sv_first(d->rest, end)), value = {0};
    const size_t dot = stella_sv_find(text, '.');
    text = stella_sv_skip(text, dot + 1);
    if (stella_sv_eq(text, STELLA_SV("name")))
        value = d->values->name;
    else if (stella_sv_eq(text, STELLA_SV("version")))
        value = d->values->version;
    if (value.len == 0 || end == d->rest.len)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "an expression of Ruby stands where a text is wanted");
    d->rest = stella_sv_skip(d->rest, end + 1);
    return stella_buf_add(&d->text, value);
}

static stella_status decode_rest(decoding *d, int is_plain, stella_error *err) {
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && d->rest.len) {
        const char c = d->rest.ptr[0];
        d->rest = stella_sv_skip(d->rest, 1);
        if (c == '\\' && d->rest.len && (!is_plain || memchr("\\'", d->rest.ptr[0], 2)))
            status = escape(d, err);
        else if (c == '#' && !is_plain && d->rest.len && d->rest.ptr[0] == '{') {
            d->rest = stella_sv_skip(d->rest, 1);
            status = expression(d, err);
        } else
            status = stella_buf_u8(&d->text, (uint8_t)c);
    }
    return status;
}

static stella_status decode(const quoted *q, const literal_values *values, stella_arena *arena, stella_sv *out,
                            stella_error *err) {
    if (stella_sv_find(q->raw, '\\') == q->raw.len && (q->is_plain || stella_sv_find(q->raw, '#') == q->raw.len)) {
        *out = q->raw;
        return STELLA_OK;
    }
    STELLA_AUTO(decoding_fini)
    decoding d = {.values = values, .rest = q->raw, .text = stella_buf_of(LITERAL_MAX)};
    const stella_status status = decode_rest(&d, q->is_plain, err);
    if (status == STELLA_E_LIMIT || status == STELLA_E_NOMEM)
        return stella_error_set(err, status, NULL, "a quoted text is too long");
    if (status == STELLA_OK) {
        const stella_sv text = stella_arena_dup(arena, stella_buf_sv(&d.text));
        if (!text.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a quoted text");
        *out = text;
    }
    return status;
}

stella_status literal_next(stella_sv *line, const literal_values *values, stella_arena *arena, stella_sv *out,
                           int *found, stella_error *err) {
    quoted q = {0};
    stella_status status = take_quoted(line, &q, err);
    if (status == STELLA_OK && q.raw.ptr)
        status = decode(&q, values, arena, out, err);
    if (status == STELLA_OK)
        *found = q.raw.ptr != NULL;
    return status;
}
