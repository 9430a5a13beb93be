/* files.h - the files that a package owns: its list without directories and what was not installed. */
#ifndef RPM_FILES_H
#define RPM_FILES_H

#include "inventory.h"

/* Called for every owned file; path is relative to the image's root and valid during the call. */
typedef void (*files_seen)(void *self, stella_sv path, const package *owner);

/* Adds the files of the package to its component: configuration and ghosts are flagged, digests as the package has them.
 * seen  may be NULL
 * Returns STELLA_E_NOMEM. */
stella_status files_add(const package *p, files_seen seen, void *self, stella_error *err);

#endif
