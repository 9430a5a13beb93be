/* plugin.c - the sources "docker" and "podman": built once for each, with its name as DAEMON. */
#include "daemon_image.h"

static stella_status open_target(void *self, stella_target *target, stella_error *err) {
    (void)self;
    return daemon_image_open(DAEMON, target, err);
}

/* An archive is made anew for each request: there is no going on where one broke off. */
static stella_status fetch(void *self, stella_target *target, const stella_layer *layer, uint64_t offset, uint64_t size,
                           const stella_sink *out, stella_error *err) {
    (void)self;
    (void)size;
    if (offset)
        return stella_error_at(err, STELLA_E_UNSUPPORTED, target->name,
                               "an archive can only be had from its beginning");
    return daemon_image_fetch(DAEMON, target, layer, out, err);
}

static const stella_source source = {.head = STELLA_HEAD(stella_source),
                                     .scheme = DAEMON,
                                     .target_kind = STELLA_TARGET_REMOTE,
                                     .open = open_target,
                                     .fetch = fetch};

STELLA_PLUGIN("org.stella-ops.source." DAEMON, "0.1.0", STELLA_SOURCE_INTERFACE, source, .create = NULL);
