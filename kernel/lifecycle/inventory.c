#include "lifecycle/inventory.h"

#include <stdio.h>
#include <stdlib.h>

static void copy_plugin(const catalogue_plugin *from, inventory_plugin *to) {
    snprintf(to->id, sizeof to->id, "%s", from->manifest->id);
    snprintf(to->version, sizeof to->version, "%s", from->manifest->version);
    memcpy(to->digest, from->digest, sizeof to->digest);
    memcpy(to->key_id, from->key_id, sizeof to->key_id);
    to->role = from->manifest->role;
}

stella_status inventory_of(const catalogue *plugins, inventory *out, stella_error *err) {
    inventory made = {.plugin_count = catalogue_count(plugins), .refusal_count = catalogue_refusal_count(plugins)};
    made.plugins = calloc(made.plugin_count + 1, sizeof *made.plugins);
    made.refusals = calloc(made.refusal_count + 1, sizeof *made.refusals);
    if (!made.plugins || !made.refusals) {
        inventory_fini(&made);
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the list of plugins");
    }
    for (uint32_t i = 0; i < made.plugin_count; i++)
        copy_plugin(catalogue_at(plugins, i), &made.plugins[i]);
    for (uint32_t i = 0; i < made.refusal_count; i++) {
        const catalogue_refusal *refusal = catalogue_refusal_at(plugins, i);
        snprintf(made.refusals[i].dir, sizeof made.refusals[i].dir, "%s", refusal->dir);
        made.refusals[i].error = refusal->error;
    }
    snprintf(made.generation, sizeof made.generation, "%s", catalogue_digest(plugins));
    *out = made;
    return STELLA_OK;
}

void inventory_fini(inventory *inv) {
    free(inv->plugins);
    free(inv->refusals);
    *inv = (inventory){.plugins = NULL};
}

const inventory_plugin *inventory_find(const inventory *inv, const char *id) {
    for (uint32_t i = 0; i < inv->plugin_count; i++)
        if (strcmp(inv->plugins[i].id, id) == 0)
            return &inv->plugins[i];
    return NULL;
}

static int is_refused(const inventory *inv, const char *dir) {
    for (uint32_t i = 0; i < inv->refusal_count; i++)
        if (strcmp(inv->refusals[i].dir, dir) == 0)
            return 1;
    return 0;
}

int inventory_has_role(const inventory *inv, plugin_role role) {
    for (uint32_t i = 0; i < inv->plugin_count; i++)
        if (inv->plugins[i].role == role)
            return 1;
    return 0;
}

const inventory_refusal *inventory_new_refusal(const inventory *before, const inventory *now) {
    for (uint32_t i = 0; i < now->refusal_count; i++)
        if (!is_refused(before, now->refusals[i].dir))
            return &now->refusals[i];
    return NULL;
}
