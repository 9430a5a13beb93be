#include "plugin/resolve.h"

#include <stella/auto.h>

#include <stdlib.h>

/* Kinds of which many plugins may be loaded side by side; of every other interface there is one provider a role. */
static const char *const shared_kinds[] = {
    "stella.analyzer", "stella.entrytrace",   "stella.emitter",      "stella.source",      "stella.job",
    "stella.channel",  "stella.feed",         "stella.signer",       "stella.service",     "stella.command",
    "stella.policy",   "stella.driver.state", "stella.driver.queue", "stella.driver.blob", "stella.reader",
};

/* What the host itself offers. */
static const char *const host_everywhere[] = {"stella.log/1", "stella.clock/1"};
static const char *const host_inside[] = {"stella.worker/1", "stella.config/1"};
static const char *const host_kernel[] = {"stella.state/1", "stella.bus/1", "stella.http/1", "stella.metrics/1"};

typedef struct resolver {
    const plugin_manifest *const *plugins;
    unsigned char *is_out; /* count of them */
    uint32_t count;
    void (*refused)(void *self, uint32_t index, const stella_error *why);
    void *self;
} resolver;

static int is_listed(const char *const *list, size_t count, stella_sv text) {
    for (size_t i = 0; i < count; i++)
        if (stella_sv_eq(stella_sv_cstr(list[i]), text))
            return 1;
    return 0;
}

#define IS_LISTED(list, text) is_listed(list, sizeof(list) / sizeof(list)[0], text)

static int host_offers(plugin_role role, const char *interface_id) {
    const stella_sv id = stella_sv_cstr(interface_id);
    return IS_LISTED(host_everywhere, id) || (plugin_role_is_inside(role) && IS_LISTED(host_inside, id)) ||
           (role == PLUGIN_ROLE_KERNEL && IS_LISTED(host_kernel, id));
}

static int provides(const plugin_manifest *m, const char *interface_id) {
    return is_listed(m->provides, m->provides_count, stella_sv_cstr(interface_id));
}

static void refuse(resolver *r, uint32_t index, const stella_error *why) {
    r->is_out[index] = 1;
    r->refused(r->self, index, why);
}

/* Whether the plugin at `index` provides it for those of the role of `wanting`. */
static int serves(const resolver *r, uint32_t index, const plugin_manifest *wanting, const char *interface_id) {
    return !r->is_out[index] && r->plugins[index]->role == wanting->role && provides(r->plugins[index], interface_id);
}

/* ---- one provider only ---- */

/* The other plugin that provides something which one alone may provide; NULL when there is none. */
static const plugin_manifest *rival(const resolver *r, uint32_t index, const char **interface_id) {
    const plugin_manifest *m = r->plugins[index];
    for (uint32_t i = 0; i < m->provides_count; i++) {
        if (IS_LISTED(shared_kinds, plugin_interface_kind(m->provides[i])))
            continue;
        *interface_id = m->provides[i];
        for (uint32_t other = 0; other < r->count; other++)
            if (other != index && serves(r, other, m, m->provides[i]))
                return r->plugins[other];
    }
    return NULL;
}

static void refuse_rivals(resolver *r, unsigned char *is_marked) {
    const char *interface_id;
    for (uint32_t i = 0; i < r->count; i++) /* all are found before the first goes: it takes two */
        is_marked[i] = rival(r, i, &interface_id) != NULL;
    for (uint32_t i = 0; i < r->count; i++) {
        const plugin_manifest *other = is_marked[i] ? rival(r, i, &interface_id) : NULL;
        if (!other)
            continue;
        stella_error why;
        stella_error_set(&why, STELLA_E_CONFLICT, NULL, "%.60s is also provided by %.60s; remove one of the two",
                         interface_id, other->id);
        r->refused(r->self, i, &why);
    }
    for (uint32_t i = 0; i < r->count; i++)
        r->is_out[i] |= is_marked[i];
}

/* ---- nobody provides it ---- */

static int is_served(const resolver *r, const plugin_manifest *m, const char *interface_id) {
    for (uint32_t i = 0; i < r->count; i++)
        if (serves(r, i, m, interface_id))
            return 1;
    return host_offers(m->role, interface_id);
}

static int refuse_unserved(resolver *r, uint32_t index) {
    const plugin_manifest *m = r->plugins[index];
    for (uint32_t i = 0; i < m->requires_count; i++) {
        if (is_served(r, m, m->requires[i]))
            continue;
        stella_error why;
        stella_error_set(&why, STELLA_E_NOTFOUND, NULL,
                         "requires %.60s, which nothing in the role %s provides; install what provides it",
                         m->requires[i], plugin_role_name(m->role));
        refuse(r, index, &why);
        return 1;
    }
    return 0;
}

/* Whoever goes may leave another without what it requires. */
static void refuse_all_unserved(resolver *r) {
    for (int again = 1; again;) {
        again = 0;
        for (uint32_t i = 0; i < r->count; i++)
            again |= !r->is_out[i] && refuse_unserved(r, i);
    }
}

/* ---- circles ---- */

static int requires_from(const resolver *r, uint32_t index, uint32_t provider) {
    const plugin_manifest *m = r->plugins[index];
    for (uint32_t i = 0; i < m->requires_count; i++)
        if (!host_offers(m->role, m->requires[i]) && serves(r, provider, m, m->requires[i]))
            return 1;
    return 0;
}

/* Whether a plugin still in the puzzle needs another that is, or is needed by one. */
static int has_neighbour(const resolver *r, const unsigned char *is_solved, uint32_t index, int downwards) {
    for (uint32_t other = 0; other < r->count; other++)
        if (!is_solved[other] && !r->is_out[other] &&
            (downwards ? requires_from(r, index, other) : requires_from(r, other, index)))
            return 1;
    return 0;
}

/* Takes out whoever needs nobody or is needed by nobody, until only circles and what is between them are left. */
static void solve(const resolver *r, unsigned char *is_solved) {
    for (int again = 1; again;) {
        again = 0;
        for (uint32_t i = 0; i < r->count; i++) {
            if (is_solved[i] || (has_neighbour(r, is_solved, i, 1) && has_neighbour(r, is_solved, i, 0)))
                continue;
            is_solved[i] = 1;
            again = 1;
        }
    }
}

static void refuse_circles(resolver *r, unsigned char *is_solved) {
    memcpy(is_solved, r->is_out, r->count);
    solve(r, is_solved);
    for (uint32_t i = 0; i < r->count; i++) {
        if (is_solved[i])
            continue;
        stella_error why;
        stella_error_set(&why, STELLA_E_CONFLICT, NULL,
                         "requires, in a circle, what requires it; remove a plugin of the circle");
        refuse(r, i, &why);
    }
}

stella_status resolve(const plugin_manifest *const *plugins, uint32_t count,
                      void (*refused)(void *self, uint32_t index, const stella_error *why), void *self,
                      stella_error *err) {
    STELLA_AUTO(stella_freep) unsigned char *is_out = calloc(2 * (size_t)count + 1, 1);
    if (!is_out)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to compare the plugins");
    unsigned char *scratch = is_out + count;
    resolver r = {.plugins = plugins, .is_out = is_out, .count = count, .refused = refused, .self = self};
    refuse_rivals(&r, scratch);
    refuse_all_unserved(&r);
    refuse_circles(&r, scratch);
    refuse_all_unserved(&r);
    return STELLA_OK;
}
