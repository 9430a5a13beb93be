#include "end_of_life.h"

/* Whether the row's version is that one, with ".0" behind it when is_first. */
static int is_version(stella_sv row, stella_sv version, int is_first) {
    return stella_sv_eq(stella_sv_first(row, version.len), version) &&
           stella_sv_eq(stella_sv_skip(row, version.len), is_first ? STELLA_SV(".0") : STELLA_SV(""));
}

static const end_of_life *find(stella_sv id, stella_sv version, int is_first) {
    for (uint32_t i = 0; i < end_of_life_count; i++)
        if (stella_sv_eq(end_of_life_table[i].id, id) && is_version(end_of_life_table[i].version, version, is_first))
            return &end_of_life_table[i];
    return NULL;
}

const end_of_life *end_of_life_of(const stella_distro *distro) {
    stella_sv version = distro->version_id;
    if (distro->id.len == 0 || version.len == 0)
        return NULL;
    while (version.len) {
        const end_of_life *row = find(distro->id, version, 0);
        if (row)
            return row;
        const size_t dot = stella_sv_rfind(version, '.');
        version = stella_sv_first(version, dot < version.len ? dot : 0);
    }
    return find(distro->id, distro->version_id, 1);
}
