/* stella/config.h - host interface "stella.config/1": the daemon's checked configuration. Role: kernel.
 *
 * docs/configuration.md lists the keys. A reload swaps all values at once; ask again after it. */
#ifndef STELLA_CONFIG_H
#define STELLA_CONFIG_H

#include <stella/arena.h>
#include <stella/plugin.h>

STELLA_BEGIN_DECLS

#define STELLA_CONFIG_INTERFACE "stella.config/1"

typedef struct stella_config {
    stella_abi_head head;
    void *self;

    /* The effective value of a number or switch (0 or 1). Returns STELLA_E_NOTFOUND for an unknown key or one of
     * another type. [any thread] */
    stella_status (*number)(void *self, const char *key, int64_t *out, stella_error *err);

    /* The effective value of a text, copied into the arena. [any thread] */
    stella_status (*text)(void *self, const char *key, stella_arena *arena, stella_sv *out, stella_error *err);
} stella_config;

STELLA_END_DECLS

#endif
