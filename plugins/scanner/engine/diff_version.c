#include "diff.h"

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static stella_sv digits_of(stella_sv text) {
    size_t len = 0;
    while (len < text.len && is_digit(text.ptr[len]))
        len++;
    return stella_sv_first(text, len);
}

static stella_sv without_zeros(stella_sv digits) {
    while (digits.len > 1 && digits.ptr[0] == '0')
        digits = stella_sv_skip(digits, 1);
    return digits;
}

/* Numbers of any length. */
static int number_cmp(stella_sv a, stella_sv b) {
    a = without_zeros(a);
    b = without_zeros(b);
    return a.len != b.len ? (a.len < b.len ? -1 : 1) : stella_sv_cmp(a, b);
}

/* The rank of what stands at the front: "~" is before the end. */
static int rank_of(stella_sv text) {
    return !text.len ? 1 : text.ptr[0] == '~' ? 0 : 2 + (unsigned char)text.ptr[0];
}

int diff_version_cmp(stella_sv a, stella_sv b) {
    stella_sv x = a, y = b;
    int order = 0;
    while (!order && (x.len || y.len)) {
        const stella_sv left = digits_of(x), right = digits_of(y);
        if (left.len && right.len) {
            order = number_cmp(left, right);
            x = stella_sv_skip(x, left.len);
            y = stella_sv_skip(y, right.len);
        } else {
            order = rank_of(x) - rank_of(y);
            x = stella_sv_skip(x, 1);
            y = stella_sv_skip(y, 1);
        }
    }
    return order ? order : stella_sv_cmp(a, b);
}
