/* changelog.h - usr/share/doc/PACKAGE/changelog.Debian.gz and changelog.gz: the CVE ids that they name, as hints. */
#ifndef DPKG_CHANGELOG_H
#define DPKG_CHANGELOG_H

#include "inventory.h"

#define CHANGELOG_DIR    "usr/share/doc"
#define CHANGELOG_DEBIAN "changelog.Debian.gz"
#define CHANGELOG_NATIVE "changelog.gz" /* of a package that Debian itself makes; else upstream's, which is not read */
#define CHANGELOG_RECORD "cve"          /* kind of the records: the ids of one file (common/cve.h) */

/* Bytes of one changelog that are read; of a longer one a note says so. */
#define CHANGELOG_BYTES_MAX (64u << 20)

/* Emits a record when the file names any id. What cannot be inflated is noted: it is a hint less, no error. */
stella_status changelog_probe(stella_probe *probe, stella_error *err);

/* Adds the hints to the components. A package's folder may be a link to another package's.
 * Returns STELLA_E_NOMEM. */
stella_status changelog_add_hints(stella_analysis *job, const inventory *inv, stella_error *err);

#endif
