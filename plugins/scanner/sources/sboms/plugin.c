/* plugin.c - the source "sboms": several documents that list components, in a tar archive (README.md). */
#include <stella/source.h>

/* Only "sboms:FILE": a plain archive is an image or a file system. */
static uint32_t detect(void *self, stella_target *target) {
    (void)self;
    (void)target;
    return 0;
}

/* What is selected is the document whose subject counts, or "=NAME": the engine knows. */
static stella_status open_target(void *self, stella_target *target, stella_error *err) {
    (void)self;
    const stella_image image = {
        .struct_size = sizeof image, .kind = STELLA_SV("documents"), .name = target->select, .created_ms = -1};
    stella_layer layer = {.struct_size = sizeof layer, .kind = STELLA_LAYER_BLOB};
    stella_status status = stella_target_size(target, STELLA_SV(""), &layer.size, err);
    if (status == STELLA_OK)
        status = stella_target_image(target, &image, err);
    return status == STELLA_OK ? stella_target_layer(target, &layer, err) : status;
}

static const stella_source source = {.head = STELLA_HEAD(stella_source),
                                     .scheme = "sboms",
                                     .target_kind = STELLA_TARGET_FILE,
                                     .flags = STELLA_SOURCE_STORED,
                                     .detect = detect,
                                     .open = open_target};

STELLA_PLUGIN("org.stella-ops.source.sboms", "0.1.0", STELLA_SOURCE_INTERFACE, source, .create = NULL);
