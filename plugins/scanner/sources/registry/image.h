/* image.h - the image that a reference names, as a stella_source states it. */
#ifndef SCANNER_SOURCES_REGISTRY_IMAGE_H
#define SCANNER_SOURCES_REGISTRY_IMAGE_H

#include "session.h"

#include <stella/source.h>

/* Resolves target->name with target->access: index, manifest, configuration, each verified; states image and layers.
 * Returns what session_read, select_manifest and oci_parts_read do, and STELLA_E_UNSUPPORTED for Docker's schema 1. */
stella_status registry_open(stella_target *target, const session_limits *limits, const stella_log *log,
                            stella_error *err);

/* Writes bytes of a layer: stella_source.fetch. */
stella_status registry_fetch(stella_target *target, const stella_layer *layer, uint64_t offset, uint64_t size,
                             const session_limits *limits, const stella_log *log, const stella_sink *out,
                             stella_error *err);

#endif
