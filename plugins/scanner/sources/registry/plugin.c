/* plugin.c - the source "registry". */
#include "image.h"

#include <stella/source.h>

/* The plugin's state is the host, which logs. */
static stella_status create(const stella_host *host, void **instance, stella_error *err) {
    (void)err;
    *instance = (void *)(uintptr_t)host;
    return STELLA_OK;
}

static const stella_log *log_of(void *self) {
    return stella_host_interface(self, STELLA_LOG_INTERFACE);
}

static stella_status open_target(void *self, stella_target *target, stella_error *err) {
    return registry_open(target, &session_limits_default, log_of(self), err);
}

static stella_status fetch(void *self, stella_target *target, const stella_layer *layer, uint64_t offset, uint64_t size,
                           const stella_sink *out, stella_error *err) {
    return registry_fetch(target, layer, offset, size, &session_limits_default, log_of(self), out, err);
}

static const stella_source source = {.head = STELLA_HEAD(stella_source),
                                     .scheme = "registry",
                                     .target_kind = STELLA_TARGET_REMOTE,
                                     .open = open_target,
                                     .fetch = fetch};

STELLA_PLUGIN("org.stella-ops.source.registry", "0.1.0", STELLA_SOURCE_INTERFACE, source, .create = create);
