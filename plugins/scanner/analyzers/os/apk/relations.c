#include "relations.h"

#include "dependency.h"
#include "version.h"

static uint32_t link_to(stella_analysis *job, const inventory *inv, const package *from, const apk_dependency *d,
                        int strictly) {
    uint32_t count, linked = 0;
    const provider *to = providers_find(&inv->names, d->name, &count);
    for (uint32_t i = 0; i < count && i < RELATIONS_CANDIDATES_MAX; i++) {
        const package *package_at = &inv->packages[to[i].package];
        if (strictly && !apk_version_meets(to[i].version, d->relation, d->version))
            continue;
        linked++;
        if (package_at != from)
            stella_relate(job, from->component, package_at->component, STELLA_RELATION_DEPENDS_ON, 0);
    }
    return linked;
}

static void link_package(stella_analysis *job, const inventory *inv, const package *from) {
    apk_dependency d;
    uint32_t count = 0;
    for (stella_sv list = from->fields[APK_DEPENDS]; apk_dependency_next(&list, &d);) {
        if (++count > RELATIONS_DEPENDENCIES_MAX) {
            stella_note(job, STELLA_NOTE_ERROR, from->path, from->line,
                        STELLA_SV("more than 65536 dependencies: the rest was left out"));
            return;
        }
        if (!d.is_conflict && link_to(job, inv, from, &d, 1) == 0)
            (void)link_to(job, inv, from, &d, 0);
    }
}

void relations_add(stella_analysis *job, const inventory *inv) {
    for (uint32_t i = 0; i < inv->count && !stella_cancelled(job); i++)
        if (!inv->packages[i].is_repeated)
            link_package(job, inv, &inv->packages[i]);
}
