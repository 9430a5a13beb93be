#include "name.h"

static int is_alnum(char c) {
    const char lower = (char)(c | 0x20);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

static int is_separator(char c) {
    return c == '-' || c == '_' || c == '.';
}

int name_is_valid(stella_sv name) {
    if (name.len == 0 || name.len > NAME_MAX_BYTES || !is_alnum(name.ptr[0]) || !is_alnum(name.ptr[name.len - 1]))
        return 0;
    for (size_t i = 0; i < name.len; i++)
        if (!is_alnum(name.ptr[i]) && !is_separator(name.ptr[i]))
            return 0;
    return 1;
}

int version_is_valid(stella_sv version) {
    for (size_t i = 0; i < version.len; i++)
        if (!is_alnum(version.ptr[i]) && (version.ptr[i] == '\0' || !strchr(".!+_-~", version.ptr[i])))
            return 0;
    return version.len > 0 && version.len <= NAME_MAX_BYTES;
}

/* The next byte of the normal form; a run of separators is stepped over but for its last. */
static char next_byte(stella_sv *rest) {
    char c = rest->ptr[0];
    *rest = stella_sv_skip(*rest, 1);
    if (!is_separator(c))
        return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    while (rest->len && is_separator(rest->ptr[0]))
        *rest = stella_sv_skip(*rest, 1);
    return '-';
}

stella_sv name_normal(stella_sv name, stella_arena *arena) {
    char *text = stella_arena_alloc(arena, name.len + 1, 1);
    size_t len = 0;
    if (!text)
        return stella_sv_of(NULL, 0);
    while (name.len)
        text[len++] = next_byte(&name);
    return stella_sv_of(text, len);
}

int name_normal_into(stella_sv name, char text[NAME_MAX_BYTES + 1]) {
    size_t len = 0;
    if (name.len > NAME_MAX_BYTES)
        return 0;
    while (name.len)
        text[len++] = next_byte(&name);
    text[len] = '\0';
    return 1;
}

int name_equal(stella_sv a, stella_sv b) {
    while (a.len && b.len)
        if (next_byte(&a) != next_byte(&b))
            return 0;
    return a.len == b.len;
}

/* Takes a dotted number off the front; 0 when none is left. */
static uint64_t take_number(stella_sv *text) {
    uint64_t value = 0;
    size_t at = 0;
    for (; at < text->len && text->ptr[at] >= '0' && text->ptr[at] <= '9'; at++)
        value = value > 100000000 ? value : value * 10 + (uint64_t)(text->ptr[at] - '0');
    const int has_more = at > 0 && at < text->len && text->ptr[at] == '.';
    *text = has_more ? stella_sv_skip(*text, at + 1) : stella_sv_of(NULL, 0);
    return value;
}

int version_compare(stella_sv a, stella_sv b) {
    while (a.len || b.len) {
        const uint64_t x = take_number(&a), y = take_number(&b);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}
