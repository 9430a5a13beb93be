#include "version.h"

static int is_digit(stella_sv text) {
    return text.len && text.ptr[0] >= '0' && text.ptr[0] <= '9';
}

static stella_sv take_digits(stella_sv *text) {
    size_t len = 0;
    while (is_digit(stella_sv_skip(*text, len)))
        len++;
    const stella_sv digits = stella_sv_first(*text, len);
    *text = stella_sv_skip(*text, len);
    return digits;
}

static int compare_numbers(stella_sv a, stella_sv b) {
    while (a.len && a.ptr[0] == '0')
        a = stella_sv_skip(a, 1);
    while (b.len && b.ptr[0] == '0')
        b = stella_sv_skip(b, 1);
    return a.len != b.len ? (a.len > b.len) - (a.len < b.len) : stella_sv_cmp(a, b);
}

/* Behind the first number, one with leading zeros is a fraction: 1.05 is older than 1.1. */
static int compare_parts(stella_sv a, stella_sv b, int is_first) {
    const int is_fraction = !is_first && a.len && b.len && (a.ptr[0] == '0' || b.ptr[0] == '0');
    return is_fraction ? stella_sv_cmp(a, b) : compare_numbers(a, b);
}

static int take_separator(stella_sv *text, char separator) {
    if (text->len == 0 || text->ptr[0] != separator)
        return 0;
    *text = stella_sv_skip(*text, 1);
    return 1;
}

static int take_letter(stella_sv *text) {
    if (text->len == 0 || text->ptr[0] < 'a' || text->ptr[0] > 'z')
        return 0;
    const int letter = (unsigned char)text->ptr[0];
    *text = stella_sv_skip(*text, 1);
    return letter;
}

/* The rank of the next suffix: below 0 before the release, above 0 behind it, 0 when there is none. */
static int take_suffix(stella_sv *text) {
    static const struct {
        stella_sv name;
        int rank;
    } suffixes[] = {
        {STELLA_SV_INIT("_alpha"), -4}, {STELLA_SV_INIT("_beta"), -3}, {STELLA_SV_INIT("_pre"), -2},
        {STELLA_SV_INIT("_rc"), -1},    {STELLA_SV_INIT("_cvs"), 1},   {STELLA_SV_INIT("_svn"), 2},
        {STELLA_SV_INIT("_git"), 3},    {STELLA_SV_INIT("_hg"), 4},    {STELLA_SV_INIT("_p"), 5},
    };
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (stella_sv_starts(*text, suffixes[i].name)) {
            *text = stella_sv_skip(*text, suffixes[i].name.len);
            return suffixes[i].rank;
        }
    return 0;
}

static int compare_numbered_parts(stella_sv *a, stella_sv *b) {
    for (int is_first = 1;; is_first = 0) {
        const int order = compare_parts(take_digits(a), take_digits(b), is_first);
        if (order)
            return order;
        const int more_a = take_separator(a, '.'), more_b = take_separator(b, '.');
        if (more_a != more_b)
            return more_a - more_b;
        if (!more_a)
            return 0;
    }
}

static int compare_suffixes(stella_sv *a, stella_sv *b) {
    for (;;) {
        const int rank_a = take_suffix(a), rank_b = take_suffix(b);
        if (rank_a != rank_b)
            return rank_a - rank_b;
        if (rank_a == 0)
            return 0;
        const int order = compare_numbers(take_digits(a), take_digits(b));
        if (order)
            return order;
    }
}

static stella_sv take_revision(stella_sv *version) {
    const size_t dash = stella_sv_rfind(*version, '-');
    if (dash == version->len || !stella_sv_starts(stella_sv_skip(*version, dash), STELLA_SV("-r")))
        return STELLA_SV("");
    const stella_sv revision = stella_sv_skip(*version, dash + 2);
    *version = stella_sv_first(*version, dash);
    return revision;
}

int apk_version_compare(stella_sv a, stella_sv b) {
    stella_sv revision_a = take_revision(&a), revision_b = take_revision(&b);
    int order = compare_numbered_parts(&a, &b);
    if (order)
        return order;
    order = take_letter(&a) - take_letter(&b);
    order = order ? order : compare_numbers(take_digits(&a), take_digits(&b)); /* "6.6.2p1": OpenSSH's */
    if (order)
        return order;
    order = compare_suffixes(&a, &b);
    return order ? order : compare_numbers(take_digits(&revision_a), take_digits(&revision_b));
}

/* Whether have is want, or want and something behind a boundary: 1.2.3-r0 for 1.2. */
static int begins_with(stella_sv have, stella_sv want) {
    const stella_sv rest = stella_sv_skip(have, want.len);
    return stella_sv_starts(have, want) &&
           !(is_digit(rest) && want.len && is_digit(stella_sv_skip(want, want.len - 1)));
}

int apk_version_meets(stella_sv have, stella_sv relation, stella_sv want) {
    const int less = stella_sv_find(relation, '<') < relation.len, more = stella_sv_find(relation, '>') < relation.len;
    const int fuzzy = stella_sv_find(relation, '~') < relation.len;
    if (relation.len == 0 || (less && more))
        return 1;
    if (have.len == 0)
        return 0;
    const int order = fuzzy && begins_with(have, want) ? 0 : apk_version_compare(have, want);
    if (order == 0)
        return fuzzy ? begins_with(have, want) : stella_sv_find(relation, '=') < relation.len;
    return order < 0 ? less : more;
}
