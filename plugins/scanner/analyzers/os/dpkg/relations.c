#include "relations.h"

#include "common/deb_version.h"

typedef struct linking {
    stella_analysis *job;
    const inventory *inv;
    const package *from;
    uint32_t linked; /* packages linked for the group at hand */
} linking;

static void link_to(linking *l, const package *to) {
    l->linked++;
    if (to->component != l->from->component)
        stella_relate(l->job, l->from->component, to->component, STELLA_RELATION_DEPENDS_ON, 0);
}

static stella_sv native(const inventory *inv, stella_sv arch) {
    return stella_sv_eq(arch, STELLA_SV("all")) && inv->native.len ? inv->native : arch;
}

static int is_multi_arch(const package *p, stella_sv kind) {
    return stella_sv_eq(p->stanza.values[STANZA_MULTI_ARCH], kind);
}

/* The rules of Multi-Arch: the own architecture, unless the target serves others or the dependency asks for any. */
static int architecture_will_do(const linking *l, const dependency *d, const package *to) {
    if (stella_sv_eq(d->qualifier, STELLA_SV("any")))
        return 1;
    if (d->qualifier.len)
        return stella_sv_eq(native(l->inv, to->arch), d->qualifier);
    const stella_sv from_arch = native(l->inv, l->from->arch), to_arch = native(l->inv, to->arch);
    return stella_sv_eq(from_arch, to_arch) || is_multi_arch(to, STELLA_SV("foreign")) ||
           stella_sv_eq(from_arch, STELLA_SV("all")) || stella_sv_eq(to->arch, STELLA_SV("all"));
}

static int version_will_do(const dependency *d, stella_sv version) {
    return d->relation.len == 0 || (version.len && deb_version_satisfies(version, d->relation, d->version));
}

/* Links what bears the name; strictly: at the right version and architecture. */
static void link_named(linking *l, const dependency *d, int strictly) {
    uint32_t count;
    const package *to = inventory_find(l->inv, d->name, &count);
    for (uint32_t i = 0; i < count && i < RELATIONS_CANDIDATES_MAX; i++)
        if (!strictly || (architecture_will_do(l, d, to + i) && version_will_do(d, to[i].version)))
            link_to(l, to + i);
}

static void link_providers(linking *l, const dependency *d) {
    uint32_t count;
    const provided *p = inventory_find_provided(l->inv, d->name, &count);
    for (uint32_t i = 0; i < count && i < RELATIONS_CANDIDATES_MAX; i++)
        if (architecture_will_do(l, d, p[i].by) && version_will_do(d, p[i].version))
            link_to(l, p[i].by);
}

/* The alternatives of the group that begins at *d; leaves *d at the first of the next group. Returns 0 at the end. */
static int link_group(linking *l, dependency_reader *reader, dependency *d) {
    const dependency_reader at_start = *reader;
    const dependency first = *d;
    l->linked = 0;
    int more;
    do {
        const uint32_t before = l->linked;
        link_named(l, d, 1);
        if (l->linked == before)
            link_providers(l, d);
        more = dependency_next(reader, d);
    } while (more && d->group == first.group);
    if (l->linked)
        return more;

    dependency_reader again = at_start;
    dependency alternative = first;
    do
        link_named(l, &alternative, 0);
    while (dependency_next(&again, &alternative) && alternative.group == first.group);
    return more;
}

static void link_field(linking *l, stella_sv field) {
    dependency_reader reader = dependency_open(field);
    dependency d;
    for (int more = dependency_next(&reader, &d); more;) {
        if (d.group > RELATIONS_DEPENDENCIES_MAX) {
            stella_note(l->job, STELLA_NOTE_ERROR, l->from->path, l->from->stanza.line,
                        STELLA_SV("more than 65536 dependencies: the rest was left out"));
            return;
        }
        more = link_group(l, &reader, &d);
    }
}

void relations_add(stella_analysis *job, const inventory *inv) {
    for (uint32_t i = 0; i < inv->package_count && !stella_cancelled(job); i++) {
        linking l = {.job = job, .inv = inv, .from = &inv->packages[i]};
        link_field(&l, l.from->stanza.values[STANZA_PRE_DEPENDS]);
        link_field(&l, l.from->stanza.values[STANZA_DEPENDS]);
    }
}
