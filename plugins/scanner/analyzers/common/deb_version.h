/* deb_version.h - Debian package versions: [epoch:]upstream[-revision] (deb-version(7)). */
#ifndef ANALYZER_DEB_VERSION_H
#define ANALYZER_DEB_VERSION_H

#include <stella/sv.h>

/* The order that dpkg sorts versions in: negative, 0 or positive. Any bytes may be compared. */
int deb_version_compare(stella_sv a, stella_sv b);

/* Whether have stands in the relation ("<<", "<=", "=", ">=", ">>"; "<" and ">" as dpkg reads them, <= and >=) to want.
 * An unknown relation is not met. */
int deb_version_satisfies(stella_sv have, stella_sv relation, stella_sv want);

#endif
