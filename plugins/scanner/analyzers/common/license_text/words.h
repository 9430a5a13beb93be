/* words.h - the pairs of words of a text, as hashes: what is left of it when case, punctuation, line breaks and the
 * numbers of lists do not count (SPDX 2.3, annex B.2: matching guidelines, in outline). */
#ifndef LICENSE_TEXT_WORDS_H
#define LICENSE_TEXT_WORDS_H

#include <stella/arena.h>
#include <stella/error.h>

/* A set of hashes, each of which may be marked once. */
typedef struct pair_set {
    uint32_t *slots;  /* 0: free */
    uint8_t *is_used; /* marked */
    uint32_t mask;
} pair_set;

/* The pairs of words that follow each other in text. Words are runs of ASCII letters and digits; a number or letter with
 * a '.' or ')' behind it that begins a line is no word.
 * out  set on success; lives in the arena, which needs 10 bytes for each byte of the text
 * Returns STELLA_E_NOMEM. */
stella_status pair_set_of(stella_sv text, stella_arena *arena, pair_set *out);

#define PAIR_NOT_THERE UINT32_MAX

/* Where the hash is: an index of is_used, or PAIR_NOT_THERE. */
uint32_t pair_set_find(const pair_set *set, uint32_t hash);

#endif
