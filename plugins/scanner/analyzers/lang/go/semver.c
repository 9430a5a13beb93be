#include "semver.h"

typedef struct semver {
    uint64_t numbers[3];
    stella_sv prerelease;
    int is_valid;
} semver;

static semver parse(stella_sv text) {
    semver v = {0};
    if (!stella_sv_starts(text, STELLA_SV("v")))
        return v;
    text = stella_sv_skip(text, 1);
    text = stella_sv_first(text, stella_sv_find(text, '+'));
    const size_t dash = stella_sv_find(text, '-');
    stella_sv core = stella_sv_first(text, dash), part;
    v.prerelease = stella_sv_skip(text, dash + 1);
    for (int i = 0; i < 3 && stella_sv_split(&core, '.', &part); i++)
        if (!stella_sv_u64(part, UINT64_MAX, &v.numbers[i]))
            return (semver){0};
    v.is_valid = 1;
    return v;
}

/* Numbers below words; numbers by value, words by their bytes. */
static int identifier_cmp(stella_sv a, stella_sv b) {
    uint64_t x, y;
    const int a_is_number = stella_sv_u64(a, UINT64_MAX, &x), b_is_number = stella_sv_u64(b, UINT64_MAX, &y);
    if (a_is_number && b_is_number)
        return (x > y) - (x < y);
    return a_is_number != b_is_number ? b_is_number - a_is_number : stella_sv_cmp(a, b);
}

static int prerelease_cmp(stella_sv a, stella_sv b) {
    if (a.len == 0 || b.len == 0)
        return (a.len == 0) - (b.len == 0); /* a release is above its candidates */
    for (;;) {
        stella_sv x, y;
        const int a_has = stella_sv_split(&a, '.', &x), b_has = stella_sv_split(&b, '.', &y);
        if (!a_has || !b_has)
            return a_has - b_has;
        const int order = identifier_cmp(x, y);
        if (order)
            return order;
    }
}

int semver_cmp(stella_sv a, stella_sv b) {
    const semver x = parse(a), y = parse(b);
    if (!x.is_valid || !y.is_valid)
        return x.is_valid - y.is_valid;
    for (int i = 0; i < 3; i++)
        if (x.numbers[i] != y.numbers[i])
            return x.numbers[i] < y.numbers[i] ? -1 : 1;
    return prerelease_cmp(x.prerelease, y.prerelease);
}
