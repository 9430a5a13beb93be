/* counts.h - what the analyzers of an image counted (stella_count), added up. */
#ifndef SCANNER_ENGINE_COUNTS_H
#define SCANNER_ENGINE_COUNTS_H

#include "findings.h"

/* The sums of all stages by name.
 * one_more  a stage beside them; may be NULL
 * out  set on success: stella_bom_pair name and decimal value, ordered by name, in the arena
 * Returns STELLA_E_NOMEM. */
stella_status counts_sum(const stages *all, const stage *one_more, stella_arena *arena, stella_list *out);

#endif
