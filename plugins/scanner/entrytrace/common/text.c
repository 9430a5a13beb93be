#include "text.h"

int text_is_blank(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

int text_word(stella_sv *rest, stella_sv *out) {
    while (rest->len && text_is_blank(rest->ptr[0]))
        *rest = stella_sv_skip(*rest, 1);
    size_t len = 0;
    while (len < rest->len && !text_is_blank(rest->ptr[len]))
        len++;
    if (!len)
        return 0;
    *out = stella_sv_first(*rest, len);
    *rest = stella_sv_skip(*rest, len);
    return 1;
}

size_t text_span(stella_sv text, const char *bytes) {
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] && strchr(bytes, text.ptr[i]))
            return i;
    return text.len;
}

int text_is_name(stella_sv text) {
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        const int letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return 0;
    }
    return text.len > 0;
}

stella_sv text_base(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return slash < path.len ? stella_sv_skip(path, slash + 1) : path;
}

stella_sv text_directory(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return stella_sv_first(path, slash < path.len ? slash : 0);
}

int text_list_has(const char *list, stella_sv word) {
    stella_sv rest = stella_sv_cstr(list), one;
    while (text_word(&rest, &one))
        if (stella_sv_eq(one, word))
            return 1;
    return 0;
}

/* Matches one byte against the class at the front of *pattern, "[...]", and steps over it; -1 when it has no end. */
static int class_matches(stella_sv *pattern, char byte) {
    size_t at = 1;
    const int negated = at < pattern->len && (pattern->ptr[at] == '!' || pattern->ptr[at] == '^');
    at += negated ? 1 : 0;
    int matched = 0;
    for (size_t first = at; at < pattern->len && (pattern->ptr[at] != ']' || at == first); at++) {
        const unsigned char low = (unsigned char)pattern->ptr[at];
        unsigned char high = low;
        if (at + 2 < pattern->len && pattern->ptr[at + 1] == '-' && pattern->ptr[at + 2] != ']') {
            high = (unsigned char)pattern->ptr[at + 2];
            at += 2;
        }
        matched |= (unsigned char)byte >= low && (unsigned char)byte <= high;
    }
    if (at >= pattern->len)
        return -1;
    *pattern = stella_sv_skip(*pattern, at + 1);
    return matched != negated;
}

/* Matches one byte against what is at the front of *pattern, which is no '*', and steps over it. */
static int byte_matches(stella_sv *pattern, char byte) {
    const char first = pattern->ptr[0];
    if (first == '[') {
        const int matched = class_matches(pattern, byte);
        if (matched >= 0)
            return matched;
    }
    const size_t escape = first == '\\' && pattern->len > 1 ? 1 : 0;
    const int matched = (first == '?' && !escape) || pattern->ptr[escape] == byte;
    *pattern = stella_sv_skip(*pattern, escape + 1);
    return matched;
}

int text_matches(stella_sv pattern, stella_sv text) {
    stella_sv star = {0}, retry = {0}; /* the last '*': what stands behind it, and the text it has not eaten yet */
    int has_star = 0;
    while (text.len || pattern.len) {
        if (pattern.len && pattern.ptr[0] == '*') {
            pattern = star = stella_sv_skip(pattern, 1);
            retry = text;
            has_star = 1;
            continue;
        }
        if (pattern.len && text.len && byte_matches(&pattern, text.ptr[0])) {
            text = stella_sv_skip(text, 1);
            continue;
        }
        if (!has_star || !retry.len)
            return 0;
        text = retry = stella_sv_skip(retry, 1);
        pattern = star;
    }
    return 1;
}
