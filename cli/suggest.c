#include "cli/suggest.h"

#include <string.h>

#define NAME_MAX_BYTES 40 /* longer names are never suggested */
#define DISTANCE_MAX   2

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

/* Edits between two short texts, a swap of neighbours being one. */
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len) {
    unsigned rows[NAME_MAX_BYTES + 1][NAME_MAX_BYTES + 1];
    for (size_t i = 0; i <= a_len; i++)
        rows[i][0] = (unsigned)i;
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++)
        for (size_t j = 1; j <= b_len; j++) {
            const unsigned change = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            rows[i][j] = least(change, least(rows[i - 1][j], rows[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    return rows[a_len][b_len];
}

const char *suggest(const char *typed, const char *const *names) {
    const size_t typed_len = strlen(typed);
    unsigned best = least(DISTANCE_MAX, (unsigned)(typed_len / 3)) + 1;
    const char *found = NULL;
    for (; typed_len <= NAME_MAX_BYTES && *names; names++) {
        const size_t len = strlen(*names);
        const unsigned edits = len <= NAME_MAX_BYTES ? distance(typed, typed_len, *names, len) : best;
        if (edits < best) {
            best = edits;
            found = *names;
        }
    }
    return found;
}
