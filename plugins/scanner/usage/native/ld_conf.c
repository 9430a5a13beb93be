#include "ld_conf.h"

static int is_blank(char c, int is_colon_blank) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || (is_colon_blank && c == ':');
}

int ld_conf_word(stella_sv *rest, int is_colon_blank, stella_sv *out) {
    size_t start = 0;
    while (start < rest->len && is_blank(rest->ptr[start], is_colon_blank))
        start++;
    size_t end = start;
    while (end < rest->len && !is_blank(rest->ptr[end], is_colon_blank))
        end++;
    if (end == start)
        return 0;
    *out = stella_sv_of(rest->ptr + start, end - start);
    *rest = stella_sv_skip(*rest, end);
    return 1;
}

/* "word" and a blank in front of something else, as ldconfig compares it. */
static int begins_with_word(stella_sv line, stella_sv word) {
    return line.len > word.len && stella_sv_ieq(stella_sv_first(line, word.len), word) &&
           is_blank(line.ptr[word.len], 0);
}

int ld_conf_next(stella_sv *rest, ld_conf_entry *out) {
    stella_sv line;
    while (rest->len && stella_sv_split(rest, '\n', &line)) {
        line = stella_sv_trim(stella_sv_first(line, stella_sv_find(line, '#')));
        if (begins_with_word(line, STELLA_SV("include"))) {
            *out = (ld_conf_entry){.kind = LD_CONF_INCLUDE, .text = stella_sv_skip(line, sizeof "include" - 1)};
            return 1;
        }
        line = stella_sv_trim(stella_sv_first(line, stella_sv_find(line, '='))); /* "/usr/lib=libc6", of old */
        if (line.len == 0 || line.ptr[0] != '/' || memchr(line.ptr, '\0', line.len))
            continue;
        *out = (ld_conf_entry){.kind = LD_CONF_DIRECTORY, .text = line};
        return 1;
    }
    return 0;
}

int ld_conf_matches(stella_sv pattern, stella_sv name) {
    size_t p = 0, n = 0, star = SIZE_MAX, resume = 0;
    while (n < name.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            resume = n;
        } else if (p < pattern.len && (pattern.ptr[p] == '?' || pattern.ptr[p] == name.ptr[n])) {
            p++;
            n++;
        } else if (star != SIZE_MAX) { /* the last star takes one byte more */
            p = star + 1;
            n = ++resume;
        } else {
            return 0;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}
