#include "lifecycle/services.h"

#include "plugin/adopt.h"
#include "plugin/load.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

static int is_service(const plugin_manifest *manifest) {
    if (manifest->role != PLUGIN_ROLE_KERNEL)
        return 0;
    for (uint32_t i = 0; i < manifest->provides_count; i++)
        if (strcmp(manifest->provides[i], STELLA_SERVICE_INTERFACE) == 0)
            return 1;
    return 0;
}

/* The catalogue's descriptor goes with its generation; the loader needs one that stays, so it is given a duplicate,
 * which nobody ever closes. */
static stella_status load(const catalogue_plugin *plugin, service *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = fcntl(plugin->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return stella_error_set(err, STELLA_E_IO, plugin->manifest->id, "duplicate its binary: %s", strerror(errno));
    const stella_status status = plugin_load(fd, plugin->manifest, &out->entry, err);
    if (status != STELLA_OK)
        return status;
    (void)stella_take_fd(&fd);
    snprintf(out->id, sizeof out->id, "%s", plugin->manifest->id);
    memcpy(out->digest, plugin->digest, sizeof out->digest);
    return plugin_adopt_interface(&out->entry, STELLA_SERVICE_INTERFACE, sizeof out->table,
                                  PLUGIN_UPTO(stella_service, drain), &out->table, err);
}

static stella_status create(services *s, const catalogue_plugin *plugin, const stella_host *host, stella_error *err) {
    if (s->count == SERVICES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, plugin->manifest->id, "there are %d services already",
                                SERVICES_MAX);
    service made = {.instance = NULL};
    stella_status status = load(plugin, &made, err);
    if (status == STELLA_OK && made.entry.create)
        status = made.entry.create(host, &made.instance, err);
    if (status == STELLA_OK)
        s->list[s->count++] = made;
    return status;
}

stella_status services_create(services *s, const catalogue *plugins, const stella_host *host, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < catalogue_count(plugins); i++)
        if (is_service(catalogue_at(plugins, i)->manifest))
            status = create(s, catalogue_at(plugins, i), host, err);
    if (status != STELLA_OK)
        services_destroy(s);
    return status;
}

stella_status services_start(services *s, stella_error *err) {
    for (uint32_t i = 0; i < s->count; i++) {
        const stella_status status = s->list[i].table.start(s->list[i].instance, err);
        if (status != STELLA_OK) {
            services_drain(s, 0);
            return status;
        }
        s->list[i].is_started = 1;
    }
    return STELLA_OK;
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void services_drain(services *s, uint32_t deadline_ms) {
    const int64_t until_ms = now_ms() + deadline_ms;
    for (uint32_t i = s->count; i > 0; i--) {
        service *one = &s->list[i - 1];
        const int64_t left_ms = until_ms - now_ms();
        if (one->is_started)
            one->table.drain(one->instance, left_ms > 0 ? (uint32_t)left_ms : 0);
        one->is_started = 0;
    }
}

void services_destroy(services *s) {
    for (uint32_t i = s->count; i > 0; i--)
        if (s->list[i - 1].entry.destroy)
            s->list[i - 1].entry.destroy(s->list[i - 1].instance);
    s->count = 0;
}

void services_reload(services *s, const stella_log *log) {
    for (uint32_t i = 0; i < s->count; i++) {
        const service *one = &s->list[i];
        stella_error err = {0};
        if (!one->is_started || !one->table.reload || one->table.reload(one->instance, &err) == STELLA_OK)
            continue;
        const stella_log_field fields[] = {
            {.key = STELLA_SV("plugin"), .value = stella_sv_cstr(one->id)},
            {.key = STELLA_SV("error"), .value = stella_sv_cstr(err.message)},
        };
        log->write(log->self, STELLA_LOG_ERROR, STELLA_SV("a service did not take the reload"), fields, 2,
                   sizeof fields[0]);
    }
}
