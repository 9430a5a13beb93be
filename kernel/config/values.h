/* values.h - the inside of a configuration, shared by what reads and what shows it. */
#ifndef KERNEL_CONFIG_VALUES_H
#define KERNEL_CONFIG_VALUES_H

#include "config/conf.h"

#include <stella/arena.h>

typedef struct conf_value {
    int64_t number;
    const char *text; /* never NULL */
    const char *const *items;
    uint32_t item_count;
    const char *origin;
    int is_final;
} conf_value;

struct conf {
    stella_arena *arena; /* every text */
    conf_value values[CONF_KEY_COUNT];
};

#endif
