/* plugin.c - the source "file". */
#include "single_file.h"

#include <stella/source.h>

static uint32_t detect(void *self, stella_target *target) {
    (void)self;
    return single_file_detect(target);
}

static stella_status open_target(void *self, stella_target *target, stella_error *err) {
    (void)self;
    return single_file_open(target, err);
}

static const stella_source source = {.head = STELLA_HEAD(stella_source),
                                     .scheme = "file",
                                     .target_kind = STELLA_TARGET_FILE,
                                     .flags = STELLA_SOURCE_STORED,
                                     .detect = detect,
                                     .open = open_target};

STELLA_PLUGIN("org.stella-ops.source.file", "0.1.0", STELLA_SOURCE_INTERFACE, source, .create = NULL);
