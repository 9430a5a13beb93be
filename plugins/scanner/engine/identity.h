/* identity.h - which findings are the same component, and what it is called.
 *
 * A component is its package URL. Without a version, or without a purl, two findings are one only if the file that
 * proves them is the same. What several findings state accumulates; where they contradict each other the first in the
 * order of phase, plugin id and statement holds. */
#ifndef SCANNER_ENGINE_IDENTITY_H
#define SCANNER_ENGINE_IDENTITY_H

#include "findings.h"

/* Builds purl and ref of every finding of a stage. A finding whose purl cannot be built keeps none, and a note says
 * why. Returns STELLA_E_NOMEM when the stage's budget is spent. */
stella_status identity_name(stage *s, stella_error *err);

/* Merges the findings of all stages (already named).
 * components  set on success: stella_bom_component ordered by ref, in the arena
 * Sets finding.merged. Returns STELLA_E_NOMEM. */
stella_status identity_merge(const stages *all, stella_arena *arena, stella_list *components, stella_error *err);

#endif
