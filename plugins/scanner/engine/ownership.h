/* ownership.h - whom a path belongs to. Package databases list paths as they were packed ("lib/x"), the tree may have
 * them elsewhere (lib -> usr/lib): both spellings lead to the same owner, for both are resolved. */
#ifndef SCANNER_ENGINE_OWNERSHIP_H
#define SCANNER_ENGINE_OWNERSHIP_H

#include "findings.h"
#include "view.h"

typedef struct ownership ownership;

/* Borrows the view. NULL when memory is short. */
ownership *ownership_create(const view *v);
void ownership_destroy(ownership *o);
void ownership_destroyp(ownership **o);

/* Adds the files that a stage's findings own, and sets `present` of each. Of two owners of a path the first added
 * holds. Returns STELLA_E_NOMEM. */
stella_status ownership_add(ownership *o, stage *s, stella_error *err);

/* The owner of a path in constant time, links above its last name followed: NULL when nobody owns it.
 * file  set with the owner: the path as the package lists it
 * [one thread: the last directory is remembered] */
const finding *ownership_of(const ownership *o, stella_sv path, const stella_bom_file **file);

#endif
