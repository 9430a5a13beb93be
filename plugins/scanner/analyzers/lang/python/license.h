/* license.h - what metadata says of a license: License-Expression, else License, else the classifiers. */
#ifndef PYTHON_LICENSE_H
#define PYTHON_LICENSE_H

#include "metadata.h"

#define LICENSE_SCRATCH_BYTES ((uint64_t)128 << 10)

/* Adds licenses; without any it adds the names of license files as properties, and returns 0.
 * scratch  of LICENSE_SCRATCH_BYTES; is reset */
int license_add(stella_component *c, const metadata_view *metadata, stella_arena *scratch);

/* The SPDX identifier of a classifier ("License :: OSI Approved :: MIT License"); empty for one that is not exact. */
stella_sv license_of_classifier(stella_sv classifier);

#endif
