#include "document.h"

int snap_package_parse(const stella_json *text, snap_package *out) {
    stella_sv version = stella_json_str(text), name;
    if (!stella_sv_split(&version, '=', &name) || name.len == 0 || version.len == 0)
        return 0;
    const size_t colon = stella_sv_find(name, ':');
    if (colon == 0)
        return 0;
    *out = (snap_package){.name = stella_sv_first(name, colon),
                          .architecture = stella_sv_skip(name, colon + 1),
                          .version = version,
                          .line = text->line};
    return 1;
}

snap_packages snap_packages_of(const stella_json *manifest) {
    const stella_json *whole = stella_json_get(manifest, "primed-stage-packages");
    return (snap_packages){.list = whole, .parts = whole ? NULL : stella_json_get(manifest, "parts")};
}

int snap_packages_next(snap_packages *it, snap_package *out) {
    for (;;) {
        const stella_json *item = stella_json_at(it->list, it->index);
        if (item) {
            it->index++;
            if (snap_package_parse(item, out))
                return 1;
        } else if (it->parts && it->parts->kind == STELLA_JSON_OBJECT && it->part < it->parts->count) {
            it->list = stella_json_get(&it->parts->members[it->part++].value, "stage-packages");
            it->index = 0;
        } else {
            return 0;
        }
    }
}

static stella_sv up(stella_sv *path) {
    const size_t slash = stella_sv_rfind(*path, '/');
    const stella_sv last = slash < path->len ? stella_sv_skip(*path, slash + 1) : *path;
    *path = stella_sv_first(*path, slash < path->len ? slash : 0);
    return last;
}

snap_place snap_place_of(stella_sv path) {
    (void)up(&path);
    (void)up(&path); /* "meta" or "snap" */
    snap_place place = {.folder = path};
    const stella_sv revision = up(&path);
    const stella_sv digits = stella_sv_starts(revision, STELLA_SV("x")) ? stella_sv_skip(revision, 1) : revision;
    uint64_t number;
    if (path.len && stella_sv_u64(digits, UINT32_MAX, &number)) /* x1: put there by hand */
        place.revision = revision;
    return place;
}

int snap_file_parse(stella_sv path, stella_sv *name, stella_sv *revision) {
    const stella_sv suffix = STELLA_SV(".snap"), file = up(&path);
    if (!stella_sv_ends(file, suffix))
        return 0;
    const stella_sv stem = stella_sv_first(file, file.len - suffix.len);
    const size_t under = stella_sv_rfind(stem, '_');
    if (under == 0 || under + 1 >= stem.len)
        return 0;
    *name = stella_sv_first(stem, under);
    *revision = stella_sv_skip(stem, under + 1);
    return 1;
}
