#include "managed.h"

#include <stella/auto.h>

#include <stdlib.h>

/* What the findings of one component come to, as bits. */
enum {
    STANDS = 1,            /* a package, whatever else says of it */
    INSTALLED_OUTSIDE = 2, /* not all its files are the distribution's */
    INSTALLED_WITHIN = 4,
    DECLARED_OUTSIDE = 8,
    DECLARED_WITHIN = 16
};

typedef struct marking {
    const ownership *owners;
    stella_bom_component *components;
} marking;

/* Whether another component that is the distribution's own has the file. */
static int is_vendors(const marking *m, const finding *f, stella_sv path) {
    const stella_bom_file *ignored;
    const finding *owner = ownership_of(m->owners, path, &ignored);
    return owner && owner->merged != f->merged && (m->components[owner->merged].flags & STELLA_COMPONENT_VENDOR);
}

/* The file of the tree: "app.jar" of "app.jar!/lib/a.jar". */
static stella_sv outermost(stella_sv path) {
    for (size_t i = 0; i + 1 < path.len; i++)
        if (path.ptr[i] == '!' && path.ptr[i + 1] == '/')
            return stella_sv_first(path, i);
    return path;
}

static int is_within(const marking *m, const finding *f) {
    uint32_t present = 0;
    for (const stella_bom_file *file = chain_first(&f->files); file; file = chain_next(file)) {
        present += file->present;
        if (file->present && !is_vendors(m, f, file->path))
            return 0;
    }
    if (present)
        return 1;
    for (const stella_bom_evidence *e = chain_first(&f->evidence); e; e = chain_next(e))
        if (!is_vendors(m, f, e->path) && !is_vendors(m, f, outermost(e->path)))
            return 0;
    return 1;
}

static unsigned char judge(const marking *m, const finding *f, uint32_t phase) {
    if (phase < STELLA_PHASE_APPLICATIONS || phase >= STELLA_PHASE_ENTRYTRACE)
        return STANDS;
    const int is_in = is_within(m, f);
    if (f->flags & STELLA_COMPONENT_DECLARED)
        return is_in ? DECLARED_WITHIN : DECLARED_OUTSIDE;
    return is_in ? INSTALLED_WITHIN : INSTALLED_OUTSIDE;
}

static int is_managed(unsigned char verdict) {
    if (verdict & (STANDS | INSTALLED_OUTSIDE))
        return 0;
    return (verdict & INSTALLED_WITHIN) || ((verdict & DECLARED_WITHIN) && !(verdict & DECLARED_OUTSIDE));
}

static int has_vendor(const stella_list *components) {
    for (uint32_t i = 0; i < components->count; i++)
        if (STELLA_AT(*components, stella_bom_component, i)->flags & STELLA_COMPONENT_VENDOR)
            return 1;
    return 0;
}

stella_status managed_mark(const stages *all, const ownership *owners, const stella_list *components,
                           stella_error *err) {
    if (!owners || !has_vendor(components))
        return STELLA_OK;
    STELLA_AUTO(stella_freep) unsigned char *verdicts = calloc(components->count, 1);
    const marking m = {.owners = owners, .components = (stella_bom_component *)(uintptr_t)components->items};
    if (!verdicts)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what is managed");
    for (uint32_t i = 0; i < all->count; i++)
        for (const finding *f = chain_first(&all->items[i]->findings); f; f = chain_next(f))
            if (!(verdicts[f->merged] & (STANDS | INSTALLED_OUTSIDE)))
                verdicts[f->merged] |= judge(&m, f, all->items[i]->phase);
    for (uint32_t i = 0; i < components->count; i++)
        if (is_managed(verdicts[i]))
            m.components[i].flags |= STELLA_COMPONENT_MANAGED;
    return STELLA_OK;
}
