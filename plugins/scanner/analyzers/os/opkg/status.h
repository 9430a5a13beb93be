/* status.h - opkg's status file and the control files of its info folder: one record for each. */
#ifndef OPKG_STATUS_H
#define OPKG_STATUS_H

#include <stella/analyzer.h>

#define STATUS_PACKAGE "package" /* kind: an installed package; key is name:architecture=version */
#define STATUS_CONTROL "control" /* kind: what a package's control file says; key is its name */

/* Notes about one file; what is behind is counted in a last one. */
#define STATUS_NOTES_MAX 50

/* Streams a file; one whose name ends in ".control" has one stanza without Status. Both kinds are stanzas
 * (common/stanza.h). */
stella_status status_probe(stella_probe *probe, stella_error *err);

/* Whether the third word of a Status field is "installed". */
int status_is_installed(stella_sv status);

#endif
