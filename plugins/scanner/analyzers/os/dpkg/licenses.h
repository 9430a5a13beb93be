/* licenses.h - the licenses of installed packages, from their copyright files. */
#ifndef DPKG_LICENSES_H
#define DPKG_LICENSES_H

#include "inventory.h"

/* Adds licenses to the components. usr/share/doc/PACKAGE may be a link to another package's folder; a file that several
 * packages share is read once.
 * Returns STELLA_E_NOMEM. */
stella_status licenses_add(stella_analysis *job, const inventory *inv, stella_error *err);

#endif
