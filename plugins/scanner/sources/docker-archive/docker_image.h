/* docker_image.h - describes the image of a `docker save` archive to the engine. */
#ifndef SOURCE_DOCKER_ARCHIVE_IMAGE_H
#define SOURCE_DOCKER_ARCHIVE_IMAGE_H

#include <stella/source.h>

/* 90 when the archive holds a manifest.json, else 0. */
uint32_t docker_archive_detect(stella_target *target);

/* Reads manifest.json, selects the image, verifies its configuration where its name claims a digest, states image and
 * layers. */
stella_status docker_archive_open(stella_target *target, stella_error *err);

#endif
