#include "jsonc.h"

#define NO_COMMA SIZE_MAX

static int is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* The end of the string that begins at from. */
static size_t string_end(const char *text, size_t len, size_t from) {
    for (size_t i = from + 1; i < len; i++) {
        if (text[i] == '"')
            return i + 1;
        i += text[i] == '\\';
    }
    return len;
}

/* The end of the comment that begins at from; from itself when none does. */
static size_t comment_end(const char *text, size_t len, size_t from) {
    if (from + 1 >= len || text[from] != '/' || (text[from + 1] != '/' && text[from + 1] != '*'))
        return from;
    const int is_line = text[from + 1] == '/';
    for (size_t i = from + 2; i < len; i++) {
        if (is_line && text[i] == '\n')
            return i;
        if (!is_line && text[i] == '/' && text[i - 1] == '*' && i > from + 2)
            return i + 1;
    }
    return len;
}

static void blank_out(char *text, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (text[i] != '\n')
            text[i] = ' ';
}

stella_sv jsonc_plain(stella_sv text, stella_arena *arena) {
    char *plain = stella_arena_cstr(arena, text);
    size_t comma = NO_COMMA;
    for (size_t i = 0; plain && i < text.len;) {
        const size_t behind = comment_end(plain, text.len, i);
        if (behind != i) {
            blank_out(plain, i, behind);
            i = behind;
            continue;
        }
        if ((plain[i] == ']' || plain[i] == '}') && comma != NO_COMMA)
            plain[comma] = ' ';
        if (!is_blank(plain[i]))
            comma = plain[i] == ',' ? i : NO_COMMA;
        i = plain[i] == '"' ? string_end(plain, text.len, i) : i + 1;
    }
    return stella_sv_of(plain, plain ? text.len : 0);
}
