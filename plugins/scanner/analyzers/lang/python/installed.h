/* installed.h - components of installed distributions: fields, files, origin, relations. */
#ifndef PYTHON_INSTALLED_H
#define PYTHON_INSTALLED_H

#include "inventory.h"

/* Adds a component for every distribution. Returns STELLA_E_NOMEM, STELLA_E_CANCELLED. */
stella_status installed_add(inventory *inv, stella_error *err);

/* Relates them by their requirements, extras included that others ask for. Returns STELLA_E_NOMEM. */
stella_status installed_relate(inventory *inv, stella_error *err);

/* The files of a distribution, with digests; what differs from RECORD is a property and a note.
 * Returns STELLA_E_NOMEM. */
stella_status files_add(inventory *inv, dist *d, stella_error *err);

/* What direct_url.json says (https://packaging.python.org/en/latest/specifications/direct-url-data-structure/). */
stella_status origin_add(const inventory *inv, const dist *d, stella_error *err);

#endif
