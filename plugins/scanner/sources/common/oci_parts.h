/* oci_parts.h - one image of an OCI layout or registry: manifest and configuration, read, verified, matched. */
#ifndef SCANNER_SOURCES_OCI_PARTS_H
#define SCANNER_SOURCES_OCI_PARTS_H

#include "documents.h"

#include <stella/source.h>

typedef struct oci_parts {
    oci_manifest manifest;
    oci_config config; /* as many layers as the manifest has */
    stella_sv config_json;
} oci_parts;

/* Reads the manifest that a descriptor names, and its configuration.
 * out  set on success, in docs->arena
 * Returns STELLA_E_FORMAT when it is an artifact but no image, or when the two do not fit. */
stella_status oci_parts_read(const documents *docs, const oci_descriptor *manifest, oci_parts *out, stella_error *err);

/* The same when the manifest's (verified) bytes are at hand; name: for errors. */
stella_status oci_parts_of(const documents *docs, stella_sv manifest_json, stella_sv name, oci_parts *out,
                           stella_error *err);

/* The layer of that place in the manifest, as a blob; foreign when its type says so. */
stella_layer oci_parts_layer(const oci_parts *parts, uint32_t index);

/* States the image, without its layers.
 * name    as the container knows it; may be empty
 * digest  of the manifest that was chosen */
stella_status oci_parts_state(stella_target *target, const oci_parts *parts, stella_sv name, stella_sv digest,
                              stella_error *err);

/* States an image whose configuration was read.
 * named  its name, digests and configuration as stored; the rest is set here */
stella_status oci_image_state(stella_target *target, const oci_config *config, const stella_image *named,
                              stella_error *err);

#endif
