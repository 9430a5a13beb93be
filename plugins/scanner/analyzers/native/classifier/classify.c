#include "classify.h"

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- names of files */

/* '*' stands for any letters, "[0-9]" for a digit; only the last star is tried again, which suffices. */
static int name_matches(stella_sv name, stella_sv pattern) {
    static const stella_sv digit = STELLA_SV_INIT("[0-9]");
    size_t n = 0, p = 0, star = SIZE_MAX, star_n = 0;
    while (n < name.len) {
        const int is_class = stella_sv_starts(stella_sv_skip(pattern, p), digit);
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            star_n = n;
        } else if (is_class && is_digit(name.ptr[n])) {
            p += digit.len;
            n++;
        } else if (p < pattern.len && !is_class && pattern.ptr[p] == name.ptr[n]) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++star_n;
        } else {
            return 0;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

static int is_about(const rule *r, stella_sv name) {
    stella_sv patterns = stella_sv_cstr(r->files), pattern;
    while (stella_sv_split(&patterns, ' ', &pattern))
        if (name_matches(name, pattern))
            return 1;
    return 0;
}

int classify_is_known(stella_sv file_name) {
    if (stella_sv_ends(file_name, STELLA_SV(".exe")))
        file_name.len -= 4;
    for (unsigned i = 0; i < rule_count; i++)
        if (is_about(&rules[i], file_name))
            return 1;
    return 0;
}

/* ---- texts */

#define NOWHERE SIZE_MAX

static int is_meant(char c, char pattern) {
    if (pattern == RULE_DIGIT)
        return is_digit(c);
    return c == (pattern == RULE_BLANKS ? ' ' : pattern);
}

/* How many bytes at the front of the text are as the pattern says; NOWHERE when they are not. */
static size_t length_of(stella_sv text, stella_sv pattern) {
    size_t at = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        const char c = pattern.ptr[i];
        const int is_repeated = c == '\0' || c == RULE_BLANKS;
        if (at >= text.len || !is_meant(text.ptr[at], c))
            return NOWHERE;
        for (at++; is_repeated && at < text.len && is_meant(text.ptr[at], c);)
            at++;
    }
    return at;
}

/* Numbers joined by dots at the front: how many bytes, 0 for less than two numbers. */
static size_t numbers(stella_sv text) {
    size_t at = 0, end = 0, count = 0;
    for (;;) {
        const size_t start = at;
        while (at < text.len && is_digit(text.ptr[at]))
            at++;
        if (at == start)
            break;
        end = at;
        count++;
        if (at == text.len || text.ptr[at] != '.')
            break;
        at++;
    }
    return count >= 2 ? end : 0;
}

static int is_of_tag(char c) {
    return is_digit(c) || is_letter(c) || c == '.' || c == '-' || c == '_' || c == '+' || c == '~';
}

/* The version at the front, and what it takes of the text: more than the version where its end is left out. */
static stella_sv take_version(stella_sv text, rule_shape shape, size_t *taken) {
    size_t len = numbers(text);
    *taken = len;
    if (len == 0 || shape == RULE_NUMBERS)
        return stella_sv_first(text, len);
    while (*taken < text.len && *taken <= CLASSIFY_VERSION_MAX && is_of_tag(text.ptr[*taken]))
        ++*taken;
    const stella_sv all = stella_sv_first(text, *taken);
    if (shape == RULE_JAVA)
        len = stella_sv_find(all, '+');
    else if (shape == RULE_HASHED)
        len = stella_sv_rfind(all, '-');
    else
        len = all.len;
    while (len && !is_digit(all.ptr[len - 1]) && !is_letter(all.ptr[len - 1]))
        len--;
    return stella_sv_first(all, len);
}

/* A file named "libpython3.7m.so.1.0" is of 3.7. */
static stella_sv number_of(stella_sv file_name) {
    while (file_name.len && !is_digit(file_name.ptr[0]))
        file_name = stella_sv_skip(file_name, 1);
    const size_t len = numbers(file_name);
    return stella_sv_first(file_name, len ? len : file_name.len > 0);
}

/* Whether the version begins with the file's own number, and is of three numbers: "3.7" in a library is not enough. */
static int is_of_file(stella_sv version, stella_sv file_name) {
    const stella_sv number = number_of(file_name), rest = stella_sv_skip(version, number.len);
    size_t dots = 0;
    for (size_t i = 0; i < numbers(version); i++)
        dots += version.ptr[i] == '.';
    return dots == 2 && number.len && stella_sv_starts(version, number) && rest.len && rest.ptr[0] == '.';
}

typedef struct text_search {
    const rule *rule;
    stella_sv file_name;
    stella_sv bytes;
} text_search;

/* Whether the version at that place is followed by what the rule wants. */
static int version_at(const text_search *s, size_t at, stella_sv *out) {
    size_t taken;
    const stella_sv text = stella_sv_skip(s->bytes, at), version = take_version(text, s->rule->shape, &taken);
    if (version.len == 0 || version.len > CLASSIFY_VERSION_MAX ||
        length_of(stella_sv_skip(text, taken), s->rule->after) == NOWHERE)
        return 0;
    if (s->rule->is_by_file && !is_of_file(version, s->file_name))
        return 0;
    *out = version;
    return 1;
}

/* memmem with a NUL of the needle standing for one or more. The place behind it; NOWHERE when there is none. */
static size_t find_behind(stella_sv bytes, size_t from, stella_sv needle) {
    const stella_sv first = stella_sv_first(needle, stella_sv_find(needle, '\0') + 1);
    while (from < bytes.len) {
        const char *hit = memmem(bytes.ptr + from, bytes.len - from, first.ptr, first.len);
        if (!hit)
            break;
        const size_t at = (size_t)(hit - bytes.ptr), len = length_of(stella_sv_skip(bytes, at), needle);
        if (len != NOWHERE)
            return at + len;
        from = at + first.len;
    }
    return NOWHERE;
}

/* By the text in front of the version. */
static int find_by_front(const text_search *s, stella_sv *out) {
    size_t at = 0;
    for (uint32_t i = 0; i < CLASSIFY_HITS_MAX; i++) {
        at = find_behind(s->bytes, at, s->rule->before);
        if (at == NOWHERE)
            return 0;
        if (version_at(s, at, out))
            return 1;
    }
    return 0;
}

/* By the text behind it, where that in front is but a NUL: there are too many of those. */
static int find_by_end(const text_search *s, stella_sv *out) {
    stella_sv mark = s->rule->after;
    while (mark.len && mark.ptr[0] == '\0')
        mark = stella_sv_skip(mark, 1);
    size_t from = 0;
    for (uint32_t i = 0; i < CLASSIFY_HITS_MAX && from < s->bytes.len; i++) {
        const char *hit = memmem(s->bytes.ptr + from, s->bytes.len - from, mark.ptr, mark.len);
        if (!hit)
            return 0;
        size_t at = (size_t)(hit - s->bytes.ptr);
        from = at + mark.len;
        for (size_t n = 0; n < 16 && at && mark.len != s->rule->after.len && s->bytes.ptr[at - 1] == '\0'; n++)
            at--;
        for (size_t n = 0; n < CLASSIFY_VERSION_MAX && at && is_of_tag(s->bytes.ptr[at - 1]); n++)
            at--;
        if (s->rule->before.len > 1 && at && s->bytes.ptr[at] == 'v')
            at++;
        if ((at == 0 || s->bytes.ptr[at - 1] == '\0' || s->rule->before.len > 1) && version_at(s, at, out))
            return 1;
    }
    return 0;
}

static int is_only_nul(stella_sv text) {
    return text.len && text.ptr[0] == '\0' && (text.len == 1 || (text.len == 2 && text.ptr[1] == 'v'));
}

/* "\0" and the file's own number: few places. */
static int find_by_number(const text_search *s, stella_sv *out) {
    const stella_sv number = number_of(s->file_name);
    size_t from = 0;
    for (uint32_t i = 0; number.len && i < CLASSIFY_HITS_MAX && from < s->bytes.len; i++) {
        const char *hit = memmem(s->bytes.ptr + from, s->bytes.len - from, number.ptr, number.len);
        if (!hit)
            return 0;
        const size_t at = (size_t)(hit - s->bytes.ptr);
        from = at + 1;
        if (at && s->bytes.ptr[at - 1] == '\0' && version_at(s, at, out))
            return 1;
    }
    return 0;
}

#define NANOSECONDS_DIGITS 19
#define HOST_LETTERS       12

/* The version of a build id whose machine's name ends there. */
static stella_sv version_of_build(stella_sv bytes, size_t end) {
    static const stella_sv builder = STELLA_SV_INIT("buildkitsandbox");
    const size_t start = end > CLASSIFY_VERSION_MAX ? end - CLASSIFY_VERSION_MAX : 0;
    stella_sv word = stella_sv_of(bytes.ptr + start, end - start);
    const size_t host = stella_sv_ends(word, builder) ? builder.len : HOST_LETTERS;
    if (word.len <= host)
        return (stella_sv){0};
    word.len -= host;
    size_t at = word.len, dots = 0;
    while (at && dots <= 2 && (is_digit(word.ptr[at - 1]) || word.ptr[at - 1] == '.'))
        dots += word.ptr[--at] == '.';
    const stella_sv version = stella_sv_skip(word, at);
    return dots == 2 && numbers(version) == version.len ? version : (stella_sv){0};
}

static int find_build_id(const text_search *s, stella_sv *out) {
    size_t from = 0;
    for (uint32_t i = 0; i < CLASSIFY_HITS_MAX; i++) {
        from = find_behind(s->bytes, from, STELLA_SV("-1")); /* 2001 to 2033 */
        if (from == NOWHERE)
            return 0;
        size_t digits = 1;
        while (digits < NANOSECONDS_DIGITS && from + digits - 1 < s->bytes.len &&
               is_digit(s->bytes.ptr[from + digits - 1]))
            digits++;
        *out = digits == NANOSECONDS_DIGITS ? version_of_build(s->bytes, from - 2) : (stella_sv){0};
        if (out->len)
            return 1;
    }
    return 0;
}

static int matches(const text_search *s, stella_sv *out) {
    const rule *r = s->rule;
    if (r->needs.len && !memmem(s->bytes.ptr, s->bytes.len, r->needs.ptr, r->needs.len))
        return 0;
    if (r->is_by_file)
        return find_by_number(s, out);
    if (r->shape == RULE_BUILD_ID)
        return find_build_id(s, out);
    return is_only_nul(r->before) ? find_by_end(s, out) : find_by_front(s, out);
}

int classify(stella_sv file_name, stella_sv bytes, classify_match *out) {
    if (stella_sv_ends(file_name, STELLA_SV(".exe")))
        file_name.len -= 4;
    for (unsigned i = 0; bytes.len && i < rule_count; i++) {
        const text_search s = {.rule = &rules[i], .file_name = file_name, .bytes = bytes};
        stella_sv version;
        if (is_about(&rules[i], file_name) && matches(&s, &version)) {
            *out = (classify_match){.rule = &rules[i], .version = version};
            return 1;
        }
    }
    return 0;
}
