/* adopt_generation.c - a new generation of plugins beside the old one. */
#include "worker/supervisor_internal.h"

#include <stdlib.h>

static int want_hosts(supervisor *s, generation *fresh) {
    for (const host_record *h = s->hosts; h; h = h->next)
        if (h->generation == s->current && h->state != HOST_LEAVING && !host_want(s, fresh, h->role))
            return 0;
    return 1;
}

/* 1 once every host of the generation is ready; -1 when one will not be, with the reason. */
static int is_healthy(const supervisor *s, const generation *fresh, stella_error *err) {
    int all = 1;
    if (fresh->failure_count) {
        stella_error_set(err, STELLA_E_CRASHED, plugin_id(fresh, (int32_t)fresh->failures[0].index), "%s",
                         fresh->failures[0].error.message);
        return -1;
    }
    for (const host_record *h = s->hosts; h; h = h->next) {
        if (h->generation != fresh)
            continue;
        if (h->state == HOST_BACKOFF || h->state == HOST_HELD) {
            stella_error_set(err, STELLA_E_CRASHED, NULL, "%s", h->why.message);
            return -1;
        }
        all = all && h->state == HOST_READY;
    }
    return all;
}

static void retire(supervisor *s, generation *g, int at_once) {
    for (host_record *h = s->hosts; h; h = h->next)
        if (h->generation == g)
            host_retire(s, h, at_once);
}

static void replace_current(supervisor *s, generation *fresh) {
    generation *old = s->current;
    fresh->is_borrowed = 0;
    s->current = fresh;
    retire(s, old, 0);
    generation_release(old); /* at once when no host held it */
}

/* The catalogue stays the caller's: nothing may use it when this returns. */
static void abandon(supervisor *s, generation *fresh) {
    retire(s, fresh, 1);
    while (fresh->hosts)
        pthread_cond_wait(&s->changed, &s->lock);
    generation_release(fresh);
}

stella_status supervisor_adopt(supervisor *s, catalogue *plugins, stella_error *err) {
    generation *fresh = generation_create(plugins);
    if (!fresh)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "out of memory");
    fresh->is_borrowed = 1;
    pthread_mutex_lock(&s->lock);
    stella_error why = {0};
    int healthy = -1;
    if (s->is_draining || s->is_adopting)
        stella_error_set(&why, STELLA_E_BUSY, NULL, "%s",
                         s->is_draining ? "shutting down" : "another reload is under way");
    else {
        s->is_adopting = 1;
        healthy = want_hosts(s, fresh) ? 0 : -1;
        while (healthy == 0 && !s->is_draining && (healthy = is_healthy(s, fresh, &why)) == 0)
            pthread_cond_wait(&s->changed, &s->lock);
        s->is_adopting = 0;
    }
    if (healthy == 1)
        replace_current(s, fresh);
    else
        abandon(s, fresh);
    pthread_mutex_unlock(&s->lock);
    if (healthy == 1)
        return STELLA_OK;
    if (!why.code)
        stella_error_set(&why, STELLA_E_BUSY, NULL, "shutting down");
    if (err)
        *err = why;
    return why.code;
}
