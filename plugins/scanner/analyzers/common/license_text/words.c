#include "words.h"

#define BULLET_BYTES_MAX 4 /* "viii" */

typedef struct reading {
    stella_sv text;
    size_t at;
    int is_line_start; /* no word of this line was met */
} reading;

static int lower(char c) {
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int is_of_word(char c) {
    const int l = lower(c);
    return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9');
}

static int is_bullet(const reading *r, stella_sv word) {
    return r->is_line_start && word.len <= BULLET_BYTES_MAX && r->at < r->text.len &&
           (r->text.ptr[r->at] == '.' || r->text.ptr[r->at] == ')');
}

/* Returns 0 at the end. */
static int next_word(reading *r, stella_sv *out) {
    while (r->at < r->text.len) {
        if (!is_of_word(r->text.ptr[r->at])) {
            r->is_line_start |= r->text.ptr[r->at++] == '\n';
            continue;
        }
        const size_t start = r->at;
        while (r->at < r->text.len && is_of_word(r->text.ptr[r->at]))
            r->at++;
        const stella_sv word = stella_sv_of(r->text.ptr + start, r->at - start);
        const int skip = is_bullet(r, word);
        r->is_line_start = 0;
        if (!skip) {
            *out = word;
            return 1;
        }
    }
    return 0;
}

/* FNV-1a of what is added, and at the end the last step of MurmurHash3: FNV alone leaves the upper bits uneven. */
static uint32_t hash_add(uint32_t hash, stella_sv word) {
    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (uint32_t)lower(word.ptr[i])) * 16777619u;
    return hash;
}

static uint32_t hash_pair(stella_sv first, stella_sv second) {
    uint32_t h = hash_add(hash_add(hash_add(2166136261u, first), STELLA_SV(" ")), second);
    h = (h ^ h >> 16) * 0x85EBCA6Bu;
    h = (h ^ h >> 13) * 0xC2B2AE35u;
    return h ^ h >> 16;
}

/* The slot that holds the hash, or the free one where it belongs: there are always free ones. */
static uint32_t slot_of(const pair_set *set, uint32_t hash) {
    uint32_t i = hash & set->mask;
    while (set->slots[i] != 0 && set->slots[i] != hash)
        i = (i + 1) & set->mask;
    return i;
}

uint32_t pair_set_find(const pair_set *set, uint32_t hash) {
    const uint32_t i = slot_of(set, hash);
    return set->slots[i] == hash && hash != 0 ? i : PAIR_NOT_THERE;
}

stella_status pair_set_of(stella_sv text, stella_arena *arena, pair_set *out) {
    uint32_t size = 64;
    while (size < text.len) /* a pair takes two bytes at least: never more than half full */
        size *= 2;
    pair_set set = {.slots = stella_arena_alloc(arena, size, sizeof *set.slots),
                    .is_used = stella_arena_alloc(arena, size, sizeof *set.is_used),
                    .mask = size - 1};
    if (!set.slots || !set.is_used)
        return STELLA_E_NOMEM;
    reading r = {.text = text, .is_line_start = 1};
    stella_sv previous, word;
    for (int more = next_word(&r, &previous); more && next_word(&r, &word); previous = word) {
        const uint32_t hash = hash_pair(previous, word);
        set.slots[slot_of(&set, hash)] = hash;
    }
    *out = set;
    return STELLA_OK;
}
