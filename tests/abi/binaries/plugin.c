/* plugin.c - one source, several binaries: GROWING_SIZE says with which age of growing.h, ENTRY_MAJOR for which ABI it
 * claims to be built. */
#include "growing.h"

#ifndef ENTRY_MAJOR
#define ENTRY_MAJOR STELLA_ABI_MAJOR
#endif

static int32_t first(void) {
    return 1;
}

#if GROWING_SIZE >= 2
static int32_t second(void) {
    return 2;
}
#endif

#if GROWING_SIZE >= 3
static int32_t third(void) {
    return 3;
}
#endif

static const growing table = {
    .head = STELLA_HEAD(growing),
    .first = first,
#if GROWING_SIZE >= 2
    .second = second,
#endif
#if GROWING_SIZE >= 3
    .third = third,
#endif
};

static const void *get_interface(const char *id) {
    return strcmp(id, GROWING_INTERFACE) == 0 ? &table : NULL;
}

STELLA_EXPORT const stella_plugin_entry stella_plugin = {
    .head = {.struct_size = sizeof(stella_plugin_entry), .major = ENTRY_MAJOR, .minor = STELLA_ABI_MINOR},
    .id = "org.example.test.growing",
    .version = "1.0.0",
    .get_interface = get_interface,
};
