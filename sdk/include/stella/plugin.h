/* stella/plugin.h - what a plugin exports and what it is handed.
 *
 * A plugin is one shared object with one exported symbol, the constant `stella_plugin`. Everything about it that can be
 * known without running it stands in its manifest (docs/sdk/manifest.md); the entry repeats id and version so that a
 * mix-up is seen. Interfaces are found by id, "stella.analyzer/1", in both directions; an unknown id is NULL. */
#ifndef STELLA_PLUGIN_H
#define STELLA_PLUGIN_H

#include <stella/error.h>

STELLA_BEGIN_DECLS

/* What the host gives a plugin at create. Valid until destroy returns. */
typedef struct stella_host {
    stella_abi_head head;
    void *self; /* the host's own */
    /* A host interface by id (stella/log.h, stella/clock.h, ...), or NULL when the host's role does not offer it. The
     * answer is valid until destroy returns. [any thread] */
    const void *(*get_interface)(const struct stella_host *host, const char *id);
} stella_host;

static inline const void *stella_host_interface(const stella_host *host, const char *id) {
    return host->get_interface(host, id);
}

typedef struct stella_plugin_entry {
    stella_abi_head head;
    const char *id;      /* the manifest's id */
    const char *version; /* the manifest's version */

    /* Makes the plugin's one instance. Starts no threads, opens no files. May be NULL when there is no state.
     * instance  set on success; handed to every function of the plugin's interfaces
     * [main thread of the process] */
    stella_status (*create)(const stella_host *host, void **instance, stella_error *err);

    /* Ends the instance; NULL when there is nothing to do. [main thread] */
    void (*destroy)(void *instance);

    /* The interface of that id, a static structure, or NULL. Needs no instance. [any thread] */
    const void *(*get_interface)(const char *id);
} stella_plugin_entry;

/* The one exported symbol of a plugin. */
#define STELLA_PLUGIN_SYMBOL "stella_plugin"
extern STELLA_EXPORT const stella_plugin_entry stella_plugin;

/* Defines the entry of a plugin that provides one interface.
 *     STELLA_PLUGIN(MY_ID, MY_VERSION, "stella.emitter/1", emitter, .create = create)
 * further members of stella_plugin_entry may follow. */
#define STELLA_PLUGIN(id_, version_, interface_id, table, ...)                                                         \
    static const void *stella_plugin_get_interface(const char *asked) {                                                \
        return strcmp(asked, interface_id) == 0 ? (const void *)&(table) : NULL;                                       \
    }                                                                                                                  \
    STELLA_EXPORT const stella_plugin_entry stella_plugin = {.head = STELLA_HEAD(stella_plugin_entry),                 \
                                                             .id = (id_),                                              \
                                                             .version = (version_),                                    \
                                                             .get_interface = stella_plugin_get_interface,             \
                                                             __VA_ARGS__}

STELLA_END_DECLS

#endif
