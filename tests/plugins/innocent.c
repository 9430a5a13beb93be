/* innocent.c - a plugin that does nothing: the one that tests enter, and blame. */
#include <stella/plugin.h>

static const void *get_interface(const char *id) {
    (void)id;
    return NULL;
}

STELLA_EXPORT const stella_plugin_entry stella_plugin = {.head = STELLA_HEAD(stella_plugin_entry),
                                                         .id = "test.innocent",
                                                         .version = "1.0.0",
                                                         .get_interface = get_interface};
