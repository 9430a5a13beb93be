#include "relations.h"

#include "dependency.h"
#include "version.h"

/* looked_at  counts the candidates of all packages */
static uint32_t link_to(stella_analysis *job, const inventory *inv, const package *from, const apk_dependency *d,
                        int strictly, uint32_t *looked_at) {
    uint32_t count, linked = 0;
    const provider *to = providers_find(&inv->names, d->name, &count);
    for (uint32_t i = 0; i < count && i < RELATIONS_CANDIDATES_MAX; i++) {
        ++*looked_at;
        const package *package_at = &inv->packages[to[i].package];
        if (strictly && !apk_version_meets(to[i].version, d->relation, d->version))
            continue;
        linked++;
        if (package_at != from)
            stella_relate(job, from->component, package_at->component, STELLA_RELATION_DEPENDS_ON, 0);
    }
    return linked;
}

static void link_package(stella_analysis *job, const inventory *inv, const package *from, uint32_t *looked_at) {
    apk_dependency d;
    uint32_t count = 0;
    for (stella_sv list = from->fields[APK_DEPENDS]; apk_dependency_next(&list, &d);) {
        if (++count > RELATIONS_DEPENDENCIES_MAX || *looked_at > RELATIONS_LOOKED_AT_MAX) {
            stella_note(job, STELLA_NOTE_ERROR, from->path, from->line,
                        STELLA_SV("more than 65536 dependencies, or 10000000 candidates for those of all packages: the "
                                  "rest was left out"));
            return;
        }
        if (!d.is_conflict && link_to(job, inv, from, &d, 1, looked_at) == 0)
            (void)link_to(job, inv, from, &d, 0, looked_at);
    }
}

void relations_add(stella_analysis *job, const inventory *inv) {
    uint32_t looked_at = 0;
    for (uint32_t i = 0; i < inv->count && looked_at <= RELATIONS_LOOKED_AT_MAX && !stella_cancelled(job); i++)
        if (!inv->packages[i].is_repeated)
            link_package(job, inv, &inv->packages[i], &looked_at);
}
