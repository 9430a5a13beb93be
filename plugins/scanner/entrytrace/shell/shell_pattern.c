#include "shell_pattern.h"

#define STEPS_MAX 200000u /* of one question */

typedef struct matcher {
    uint32_t steps;
    uint32_t depth;
} matcher;

static int match(matcher *m, stella_sv pattern, stella_sv text);

static int in_class(stella_sv name, unsigned char c) {
    const int lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
    if (stella_sv_eq(name, STELLA_SV("alpha")))
        return lower || upper;
    if (stella_sv_eq(name, STELLA_SV("digit")))
        return digit;
    if (stella_sv_eq(name, STELLA_SV("alnum")))
        return lower || upper || digit;
    if (stella_sv_eq(name, STELLA_SV("upper")))
        return upper;
    if (stella_sv_eq(name, STELLA_SV("lower")))
        return lower;
    if (stella_sv_eq(name, STELLA_SV("space")))
        return c == ' ' || (c >= '\t' && c <= '\r');
    if (stella_sv_eq(name, STELLA_SV("blank")))
        return c == ' ' || c == '\t';
    if (stella_sv_eq(name, STELLA_SV("xdigit")))
        return digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (stella_sv_eq(name, STELLA_SV("punct")))
        return c > ' ' && c < 127 && !lower && !upper && !digit;
    return stella_sv_eq(name, STELLA_SV("print")) ? c >= ' ' && c < 127 : 0;
}

static char at(stella_sv text, size_t i) {
    return i < text.len ? text.ptr[i] : '\0';
}

/* "[:name:]" at i. Returns its length, 0 when there is none. */
static size_t class_length(stella_sv pattern, size_t i) {
    if (at(pattern, i) != '[' || at(pattern, i + 1) != ':')
        return 0;
    for (size_t end = i + 2; end + 1 < pattern.len; end++)
        if (pattern.ptr[end] == ':' && pattern.ptr[end + 1] == ']')
            return end + 2 - i;
    return 0;
}

/* A "[...]" at the front. Returns its length, 0 when it is none and "[" means itself. */
static size_t bracket(stella_sv pattern, unsigned char c, int *is_in) {
    const int negated = at(pattern, 1) == '!' || at(pattern, 1) == '^';
    const size_t first = negated ? 2 : 1;
    int found = 0;
    for (size_t i = first; i < pattern.len;) {
        const size_t name = class_length(pattern, i);
        if (name) {
            found |= in_class(stella_sv_of(pattern.ptr + i + 2, name - 4), c);
            i += name;
            continue;
        }
        if (pattern.ptr[i] == ']' && i > first) {
            *is_in = found != negated;
            return i + 1;
        }
        i += pattern.ptr[i] == '\\' && i + 1 < pattern.len ? 1 : 0;
        const unsigned char low = (unsigned char)pattern.ptr[i];
        const int range = at(pattern, i + 1) == '-' && i + 2 < pattern.len && pattern.ptr[i + 2] != ']';
        const unsigned char high = range ? (unsigned char)pattern.ptr[i + 2] : low;
        found |= c >= low && c <= high;
        i += range ? 3 : 1;
    }
    return 0;
}

/* One byte of the text against what is at the front of the pattern. Returns the length of that, 0 when they differ. */
static size_t match_one(stella_sv pattern, char c) {
    int is_in = 0;
    const char p = pattern.ptr[0];
    if (p == '[') {
        const size_t len = bracket(pattern, (unsigned char)c, &is_in);
        if (len)
            return is_in ? len : 0;
    }
    if (p == '?')
        return 1;
    if (p == '\\' && pattern.len > 1)
        return pattern.ptr[1] == c ? 2 : 0;
    return p == c ? 1 : 0;
}

/* ---- extended patterns: ?(a|b) *(a|b) +(a|b) @(a|b) !(a|b) -------------------------------------------------------- */

/* The length of the one at the front, 0 when there is none. */
static size_t extended_length(stella_sv pattern) {
    if (pattern.len < 3 || !memchr("?*+@!", pattern.ptr[0], 5) || pattern.ptr[1] != '(')
        return 0;
    uint32_t depth = 0;
    for (size_t i = 1; i < pattern.len; i++) {
        const char c = pattern.ptr[i];
        if (c == '\\')
            i++;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0)
            return i + 1;
    }
    return 0;
}

/* Takes the alternative up to the next "|" off *rest. */
static stella_sv alternative(stella_sv *rest) {
    uint32_t depth = 0;
    size_t i = 0;
    for (; i < rest->len; i++) {
        const char c = rest->ptr[i];
        if (c == '\\')
            i++;
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
        else if (c == '|' && !depth)
            break;
    }
    const stella_sv out = stella_sv_first(*rest, i);
    *rest = i < rest->len ? stella_sv_skip(*rest, i + 1) : (stella_sv){0};
    return out;
}

static int any_alternative(matcher *m, stella_sv list, stella_sv text) {
    do {
        const stella_sv one = alternative(&list);
        if (match(m, one, text) == 1)
            return 1;
    } while (list.ptr);
    return 0;
}

static int match_extended(matcher *m, stella_sv pattern, size_t len, stella_sv text) {
    const char kind = pattern.ptr[0];
    const stella_sv list = stella_sv_of(pattern.ptr + 2, len - 3), rest = stella_sv_skip(pattern, len);
    if ((kind == '?' || kind == '*') && match(m, rest, text) == 1)
        return 1;
    for (size_t n = 0; n <= text.len && m->steps < STEPS_MAX; n++) {
        const int found = any_alternative(m, list, stella_sv_first(text, n));
        if (found == (kind == '!'))
            continue;
        const stella_sv behind = stella_sv_skip(text, n);
        if (match(m, rest, behind) == 1)
            return 1;
        if ((kind == '*' || kind == '+') && n > 0 && match(m, pattern, behind) == 1)
            return 1;
    }
    return 0;
}

/* ---- patterns ----------------------------------------------------------------------------------------------------- */

/* Without extended patterns: the last "*" is the only one that need be tried again. */
static int match_plain(matcher *m, stella_sv pattern, stella_sv text, int *is_done) {
    stella_sv star_pattern = {0}, star_text = {0};
    *is_done = 1;
    while (text.len || pattern.len) {
        if (++m->steps > STEPS_MAX)
            return 0;
        if (extended_length(pattern)) {
            *is_done = 0;
            return 0;
        }
        const size_t one = pattern.len && text.len && pattern.ptr[0] != '*' ? match_one(pattern, text.ptr[0]) : 0;
        if (pattern.len && pattern.ptr[0] == '*') {
            pattern = stella_sv_skip(pattern, 1);
            star_pattern = pattern;
            star_text = text;
            if (!pattern.len)
                return 1;
        } else if (one) {
            pattern = stella_sv_skip(pattern, one);
            text = stella_sv_skip(text, 1);
        } else if (star_pattern.ptr && star_text.len) {
            star_text = stella_sv_skip(star_text, 1);
            text = star_text;
            pattern = star_pattern;
        } else {
            return 0;
        }
    }
    return 1;
}

/* With extended patterns, step by step. */
static int match_slow(matcher *m, stella_sv pattern, stella_sv text) {
    for (; pattern.len; text = stella_sv_skip(text, 1)) {
        if (++m->steps > STEPS_MAX)
            return 0;
        const size_t len = extended_length(pattern);
        if (len)
            return match_extended(m, pattern, len, text);
        if (pattern.ptr[0] == '*') {
            for (size_t n = 0; n <= text.len; n++)
                if (match(m, stella_sv_skip(pattern, 1), stella_sv_skip(text, n)) == 1)
                    return 1;
            return 0;
        }
        const size_t one = text.len ? match_one(pattern, text.ptr[0]) : 0;
        if (!one)
            return 0;
        pattern = stella_sv_skip(pattern, one);
    }
    return !text.len;
}

static int match(matcher *m, stella_sv pattern, stella_sv text) {
    int is_done = 0;
    if (++m->steps > STEPS_MAX || m->depth >= 100)
        return m->steps = STEPS_MAX + 1, 0;
    int found = match_plain(m, pattern, text, &is_done);
    if (!is_done) {
        m->depth++;
        found = match_slow(m, pattern, text);
        m->depth--;
    }
    return found;
}

static int answer(const matcher *m, int found) {
    return m->steps > STEPS_MAX ? -1 : found;
}

int shell_match(stella_sv pattern, stella_sv text) {
    matcher m = {0};
    const int found = match(&m, pattern, text);
    return answer(&m, found);
}

int shell_match_prefix(stella_sv pattern, stella_sv text, int longest, size_t *len) {
    matcher m = {0};
    for (size_t i = 0; i <= text.len && m.steps <= STEPS_MAX; i++) {
        const size_t n = longest ? text.len - i : i;
        if (match(&m, pattern, stella_sv_first(text, n)) && m.steps <= STEPS_MAX)
            return *len = n, 1;
    }
    return answer(&m, 0);
}

int shell_match_suffix(stella_sv pattern, stella_sv text, int longest, size_t *len) {
    matcher m = {0};
    for (size_t i = 0; i <= text.len && m.steps <= STEPS_MAX; i++) {
        const size_t n = longest ? text.len - i : i;
        if (match(&m, pattern, stella_sv_skip(text, text.len - n)) && m.steps <= STEPS_MAX)
            return *len = n, 1;
    }
    return answer(&m, 0);
}
