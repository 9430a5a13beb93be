/* managed.h - which components belong to the distribution: what its packages brought is told of by them. */
#ifndef SCANNER_ENGINE_MANAGED_H
#define SCANNER_ENGINE_MANAGED_H

#include "ownership.h"

/* Sets STELLA_COMPONENT_MANAGED of each component that analyzers of applications and binaries alone state, and all of
 * whose files - those it owns that are there, else those that prove it - belong to other components that are the
 * distribution's own (STELLA_COMPONENT_VENDOR). Where a component was found installed, its mentions in lock files do not
 * count. One place outside the distribution's packages and it stands; so it does when a third party's package owns it.
 * stages      identity_merge has been here
 * components  stella_bom_component, changed
 * Returns STELLA_E_NOMEM. */
stella_status managed_mark(const stages *all, const ownership *owners, const stella_list *components,
                           stella_error *err);

#endif
