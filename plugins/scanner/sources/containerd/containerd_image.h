/* containerd_image.h - describes an image that containerd holds, from its metadata and its content store. */
#ifndef SCANNER_SOURCES_CONTAINERD_IMAGE_H
#define SCANNER_SOURCES_CONTAINERD_IMAGE_H

#include <stella/source.h>

uint32_t containerd_detect(stella_target *target);
stella_status containerd_open(stella_target *target, stella_error *err);

#endif
