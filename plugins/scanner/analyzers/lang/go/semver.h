/* semver.h - the order of Go module versions (https://semver.org 2.0, with "v" in front; build metadata does not count). */
#ifndef GO_SEMVER_H
#define GO_SEMVER_H

#include <stella/sv.h>

/* Negative, 0 or positive; a text that is no version is below all that are. */
int semver_cmp(stella_sv a, stella_sv b);

#endif
