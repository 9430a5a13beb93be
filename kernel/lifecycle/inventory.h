/* inventory.h - what is known of the plugins of the current generation, kept apart from the catalogue, which belongs to
 * the supervisor. */
#ifndef KERNEL_LIFECYCLE_INVENTORY_H
#define KERNEL_LIFECYCLE_INVENTORY_H

#include "plugin/catalogue.h"

typedef struct inventory_plugin {
    char id[128], version[64], digest[STELLA_DIGEST_TEXT_SIZE], key_id[STELLA_DIGEST_TEXT_SIZE];
    plugin_role role;
} inventory_plugin;

typedef struct inventory_refusal {
    char dir[256];
    stella_error error;
} inventory_refusal;

typedef struct inventory {
    inventory_plugin *plugins;
    inventory_refusal *refusals;
    uint32_t plugin_count, refusal_count;
    char generation[STELLA_DIGEST_TEXT_SIZE];
} inventory;

/* Copies what the catalogue says.
 * out  set on success; inventory_fini frees it */
stella_status inventory_of(const catalogue *plugins, inventory *out, stella_error *err);
void inventory_fini(inventory *inv);

const inventory_plugin *inventory_find(const inventory *inv, const char *id);

int inventory_has_role(const inventory *inv, plugin_role role);

/* The first refusal of now that was none before, or NULL. */
const inventory_refusal *inventory_new_refusal(const inventory *before, const inventory *now);

#endif
