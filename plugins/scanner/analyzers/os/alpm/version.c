#include "version.h"

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Takes what separates segments off the text. */
static size_t take_separators(stella_sv *text) {
    size_t len = 0;
    while (len < text->len && !is_digit(text->ptr[len]) && !is_letter(text->ptr[len]))
        len++;
    *text = stella_sv_skip(*text, len);
    return len;
}

static stella_sv take_segment(stella_sv *text, int (*belongs)(char)) {
    size_t len = 0;
    while (len < text->len && belongs(text->ptr[len]))
        len++;
    const stella_sv segment = stella_sv_first(*text, len);
    *text = stella_sv_skip(*text, len);
    return segment;
}

static int compare_numbers(stella_sv a, stella_sv b) {
    while (a.len && a.ptr[0] == '0')
        a = stella_sv_skip(a, 1);
    while (b.len && b.ptr[0] == '0')
        b = stella_sv_skip(b, 1);
    return a.len != b.len ? (a.len > b.len) - (a.len < b.len) : stella_sv_cmp(a, b);
}

/* The next segment of both, of the kind that a's is; another kind on b's side decides. */
static int compare_segment(stella_sv *a, stella_sv *b) {
    const int is_number = is_digit(a->ptr[0]);
    const stella_sv x = take_segment(a, is_number ? is_digit : is_letter);
    const stella_sv y = take_segment(b, is_number ? is_digit : is_letter);
    if (y.len == 0)
        return is_number ? 1 : -1;
    return is_number ? compare_numbers(x, y) : stella_sv_cmp(x, y);
}

/* One side has ended: letters left over are older than nothing ("1.0rc" before "1.0"), all else is newer. */
static int compare_rest(stella_sv a, stella_sv b) {
    if (a.len == 0 && b.len == 0)
        return 0;
    if (a.len == 0)
        return is_letter(b.ptr[0]) ? 1 : -1;
    return is_letter(a.ptr[0]) ? -1 : 1;
}

static int compare_part(stella_sv a, stella_sv b) {
    if (stella_sv_eq(a, b))
        return 0;
    while (a.len && b.len) {
        const size_t gap_a = take_separators(&a), gap_b = take_separators(&b);
        if (a.len == 0 || b.len == 0)
            break;
        if (gap_a != gap_b)
            return gap_a < gap_b ? -1 : 1;
        const int order = compare_segment(&a, &b);
        if (order)
            return order;
    }
    return compare_rest(a, b);
}

static stella_sv take_epoch(stella_sv *version) {
    size_t len = 0;
    while (len < version->len && is_digit(version->ptr[len]))
        len++;
    if (len == version->len || version->ptr[len] != ':')
        return STELLA_SV("0");
    const stella_sv epoch = stella_sv_first(*version, len);
    *version = stella_sv_skip(*version, len + 1);
    return epoch.len ? epoch : STELLA_SV("0");
}

/* ptr NULL when there is none. */
static stella_sv take_release(stella_sv *version) {
    const size_t dash = stella_sv_rfind(*version, '-');
    if (dash == version->len)
        return stella_sv_of(NULL, 0);
    const stella_sv release = stella_sv_skip(*version, dash + 1);
    *version = stella_sv_first(*version, dash);
    return release;
}

int alpm_version_compare(stella_sv a, stella_sv b) {
    int order = compare_part(take_epoch(&a), take_epoch(&b));
    if (order)
        return order;
    const stella_sv release_a = take_release(&a), release_b = take_release(&b);
    order = compare_part(a, b);
    return order || !release_a.ptr || !release_b.ptr ? order : compare_part(release_a, release_b);
}

int alpm_version_meets(stella_sv have, stella_sv relation, stella_sv want) {
    const int order = alpm_version_compare(have, want);
    if (stella_sv_eq(relation, STELLA_SV("=")))
        return order == 0;
    if (stella_sv_eq(relation, STELLA_SV(">=")))
        return order >= 0;
    if (stella_sv_eq(relation, STELLA_SV("<=")))
        return order <= 0;
    if (stella_sv_eq(relation, STELLA_SV(">")))
        return order > 0;
    return stella_sv_eq(relation, STELLA_SV("<")) && order < 0;
}
