/* plugin.c - the source "containerd". */
#include "containerd_image.h"

#include <stella/source.h>

static uint32_t detect(void *self, stella_target *target) {
    (void)self;
    return containerd_detect(target);
}

static stella_status open_target(void *self, stella_target *target, stella_error *err) {
    (void)self;
    return containerd_open(target, err);
}

static const stella_source source = {.head = STELLA_HEAD(stella_source),
                                     .scheme = "containerd",
                                     .target_kind = STELLA_TARGET_DIRECTORY,
                                     .detect = detect,
                                     .open = open_target};

STELLA_PLUGIN("org.stella-ops.source.containerd", "0.1.0", STELLA_SOURCE_INTERFACE, source, .create = NULL);
