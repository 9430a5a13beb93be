/* version.h - versions of Arch Linux packages: [epoch:]version[-release] (vercmp(8)). */
#ifndef ALPM_VERSION_H
#define ALPM_VERSION_H

#include <stella/sv.h>

/* The order that pacman sorts versions in: negative, 0 or positive; a release that one side lacks does not count. Any
 * bytes may be compared. */
int alpm_version_compare(stella_sv a, stella_sv b);

/* Whether have stands in the relation ("<", "<=", "=", ">=", ">") to want; an unknown relation is not met. */
int alpm_version_meets(stella_sv have, stella_sv relation, stella_sv want);

#endif
