#include "evr.h"

#include "tags.h"

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_part(char c) {
    return is_digit(c) || is_letter(c) || c == '~' || c == '^';
}

static stella_sv skip_separators(stella_sv text) {
    size_t len = 0;
    while (len < text.len && !is_part(text.ptr[len]))
        len++;
    return stella_sv_skip(text, len);
}

static stella_sv run_of(stella_sv text, int (*belongs)(char)) {
    size_t len = 0;
    while (len < text.len && belongs(text.ptr[len]))
        len++;
    return stella_sv_first(text, len);
}

static int compare_digits(stella_sv a, stella_sv b) {
    while (a.len && a.ptr[0] == '0')
        a = stella_sv_skip(a, 1);
    while (b.len && b.ptr[0] == '0')
        b = stella_sv_skip(b, 1);
    return a.len != b.len ? (a.len > b.len ? 1 : -1) : stella_sv_cmp(a, b);
}

static char first_of(stella_sv text) {
    return text.len ? text.ptr[0] : '\0';
}

/* Where one of them has a mark: the order, or 2 when both have it, 0 when none. */
static int compare_marks(stella_sv a, stella_sv b) {
    const char x = first_of(a), y = first_of(b);
    if (x == '~' || y == '~')
        return x == y ? 2 : x == '~' ? -1 : 1;
    if (x != '^' && y != '^')
        return 0;
    if (x == y)
        return 2;
    if (x == '\0' || y == '\0')
        return x == '\0' ? -1 : 1;
    return x == '^' ? -1 : 1;
}

int evr_compare_words(stella_sv a, stella_sv b) {
    while (a.len || b.len) {
        a = skip_separators(a);
        b = skip_separators(b);
        const int marks = compare_marks(a, b);
        if (marks == 2) {
            a = stella_sv_skip(a, 1);
            b = stella_sv_skip(b, 1);
            continue;
        }
        if (marks || a.len == 0 || b.len == 0)
            return marks ? marks : (a.len > 0) - (b.len > 0);
        const int digits = is_digit(a.ptr[0]);
        const stella_sv x = run_of(a, digits ? is_digit : is_letter), y = run_of(b, digits ? is_digit : is_letter);
        if (y.len == 0) /* digits are newer than letters */
            return digits ? 1 : -1;
        const int order = digits ? compare_digits(x, y) : stella_sv_cmp(x, y);
        if (order)
            return order < 0 ? -1 : 1;
        a = stella_sv_skip(a, x.len);
        b = stella_sv_skip(b, y.len);
    }
    return 0;
}

typedef struct evr {
    stella_sv epoch, version, release;
} evr;

static evr split(stella_sv text) {
    evr out = {.epoch = STELLA_SV("0"), .version = text};
    const stella_sv digits = run_of(text, is_digit);
    if (digits.len < text.len && text.ptr[digits.len] == ':') {
        out.epoch = digits.len ? digits : out.epoch;
        out.version = stella_sv_skip(text, digits.len + 1);
    }
    const size_t dash = stella_sv_rfind(out.version, '-');
    out.release = stella_sv_skip(out.version, dash + 1);
    out.version = stella_sv_first(out.version, dash);
    return out;
}

int evr_compare(stella_sv a, stella_sv b) {
    const evr x = split(a), y = split(b);
    int order = compare_digits(x.epoch, y.epoch);
    order = order ? order : evr_compare_words(x.version, y.version);
    return order || x.release.len == 0 || y.release.len == 0 ? order : evr_compare_words(x.release, y.release);
}

int evr_satisfies(stella_sv provided, uint64_t provided_flags, stella_sv required, uint64_t required_flags) {
    const uint64_t relations = SENSE_LESS | SENSE_GREATER | SENSE_EQUAL, have = provided_flags & relations,
                   want = required_flags & relations;
    if (!have || !want || provided.len == 0 || required.len == 0)
        return 1;
    const int order = evr_compare(provided, required);
    if (order < 0)
        return (have & SENSE_GREATER) || (want & SENSE_LESS);
    if (order > 0)
        return (have & SENSE_LESS) || (want & SENSE_GREATER);
    return (have & want) != 0;
}
