/* declared.h - what lock files say: components that are declared, and of installed ones where they came from. */
#ifndef NODE_DECLARED_H
#define NODE_DECLARED_H

#include "tree.h"

/* Looks at every lock file of the job. Installed components must have been made.
 * Returns STELLA_E_NOMEM, STELLA_E_CANCELLED, or what the records' readers return. */
stella_status declared_add(stella_analysis *job, const tree *t, stella_error *err);

/* What is known of where a package comes from, as properties; empty texts are left out. */
stella_status declared_source(stella_analysis *job, stella_component *c, stella_sv integrity, stella_sv resolved,
                              stella_error *err);

#endif
