/* offer.c - the host interfaces of the kernel role. */
#include "lifecycle/stellad.h"

#include <stella/worker.h>

#include <time.h>

static int64_t wall_ms(void *self) {
    (void)self;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t monotonic_ns(void *self) {
    (void)self;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int is_number(conf_type type) {
    return type == CONF_NUMBER || type == CONF_SWITCH;
}

static stella_status number(void *self, const char *key, int64_t *out, stella_error *err) {
    stellad *d = self;
    conf_key found;
    if (!conf_key_find(stella_sv_cstr(key), &found) || !is_number(conf_table[found].type))
        return stella_error_set(err, STELLA_E_NOTFOUND, key, "no number or switch has this key");
    pthread_rwlock_rdlock(&d->lock);
    *out = conf_number(d->conf, found);
    pthread_rwlock_unlock(&d->lock);
    return STELLA_OK;
}

static stella_status text(void *self, const char *key, stella_arena *arena, stella_sv *out, stella_error *err) {
    stellad *d = self;
    conf_key found;
    if (!conf_key_find(stella_sv_cstr(key), &found) || is_number(conf_table[found].type) ||
        conf_table[found].type == CONF_LIST)
        return stella_error_set(err, STELLA_E_NOTFOUND, key, "no text has this key");
    pthread_rwlock_rdlock(&d->lock);
    const char *copy = stella_arena_cstr(arena, stella_sv_cstr(conf_text(d->conf, found)));
    pthread_rwlock_unlock(&d->lock);
    if (!copy)
        return stella_error_set(err, STELLA_E_NOMEM, key, "the arena's budget is used up");
    *out = stella_sv_cstr(copy);
    return STELLA_OK;
}

static const void *get_interface(const stella_host *host, const char *id) {
    stellad *d = host->self;
    const struct {
        const char *id;
        const void *face;
    } offered[] = {
        {STELLA_LOG_INTERFACE, d->log},
        {STELLA_CLOCK_INTERFACE, &d->clock},
        {STELLA_CONFIG_INTERFACE, &d->config_face},
        {STELLA_METRICS_INTERFACE, metrics_interface(d->metrics)},
        {STELLA_STATE_INTERFACE, state_interface(d->state)},
        {STELLA_HTTP_INTERFACE, http_interface(d->http)},
        {STELLA_BUS_INTERFACE, d->bus ? bus_interface(d->bus) : NULL},
        {STELLA_WORKER_INTERFACE, supervisor_worker(d->supervisor)},
    };
    for (size_t i = 0; i < sizeof offered / sizeof offered[0]; i++)
        if (strcmp(offered[i].id, id) == 0)
            return offered[i].face;
    return NULL;
}

void stellad_offer(stellad *d) {
    d->clock =
        (stella_clock){.head = STELLA_HEAD(stella_clock), .self = d, .wall_ms = wall_ms, .monotonic_ns = monotonic_ns};
    d->config_face = (stella_config){.head = STELLA_HEAD(stella_config), .self = d, .number = number, .text = text};
    d->host = (stella_host){.head = STELLA_HEAD(stella_host), .self = d, .get_interface = get_interface};
}
