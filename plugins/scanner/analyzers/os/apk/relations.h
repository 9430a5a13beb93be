/* relations.h - dependencies of installed packages as relations between them. */
#ifndef APK_RELATIONS_H
#define APK_RELATIONS_H

#include "inventory.h"

/* Packages that answer to one name and are looked at for one dependency. */
#define RELATIONS_CANDIDATES_MAX 256

/* Candidates looked at for all dependencies of all packages: seconds of a graph that no image has. */
#define RELATIONS_LOOKED_AT_MAX 10000000u
/* Dependencies of one package that are followed; what is behind is noted. */
#define RELATIONS_DEPENDENCIES_MAX 65536

/* Each dependency is related to the packages that bear or provide the name at a version that will do; when none will,
 * to those that answer to the name. Conflicts are no relations. */
void relations_add(stella_analysis *job, const inventory *inv);

#endif
