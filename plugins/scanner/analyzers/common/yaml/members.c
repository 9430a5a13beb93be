#include "members.h"

#include <stdlib.h>

#define QUADRATIC_MAX 16 /* members up to which comparing each with each is the fastest way */
#define DROPPED       0  /* a kind that no value has */

static void mark_among_few(stella_json_member *members, uint32_t count) {
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (stella_sv_eq(members[i].key, members[j].key))
                members[j].value.kind = DROPPED;
}

static int by_key_and_place(const void *left, const void *right) {
    const stella_json_member *const *a = left, *const *b = right;
    const int order = stella_sv_cmp((*a)->key, (*b)->key);
    return order ? order : (*a > *b) - (*a < *b);
}

static int mark_among_many(stella_json_member *members, uint32_t count) {
    stella_json_member **sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return 0;
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = &members[i];
    qsort(sorted, count, sizeof *sorted, by_key_and_place);
    for (uint32_t i = 1; i < count; i++)
        if (stella_sv_eq(sorted[i - 1]->key, sorted[i]->key))
            sorted[i - 1]->value.kind = DROPPED;
    free(sorted);
    return 1;
}

int members_drop_repeated(stella_json_member *members, uint32_t *count) {
    uint32_t kept = 0;
    if (*count <= QUADRATIC_MAX)
        mark_among_few(members, *count);
    else if (!mark_among_many(members, *count))
        return 0;
    for (uint32_t i = 0; i < *count; i++)
        if (members[i].value.kind != DROPPED)
            members[kept++] = members[i];
    *count = kept;
    return 1;
}
