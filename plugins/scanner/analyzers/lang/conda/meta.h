/* meta.h - conda-meta/NAME-VERSION-BUILD.json: what conda, mamba and micromamba write of an installed package. */
#ifndef CONDA_META_H
#define CONDA_META_H

#include <stella/analyzer.h>

#define META_RECORD   "conda.package" /* one a file; key NAME=VERSION=BUILD; its bytes are fields and lists */
#define META_FILE_MAX ((uint64_t)64 << 20)

typedef enum meta_field {
    META_NAME,
    META_VERSION,
    META_BUILD,
    META_CHANNEL, /* without host and subdirectory: "conda-forge", "main" */
    META_SUBDIR,
    META_TYPE, /* "conda" or "tar.bz2" */
    META_LICENSE,
    META_URL,
    META_DEPENDS, /* a match specification a line */
    META_FILES,   /* a path a line: 64 digits of SHA-256 or '-', a blank, the path */
    META_FIELDS
} meta_field;

typedef struct meta_view {
    stella_sv values[META_FIELDS];
    uint32_t line;
} meta_view;

/* Reads the probe's file and emits a record. What is no package is noted and skipped. Returns what the probe's calls
 * return, or STELLA_E_NOMEM. */
stella_status meta_probe(stella_probe *probe, stella_error *err);

/* out  set on success; borrows from bytes. Returns STELLA_E_FORMAT. */
stella_status meta_decode(stella_sv bytes, meta_view *out, stella_error *err);

/* The channel's name: of "https://conda.anaconda.org/conda-forge/linux-64" or ".../pkgs/main/linux-64" the last part
 * that is no subdirectory. */
stella_sv meta_channel(stella_sv channel, stella_sv subdir);

#endif
