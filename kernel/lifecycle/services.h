/* services.h - kernel-role plugins: loaded into the daemon once, started, drained, never unloaded. */
#ifndef KERNEL_LIFECYCLE_SERVICES_H
#define KERNEL_LIFECYCLE_SERVICES_H

#include "plugin/catalogue.h"

#include <stella/log.h>
#include <stella/plugin.h>
#include <stella/service.h>

#define SERVICES_MAX 32

typedef struct service {
    char id[128], digest[STELLA_DIGEST_TEXT_SIZE];
    stella_plugin_entry entry;
    stella_service table;
    void *instance;
    int is_started;
} service;

typedef struct services {
    service list[SERVICES_MAX];
    uint32_t count;
} services;

/* Loads every kernel-role plugin of the catalogue that is a service, and creates its instance.
 * host  what create is given; must outlive services_destroy
 * An error names the plugin; what was created until then is destroyed. [main thread] */
stella_status services_create(services *s, const catalogue *plugins, const stella_host *host, stella_error *err);

/* Starts all in order; on an error drains those that had started. [main thread] */
stella_status services_start(services *s, stella_error *err);

/* In reverse order, each with what is left of the time. [main thread] */
void services_drain(services *s, uint32_t deadline_ms);
void services_destroy(services *s);

/* Tells all; what fails is logged. [main thread] */
void services_reload(services *s, const stella_log *log);

#endif
