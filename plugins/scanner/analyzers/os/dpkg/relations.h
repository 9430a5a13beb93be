/* relations.h - Depends and Pre-Depends of installed packages as relations between them. */
#ifndef DPKG_RELATIONS_H
#define DPKG_RELATIONS_H

#include "inventory.h"

/* Packages, or providers, of one name that are looked at for one dependency. */
#define RELATIONS_CANDIDATES_MAX 256
/* Alternatives of one field that are followed; what is behind is noted. */
#define RELATIONS_DEPENDENCIES_MAX 65536

/* Of a group of alternatives each one that is installed at a version and architecture that will do is related; when
 * none will, those that are installed under the name. A name that no package bears is looked for among the provided
 * ones (a dependency with a version is met by a versioned Provides only, Debian Policy 7.5). Recommends and Suggests
 * are no relations. */
void relations_add(stella_analysis *job, const inventory *inv);

#endif
