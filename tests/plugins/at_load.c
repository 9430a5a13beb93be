/* at_load.c - a plugin that does AT_LOAD (a deed of misbehave.h) while it is created, and nothing else. */
#include "plugins/misbehave.h"

#include <stella/plugin.h>

static stella_status create(const stella_host *host, void **instance, stella_error *err) {
    (void)host;
    *instance = NULL;
    const int refused = misbehave(AT_LOAD, 1);
    if (refused < 0)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no such deed");
    return STELLA_OK; /* a plugin that does not care whether it was refused */
}

static const void *get_interface(const char *id) {
    (void)id;
    return NULL;
}

STELLA_EXPORT const stella_plugin_entry stella_plugin = {.head = STELLA_HEAD(stella_plugin_entry),
                                                         .id = "test.at-load." AT_LOAD,
                                                         .version = "1.0.0",
                                                         .create = create,
                                                         .get_interface = get_interface};
