/* archive.h - wheels, eggs and zipapps: the metadata of the distributions in them. */
#ifndef PYTHON_ARCHIVE_H
#define PYTHON_ARCHIVE_H

#include <stella/analyzer.h>

#define ARCHIVE_METADATA_MAX ((uint64_t)4 << 20)   /* bytes of one metadata file */
#define ARCHIVE_INFLATED_MAX ((uint64_t)256 << 20) /* of all of them */

/* Emits a record for each *.dist-info/METADATA, *.egg-info/PKG-INFO and EGG-INFO/PKG-INFO. An archive that cannot be read
 * is noted, a zipapp that is none stepped over. Returns what the probe's calls return, or STELLA_E_NOMEM. */
stella_status archive_probe(stella_probe *probe, stella_error *err);

#endif
