/* oci_image.h - describes the image of an OCI layout, be it a directory or an archive of one. */
#ifndef SCANNER_SOURCES_OCI_IMAGE_H
#define SCANNER_SOURCES_OCI_IMAGE_H

#include "store.h"

/* How sure it is that the container is an OCI layout: 0 or 80. */
uint32_t oci_layout_detect(stella_target *target);

/* Checks oci-layout, selects the image, verifies manifest and configuration, states image and layers. */
stella_status oci_layout_open(stella_target *target, stella_error *err);

#endif
