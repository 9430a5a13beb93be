#include "deb_version.h"

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* The weight of the next byte: '~' before the end, the end (and digits) before letters, letters before the rest. */
static int weight(stella_sv text) {
    if (text.len == 0 || is_digit(text.ptr[0]))
        return 0;
    const char c = text.ptr[0];
    if (c == '~')
        return -1;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return c;
    return (unsigned char)c + 256;
}

static stella_sv take_number(stella_sv *text) {
    while (text->len && text->ptr[0] == '0')
        *text = stella_sv_skip(*text, 1);
    size_t len = 0;
    while (len < text->len && is_digit(text->ptr[len]))
        len++;
    const stella_sv number = stella_sv_first(*text, len);
    *text = stella_sv_skip(*text, len);
    return number;
}

/* Without leading zeros the longer number is the greater one. */
static int compare_numbers(stella_sv a, stella_sv b) {
    return a.len != b.len ? (a.len > b.len) - (a.len < b.len) : stella_sv_cmp(a, b);
}

/* Text and numbers by turns, as dpkg's verrevcmp. */
static int compare_part(stella_sv a, stella_sv b) {
    while (a.len || b.len) {
        while ((a.len && !is_digit(a.ptr[0])) || (b.len && !is_digit(b.ptr[0]))) {
            const int wa = weight(a), wb = weight(b);
            if (wa != wb)
                return wa - wb;
            a = stella_sv_skip(a, 1);
            b = stella_sv_skip(b, 1);
        }
        const stella_sv na = take_number(&a), nb = take_number(&b);
        const int order = compare_numbers(na, nb);
        if (order)
            return order;
    }
    return 0;
}

static stella_sv take_epoch(stella_sv *version) {
    const size_t colon = stella_sv_find(*version, ':');
    if (colon == version->len)
        return STELLA_SV("");
    const stella_sv epoch = stella_sv_first(*version, colon);
    *version = stella_sv_skip(*version, colon + 1);
    return epoch;
}

/* An absent revision is older than any but "0", which it equals. */
static stella_sv take_revision(stella_sv *version) {
    const size_t dash = stella_sv_rfind(*version, '-');
    if (dash == version->len)
        return STELLA_SV("");
    const stella_sv revision = stella_sv_skip(*version, dash + 1);
    *version = stella_sv_first(*version, dash);
    return revision;
}

int deb_version_compare(stella_sv a, stella_sv b) {
    stella_sv epoch_a = take_epoch(&a), epoch_b = take_epoch(&b);
    const int epochs = compare_numbers(take_number(&epoch_a), take_number(&epoch_b));
    if (epochs)
        return epochs;
    const stella_sv revision_a = take_revision(&a), revision_b = take_revision(&b);
    const int upstream = compare_part(a, b);
    return upstream ? upstream : compare_part(revision_a, revision_b);
}

int deb_version_satisfies(stella_sv have, stella_sv relation, stella_sv want) {
    const int order = deb_version_compare(have, want);
    if (stella_sv_eq(relation, STELLA_SV("=")))
        return order == 0;
    if (stella_sv_eq(relation, STELLA_SV(">=")) || stella_sv_eq(relation, STELLA_SV(">")))
        return order >= 0;
    if (stella_sv_eq(relation, STELLA_SV("<=")) || stella_sv_eq(relation, STELLA_SV("<")))
        return order <= 0;
    if (stella_sv_eq(relation, STELLA_SV(">>")))
        return order > 0;
    return stella_sv_eq(relation, STELLA_SV("<<")) && order < 0;
}
