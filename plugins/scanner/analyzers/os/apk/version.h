/* version.h - Alpine package versions: 1.2.3[letter][_suffix[number]]...[~hash][-rN] (apk-package(5)). */
#ifndef APK_VERSION_H
#define APK_VERSION_H

#include <stella/sv.h>

/* The order that apk sorts versions in: negative, 0 or positive. Any bytes may be compared; what is no valid version
 * is compared as far as it is one. */
int apk_version_compare(stella_sv a, stella_sv b);

/* Whether have meets the relation of a dependency: any combination of '<', '>' and '=', or one with '~', which asks for
 * a version that begins with want. An empty relation is met by every version, "><" (a checksum) too. */
int apk_version_meets(stella_sv have, stella_sv relation, stella_sv want);

#endif
