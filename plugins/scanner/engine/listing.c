#include "listing.h"

#include "bom_part.h"

#include <stella/auto.h>
#include <stella/component.h>

#include <stdlib.h>

typedef struct test {
    uint32_t flags;  /* left out: those that have all of these */
    uint32_t any_of; /* and one of these, unless 0 */
} test;

static int meets(const test *t, uint32_t flags) {
    return (flags & t->flags) == t->flags && (!t->any_of || (flags & t->any_of));
}

static stella_status leave_out(const stella_bom *bom, const test *t, stella_arena *arena, stella_bom *out,
                               stella_error *err) {
    uint32_t left_out = 0;
    STELLA_AUTO(stella_freep) unsigned char *stays = malloc((size_t)bom->components.count + 1);
    if (!stays)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the list of components");
    for (uint32_t i = 0; i < bom->components.count; i++) {
        stays[i] = !meets(t, STELLA_AT(bom->components, stella_bom_component, i)->flags);
        left_out += !stays[i];
    }
    if (left_out)
        return bom_part(bom, stays, arena, out, err);
    if (out != bom)
        *out = *bom;
    return STELLA_OK;
}

stella_status listing_declare(const stella_bom *bom, const listing_rules *rules, int is_system, stella_arena *arena,
                              stella_bom *out, stella_error *err) {
    const int is_on = rules->declared == LISTING_ON || (rules->declared == LISTING_AUTO && !is_system);
    const test all = {.flags = STELLA_COMPONENT_DECLARED};
    const test dev = {.flags = STELLA_COMPONENT_DECLARED, .any_of = STELLA_COMPONENT_DEV | STELLA_COMPONENT_OPTIONAL};
    if (!is_on)
        return leave_out(bom, &all, arena, out, err);
    if (!rules->with_dev)
        return leave_out(bom, &dev, arena, out, err);
    if (out != bom)
        *out = *bom;
    return STELLA_OK;
}

stella_status listing_unmanage(const stella_bom *bom, stella_arena *arena, stella_bom *out, stella_error *err) {
    const test managed = {.flags = STELLA_COMPONENT_MANAGED};
    return leave_out(bom, &managed, arena, out, err);
}

stella_status listing_used(const stella_bom *bom, stella_arena *arena, stella_bom *out, stella_error *err) {
    STELLA_AUTO(stella_freep) unsigned char *stays = malloc((size_t)bom->components.count + 1);
    if (!stays)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the list of components");
    for (uint32_t i = 0; i < bom->components.count; i++) {
        const stella_bom_component *c = STELLA_AT(bom->components, stella_bom_component, i);
        stays[i] = c->entrypoints.count > 0 || stella_sv_eq(c->kind, STELLA_SV("operating-system"));
    }
    const stella_status status = bom_part(bom, stays, arena, out, err);
    if (status == STELLA_OK)
        out->view = STELLA_SV("usage");
    return status;
}
