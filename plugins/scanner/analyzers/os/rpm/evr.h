/* evr.h - rpm's order of versions: "[epoch:]version[-release]", compared part by part, digits by value and letters by
 * byte; '~' sorts before everything, '^' after the end but before any other continuation. */
#ifndef RPM_EVR_H
#define RPM_EVR_H

#include <stella/sv.h>

/* Two versions or releases. Negative, 0 or positive. */
int evr_compare_words(stella_sv a, stella_sv b);

/* Two whole ones; an absent epoch is 0, and a release counts only where both have one. */
int evr_compare(stella_sv a, stella_sv b);

/* Whether what is provided meets what is required: their ranges overlap.
 * flags  SENSE_* of tags.h; without a relation or version anything goes */
int evr_satisfies(stella_sv provided, uint64_t provided_flags, stella_sv required, uint64_t required_flags);

#endif
