#include "cve.h"

#include <stdio.h>

#define YEAR_DIGITS   4
#define NUMBER_DIGITS 4
#define DIGITS_MAX    12

static size_t digits_at(stella_sv text) {
    size_t count = 0;
    while (count < text.len && text.ptr[count] >= '0' && text.ptr[count] <= '9')
        count++;
    return count;
}

static void insert(cve_set *set, const char *id) {
    uint32_t low = 0, high = set->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = strcmp(set->ids[middle], id);
        if (order == 0)
            return;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (set->count == CVE_MAX) {
        set->is_full = 1;
        return;
    }
    memmove(set->ids[low + 1], set->ids[low], (set->count - low) * sizeof set->ids[0]);
    snprintf(set->ids[low], sizeof set->ids[low], "%s", id);
    set->count++;
}

/* rest: what follows "CVE-" */
static void take(cve_set *set, stella_sv rest) {
    char id[CVE_BYTES_MAX];
    const stella_sv number = stella_sv_skip(rest, YEAR_DIGITS + 1);
    const size_t digits = digits_at(number);
    if (digits_at(rest) != YEAR_DIGITS || rest.len <= YEAR_DIGITS || rest.ptr[YEAR_DIGITS] != '-' ||
        digits < NUMBER_DIGITS || digits > DIGITS_MAX)
        return;
    snprintf(id, sizeof id, "CVE-%.*s-%.*s", YEAR_DIGITS, rest.ptr, (int)digits, number.ptr);
    insert(set, id);
}

void cve_set_add(cve_set *set, stella_sv text) {
    for (;;) {
        const size_t at = stella_sv_find(text, 'C');
        text = stella_sv_skip(text, at);
        if (text.len < 4)
            return;
        if (memcmp(text.ptr, "CVE-", 4) == 0 || memcmp(text.ptr, "CAN-", 4) == 0)
            take(set, stella_sv_skip(text, 4));
        text = stella_sv_skip(text, 1);
    }
}
