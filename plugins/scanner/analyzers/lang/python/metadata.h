/* metadata.h - core metadata (https://packaging.python.org/en/latest/specifications/core-metadata/): METADATA of a
 * dist-info, PKG-INFO of an egg-info. Headers as in a mail, up to the first blank line. */
#ifndef PYTHON_METADATA_H
#define PYTHON_METADATA_H

#include <stella/lines.h>

#define METADATA_RECORD    "python.metadata" /* one a file; key NAME=VERSION */
#define METADATA_LINE_MAX  (64u << 10)       /* bytes of a line that are kept */
#define METADATA_FIELD_MAX (1u << 20)        /* bytes of a field; what is behind is cut, with a note */

typedef enum metadata_field {
    METADATA_NAME,
    METADATA_VERSION,
    METADATA_EXPRESSION, /* License-Expression */
    METADATA_LICENSE,
    METADATA_CLASSIFIERS, /* those that begin with "License ::", a line each */
    METADATA_LICENSE_FILES,
    METADATA_REQUIRES, /* Requires-Dist, a line each */
    METADATA_SUMMARY,
    METADATA_HOMEPAGE,
    METADATA_AUTHOR, /* Maintainer-email, Maintainer, Author-email or Author */
    METADATA_FIELDS
} metadata_field;

typedef struct metadata_view {
    stella_sv values[METADATA_FIELDS];
    uint32_t line; /* of the name */
} metadata_view;

/* Reads the probe's file and emits a record. One without a valid name is noted and skipped; one without a valid version
 * is noted. Returns what the probe's calls return, or STELLA_E_NOMEM. */
stella_status metadata_probe(stella_probe *probe, stella_error *err);

/* Metadata that lies in memory: a member of an archive.
 * name  of the member, for notes */
stella_status metadata_probe_text(stella_probe *probe, stella_sv text, stella_sv name, stella_error *err);

/* out  set on success; borrows from bytes. Returns STELLA_E_FORMAT. */
stella_status metadata_decode(stella_sv bytes, metadata_view *out, stella_error *err);

#endif
