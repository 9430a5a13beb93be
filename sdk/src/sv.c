#include <stella/sv.h>

#include "utf8.h"

static int is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static unsigned char lower(char c) {
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

int stella_sv_ieq(stella_sv a, stella_sv b) {
    if (a.len != b.len)
        return 0;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return 0;
    return 1;
}

size_t stella_sv_find(stella_sv sv, char byte) {
    const char *hit = sv.len ? memchr(sv.ptr, byte, sv.len) : NULL;
    return hit ? (size_t)(hit - sv.ptr) : sv.len;
}

size_t stella_sv_rfind(stella_sv sv, char byte) {
    for (size_t i = sv.len; i > 0; i--)
        if (sv.ptr[i - 1] == byte)
            return i - 1;
    return sv.len;
}

stella_sv stella_sv_trim(stella_sv sv) {
    while (sv.len && is_blank(sv.ptr[0]))
        sv = stella_sv_skip(sv, 1);
    while (sv.len && is_blank(sv.ptr[sv.len - 1]))
        sv.len--;
    return sv;
}

int stella_sv_split(stella_sv *rest, char separator, stella_sv *out) {
    if (!rest->ptr)
        return 0;
    const size_t at = stella_sv_find(*rest, separator);
    *out = stella_sv_first(*rest, at);
    *rest = at < rest->len ? stella_sv_of(rest->ptr + at + 1, rest->len - at - 1) : stella_sv_of(NULL, 0);
    return 1;
}

size_t stella_sv_utf8(stella_sv sv) {
    return sv.len ? utf8_sequence(sv.ptr, sv.ptr + sv.len) : 0;
}

size_t stella_sv_utf8_prefix(stella_sv sv) {
    if (sv.len == 0) /* its ptr may be NULL, to which nothing may be added */
        return 0;
    const char *at = sv.ptr, *const end = sv.ptr + sv.len;
    while (at < end) {
        uint64_t word;
        for (; end - at >= (ptrdiff_t)sizeof word; at += sizeof word) {
            memcpy(&word, at, sizeof word);
            if (word & 0x8080808080808080u) /* not all ASCII */
                break;
        }
        const size_t size = utf8_sequence(at, end);
        if (size == 0)
            break;
        at += size;
    }
    return (size_t)(at - sv.ptr);
}

int stella_sv_u64(stella_sv sv, uint64_t max, uint64_t *out) {
    uint64_t value = 0;
    if (sv.len == 0)
        return 0;
    for (size_t i = 0; i < sv.len; i++) {
        const unsigned digit = (unsigned)(unsigned char)sv.ptr[i] - '0';
        if (digit > 9 || value > (UINT64_MAX - digit) / 10)
            return 0;
        value = value * 10 + digit;
    }
    if (value > max)
        return 0;
    *out = value;
    return 1;
}
