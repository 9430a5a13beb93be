/* status.h - var/lib/dpkg/status and the files of var/lib/dpkg/status.d: one record for each installed package. */
#ifndef DPKG_STATUS_H
#define DPKG_STATUS_H

#include <stella/analyzer.h>

#define STATUS_PATH   "var/lib/dpkg/status"
#define STATUS_DIR    "var/lib/dpkg/status.d"
#define STATUS_RECORD "package" /* kind of the records; stanza_decode reads them; key is name:architecture=version */

/* Longest package name, version or architecture that is taken for one. */
#define STATUS_WORD_MAX 256
/* Notes about one file; what is behind is counted in a last one. */
#define STATUS_NOTES_MAX 50

/* Streams a status file, or a file of status.d, and emits records. Malformed stanzas are noted and skipped. */
stella_status status_probe(stella_probe *probe, stella_error *err);

/* Whether a Status field (want, flag, state) says that the package is installed: its state is "installed", or it is
 * installed and only waits for another package's triggers ("triggers-awaited", "triggers-pending"). What the
 * administrator wants to become of it (deinstall, hold, purge) does not change what is there. */
int status_is_installed(stella_sv status);

#endif
