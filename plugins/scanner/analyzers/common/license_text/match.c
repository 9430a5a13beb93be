#include "match.h"

#include "table.h"
#include "words.h"

#define CANDIDATES_MAX 64 /* texts of the list that one text may hold as far as the score goes */

#define MISSING_WEIGHT 4 /* pairs found that make up for one that is missing */

typedef struct candidate {
    const license_table_text *text;
    uint32_t found; /* of its hashes */
} candidate;

typedef struct matching {
    pair_set pairs;
    candidate candidates[CANDIDATES_MAX];
    uint32_t count;
    license_text_matches out;
} matching;

/* How many of the text's hashes are there; gives up, and returns 0, once too many are not. */
static uint32_t count_found(const pair_set *pairs, const license_table_text *text) {
    const uint32_t missing_max = text->count * (100 - LICENSE_TEXT_SCORE_LEAST) / 100;
    uint32_t missing = 0;
    for (uint32_t i = 0; i < text->count && missing <= missing_max; i++) {
        missing += pair_set_find(pairs, license_table_hashes[text->first + i]) == PAIR_NOT_THERE;
        if (missing && i < text->decisive)
            return 0;
    }
    return missing <= missing_max ? text->count - missing : 0;
}

static void find_candidates(matching *m) {
    for (uint32_t i = 0; i < license_table_count && m->count < CANDIDATES_MAX; i++) {
        const uint32_t found = count_found(&m->pairs, &license_table[i]);
        if (found)
            m->candidates[m->count++] = (candidate){.text = &license_table[i], .found = found};
    }
}

/* Hashes of the candidate that no license found before has. */
static uint32_t count_unused(const pair_set *pairs, const license_table_text *text) {
    uint32_t unused = 0;
    for (uint32_t i = 0; i < text->count; i++) {
        const uint32_t at = pair_set_find(pairs, license_table_hashes[text->first + i]);
        unused += at != PAIR_NOT_THERE && !pairs->is_used[at];
    }
    return unused;
}

/* "GPL-2.0" of "GPL-2.0-or-later": one text, several ways to refer to it. */
static stella_sv family_of(stella_sv id) {
    static const stella_sv ends[] = {
        STELLA_SV_INIT("-only"),          STELLA_SV_INIT("-or-later"),
        STELLA_SV_INIT("-no-invariants"), /* before the end that it has */
        STELLA_SV_INIT("-invariants"),    STELLA_SV_INIT("-no-copyleft-exception"),
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (stella_sv_ends(id, ends[i]))
            id = stella_sv_first(id, id.len - ends[i].len);
    return id;
}

static int is_family(const license_table_text *a, const license_table_text *b) {
    return stella_sv_eq(family_of(a->id), family_of(b->id));
}

static void use(const pair_set *pairs, const license_table_text *text) {
    for (uint32_t i = 0; i < text->count; i++) {
        const uint32_t at = pair_set_find(pairs, license_table_hashes[text->first + i]);
        if (at != PAIR_NOT_THERE)
            pairs->is_used[at] = 1;
    }
}

/* A full text quotes the notices that refer to it, and those of its relatives are much the same. */
static void use_notices(const matching *m, const license_table_text *text) {
    for (uint32_t i = 0; i < m->count; i++)
        if (m->candidates[i].text->is_notice && is_family(m->candidates[i].text, text))
            use(&m->pairs, m->candidates[i].text);
}

/* A license that was found already, or a notice that the license itself quotes. */
static int is_said(const matching *m, const license_table_text *text) {
    for (uint32_t i = 0; i < m->out.count; i++)
        if (stella_sv_eq(family_of(m->out.items[i].id), family_of(text->id)))
            return 1;
    return 0;
}

/* Words that are explained, less those that are missing: what is missing counts more, so that "MIT" beats the license
 * that is MIT and one sentence more unless the sentence is there: some of its pairs always are, in a long text. In pairs of the whole text, not of its sample. */
static int64_t rank_of(const matching *m, const candidate *c) {
    const int64_t unused = count_unused(&m->pairs, c->text), missing = c->text->count - c->found;
    if (unused * 2 < c->text->count || is_said(m, c->text))
        return 0;
    return (unused - MISSING_WEIGHT * missing) * c->text->pairs / c->text->count;
}

static const candidate *best_of(const matching *m) {
    const candidate *best = NULL;
    int64_t best_rank = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        const int64_t rank = rank_of(m, &m->candidates[i]);
        if (rank > best_rank) {
            best = &m->candidates[i];
            best_rank = rank;
        }
    }
    return best;
}

stella_status license_text_match(stella_sv text, stella_arena *arena, license_text_matches *out) {
    matching m = {.count = 0};
    const stella_status status = pair_set_of(stella_sv_first(text, LICENSE_TEXT_BYTES_MAX), arena, &m.pairs);
    if (status != STELLA_OK)
        return status;
    find_candidates(&m);
    for (const candidate *c = best_of(&m); c && m.out.count < LICENSE_TEXT_FOUND_MAX; c = best_of(&m)) {
        m.out.items[m.out.count++] = (license_text_found){
            .id = c->text->id, .score = c->found * 100 / c->text->count, .is_notice = c->text->is_notice};
        use(&m.pairs, c->text);
        use_notices(&m, c->text);
    }
    *out = m.out;
    return STELLA_OK;
}

const char *license_text_list_version(void) {
    return license_table_version;
}
