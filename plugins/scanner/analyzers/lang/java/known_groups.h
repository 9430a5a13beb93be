/* known_groups.h - groups of well-known artifacts whose archives do not state them, most of them built by Gradle. */
#ifndef JAVA_KNOWN_GROUPS_H
#define JAVA_KNOWN_GROUPS_H

#include <stella/sv.h>

/* The group under which Maven Central has the artifact of that name in that version; empty when the table lacks it.
 * Static. [any thread] */
stella_sv known_group(stella_sv name, stella_sv version);

#endif
