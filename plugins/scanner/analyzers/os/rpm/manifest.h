/* manifest.h - container-manifest-2, which Mariner and Azure Linux leave in images without an rpm database: a line a
 * package; name, version-release, install time, build time, vendor, epoch, size, architecture, epoch number and source
 * rpm between tabs. */
#ifndef RPM_MANIFEST_H
#define RPM_MANIFEST_H

#include "package.h"

#define MANIFEST_LINE_MAX 8192

/* Emits a record of every line; lines that are no package are noted.
 * Returns what the sink or the probe's reading returned. */
stella_status manifest_probe(stella_probe *probe, package_sink *sink, stella_error *err);

#endif
