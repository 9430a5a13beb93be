/* plugin.c - the source "docker-archive". */
#include "docker_image.h"

#include <stella/source.h>

static uint32_t detect(void *self, stella_target *target) {
    (void)self;
    return docker_archive_detect(target);
}

static stella_status open_target(void *self, stella_target *target, stella_error *err) {
    (void)self;
    return docker_archive_open(target, err);
}

static const stella_source source = {.head = STELLA_HEAD(stella_source),
                                     .scheme = "docker-archive",
                                     .target_kind = STELLA_TARGET_FILE,
                                     .detect = detect,
                                     .open = open_target};

STELLA_PLUGIN("org.stella-ops.source.docker-archive", "0.1.0", STELLA_SOURCE_INTERFACE, source, .create = NULL);
