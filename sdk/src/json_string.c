#include "json_string.h"

#include "utf8.h"

/* Whether one of eight bytes may end plain text: a control character, a quote, a backslash, or not ASCII. Each term is
 * the usual test for a zero byte or a byte below n; a borrow from the byte before can only report too much. */
static int has_special(uint64_t word) {
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t quote = word ^ ones * '"';
    const uint64_t backslash = word ^ ones * '\\';
    return (((word - ones * 0x20) | (quote - ones) | (backslash - ones) | word) & ones * 0x80) != 0;
}

static int is_plain(unsigned char byte) {
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

const char *stella_json_text_end(const char *at, const char *end) {
    for (;;) {
        for (uint64_t word; end - at >= (ptrdiff_t)sizeof word; at += sizeof word) {
            memcpy(&word, at, sizeof word);
            if (has_special(word))
                break;
        }
        while (at < end && is_plain((unsigned char)*at))
            at++;
        if (at == end || (unsigned char)*at < 0x80)
            return at;
        const size_t size = utf8_sequence(at, end);
        if (size == 0)
            return at;
        at += size;
    }
}

/* Four hex digits, or -1. */
static int32_t read_unit(const char *at, const char *end) {
    int32_t unit = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const char c = at[i];
        if (c >= '0' && c <= '9')
            unit = unit << 4 | (c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            unit = unit << 4 | ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return unit;
}

/* The character of "\uXXXX" or of a surrogate pair; *at stands behind the 'u'. */
static const char *read_unicode(const char **at, const char *end, uint32_t *code) {
    const int32_t unit = read_unit(*at, end);
    if (unit < 0)
        return "\\u needs four hex digits";
    if (unit < 0xd800 || unit > 0xdfff) {
        *at += 4;
        *code = (uint32_t)unit;
        return NULL;
    }
    const int is_pair = unit < 0xdc00 && end - *at >= 10 && (*at)[4] == '\\' && (*at)[5] == 'u';
    const int32_t low = is_pair ? read_unit(*at + 6, end) : -1;
    if (low < 0xdc00 || low > 0xdfff)
        return "a surrogate stands alone";
    *at += 10;
    *code = 0x10000 + ((uint32_t)(unit - 0xd800) << 10 | (uint32_t)(low - 0xdc00));
    return NULL;
}

/* Decodes the escape at the backslash. Returns what is wrong with it, or NULL. */
static const char *read_escape(const char **at, const char *end, char out[4], size_t *size) {
    static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    if (end - *at < 2)
        return "the document ends too early";
    const char letter = (*at)[1];
    if (letter == 'u') {
        const char *digits = *at + 2;
        uint32_t code;
        const char *what = read_unicode(&digits, end, &code);
        if (what)
            return what;
        *size = utf8_encode(code, out);
        *at = digits;
        return NULL;
    }
    const char *hit = memchr(letters, letter, sizeof letters - 1);
    if (!hit)
        return "this escape does not exist";
    out[0] = bytes[hit - letters];
    *size = 1;
    *at += 2;
    return NULL;
}

static const char *why_stopped(const char *at, const char *end) {
    if (at == end)
        return "the document ends too early";
    return (unsigned char)*at < 0x20 ? "a control character inside a string" : "this is not UTF-8";
}

/* The slow way, for strings with escapes: text so far, escape, text, escape ... */
static stella_status unescape_into(const char **at, const char *from, const char *end, stella_buf *scratch,
                                   const char **what) {
    scratch->len = 0;
    for (;;) {
        stella_status status = stella_buf_add(scratch, stella_sv_of(from, (size_t)(*at - from)));
        if (*at == end || (*at)[0] != '\\') {
            if (status == STELLA_OK && *at < end && **at == '"')
                return STELLA_OK;
            *what = status == STELLA_OK ? why_stopped(*at, end) : "the string is too long";
            return status == STELLA_OK ? STELLA_E_FORMAT : status;
        }
        char decoded[4];
        size_t size = 0;
        *what = read_escape(at, end, decoded, &size);
        if (*what)
            return STELLA_E_FORMAT;
        if (status == STELLA_OK)
            status = stella_buf_add(scratch, stella_sv_of(decoded, size));
        if (status != STELLA_OK) {
            *what = "the string is too long";
            return status;
        }
        from = *at;
        *at = stella_json_text_end(from, end);
    }
}

stella_status stella_json_unescape(const char **at, const char *end, stella_buf *scratch, stella_sv *out,
                                   const char **what) {
    const char *start = *at;
    *at = stella_json_text_end(start, end);
    const size_t size = (size_t)(*at - start);
    if (*at < end && **at == '"') {
        if (size > scratch->max) {
            *what = "the string is too long";
            return STELLA_E_LIMIT;
        }
        *out = stella_sv_of(start, size);
        (*at)++;
        return STELLA_OK;
    }
    const stella_status status = unescape_into(at, start, end, scratch, what);
    if (status != STELLA_OK)
        return status;
    *out = stella_buf_sv(scratch);
    (*at)++;
    return STELLA_OK;
}

size_t stella_json_escape(unsigned char byte, char out[6]) {
    static const char bytes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt", digits[] = "0123456789abcdef";
    out[0] = '\\';
    const char *hit = memchr(bytes, byte, sizeof bytes - 1);
    if (hit) {
        out[1] = letters[hit - bytes];
        return 2;
    }
    memcpy(out + 1, "u00", 3);
    out[4] = digits[byte >> 4];
    out[5] = digits[byte & 0xf];
    return 6;
}
