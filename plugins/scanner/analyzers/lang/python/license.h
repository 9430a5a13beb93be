/* license.h - what metadata says of a license: License-Expression, else License, else the classifiers. */
#ifndef PYTHON_LICENSE_H
#define PYTHON_LICENSE_H

#include "metadata.h"

/* An arena that is spent is as if no expression were one. */
void license_add(stella_component *c, const metadata_view *metadata, stella_arena *arena);

/* The SPDX identifier of a classifier ("License :: OSI Approved :: MIT License"); empty for one that is not exact. */
stella_sv license_of_classifier(stella_sv classifier);

#endif
