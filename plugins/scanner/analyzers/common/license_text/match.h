/* match.h - which licenses of the SPDX list a text holds, and how much of each. */
#ifndef LICENSE_TEXT_MATCH_H
#define LICENSE_TEXT_MATCH_H

#include <stella/arena.h>
#include <stella/error.h>

#define LICENSE_TEXT_BYTES_MAX   (256u << 10) /* of a text; what is behind is not looked at */
#define LICENSE_TEXT_FOUND_MAX   8            /* licenses of one text */
#define LICENSE_TEXT_SCORE_LEAST 90           /* percent; what is below is no match */
#define LICENSE_TEXT_ARENA_BYTES (4u << 20)   /* that one text needs at most */

typedef struct license_text_found {
    stella_sv id;   /* an SPDX identifier; static */
    uint32_t score; /* percent of the license's pairs of words that the text holds, LICENSE_TEXT_SCORE_LEAST to 100 */
    uint32_t is_notice; /* found by the notice that refers to the license, not by the license's own words */
} license_text_found;

typedef struct license_text_matches {
    license_text_found items[LICENSE_TEXT_FOUND_MAX]; /* the one that explains most of the text first */
    uint32_t count;
} license_text_matches;

/* Finds the licenses of a text. Of licenses whose words are much the same the one that fits best is taken, and another
 * one only if half of its words are not explained yet. The full text of a GNU license is "-only": it does not say that
 * later versions may be used; "-or-later" is what a notice says, outside of the license's full text (which quotes one).
 * text  any bytes
 * out   set on success
 * Linear in the text. Returns STELLA_E_NOMEM. [any thread] */
stella_status license_text_match(stella_sv text, stella_arena *arena, license_text_matches *out);

/* The version of the SPDX license list that the texts are of. Static. */
const char *license_text_list_version(void);

#endif
