/* host_check.c - a host is started with the daemon rather than by the first job, so that a plugin that cannot be loaded
 * is known at once. A thread of its own waits for it: signals are answered meanwhile. */
#include "lifecycle/stellad.h"

#include <stella/auto.h>

#define FAILURES_TOLD 16

int stellad_has_scanners(stellad *d) {
    pthread_rwlock_rdlock(&d->lock);
    const int has = inventory_has_role(&d->inventory, PLUGIN_ROLE_SCAN);
    pthread_rwlock_unlock(&d->lock);
    return has;
}

static void *check(void *context) {
    stellad *d = context;
    const stella_worker *worker = supervisor_worker(d->supervisor);
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    stella_error errors[FAILURES_TOLD], err = {0};
    char ids[FAILURES_TOLD][128];
    worker->plugin(worker->self, "scan", 0, &plugin, &err);
    if (err.code == STELLA_E_BUSY) /* the daemon ends before the host was there */
        return NULL;
    if (err.code != STELLA_OK)
        log_failure(d->log, STELLA_LOG_ERROR, "the host \"scan\" does not start", &err);
    const uint32_t count = supervisor_load_failures(d->supervisor, "scan", errors, ids, FAILURES_TOLD);
    for (uint32_t i = 0; i < count && i < FAILURES_TOLD; i++)
        log_event(d->log, STELLA_LOG_ERROR, "plugin left out", "plugin", ids[i], "error", errors[i].message, NULL);
    return NULL;
}

void stellad_check_host(stellad *d) {
    d->checks_host = stellad_has_scanners(d) && pthread_create(&d->host_check, NULL, check, d) == 0;
}

void stellad_end_host_check(stellad *d) {
    if (d->checks_host)
        pthread_join(d->host_check, NULL);
    d->checks_host = 0;
}
