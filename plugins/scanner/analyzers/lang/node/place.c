#include "place.h"

#include "common/inside.h"

static const stella_sv modules = STELLA_SV_INIT("node_modules");

stella_sv place_folder(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return stella_sv_first(path, slash < path.len ? slash : 0);
}

static stella_sv last_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return slash < path.len ? stella_sv_skip(path, slash + 1) : path;
}

/* Whether a folder of that name is above the last part. */
static int is_below(stella_sv path, stella_sv name) {
    stella_sv rest = path, part;
    while (stella_sv_split(&rest, '/', &part))
        if (rest.ptr && stella_sv_eq(part, name))
            return 1;
    return 0;
}

/* Whether the folder holds packages: directly, or one scope further down. */
static int is_holder(stella_sv folder, stella_sv holder) {
    if (stella_sv_starts(last_of(folder), STELLA_SV("@")))
        folder = place_folder(folder);
    return stella_sv_eq(folder, holder) ||
           (stella_sv_ends(folder, holder) && folder.ptr[folder.len - holder.len - 1] == '/');
}

/* node_modules/.store/a-npm-1.0.0-1234/package, where yarn keeps what its links lead to. */
static int is_in_store(stella_sv folder) {
    return stella_sv_eq(last_of(folder), STELLA_SV("package")) &&
           stella_sv_eq(last_of(place_folder(place_folder(folder))), STELLA_SV(".store"));
}

place_kind place_of(stella_sv path) {
    const stella_sv folder = place_folder(path);
    const stella_sv last = last_of(folder);
    const int may_be_name = last.len && last.ptr[0] != '.' && last.ptr[0] != '@';
    if (may_be_name && (is_holder(place_folder(folder), modules) || is_in_store(folder)))
        return PLACE_MODULE;
    if (is_below(path, modules))
        return PLACE_INTERNAL;
    if (!stella_sv_starts(folder, STELLA_SV("usr/share/nodejs/")) &&
        !stella_sv_starts(folder, STELLA_SV("usr/lib/nodejs/")))
        return PLACE_PROJECT;
    const stella_sv above = place_folder(folder);
    return may_be_name &&
                   (is_holder(above, STELLA_SV("usr/share/nodejs")) || is_holder(above, STELLA_SV("usr/lib/nodejs")))
               ? PLACE_SYSTEM
               : PLACE_INTERNAL;
}

int place_is_hidden_lock(stella_sv path) {
    const stella_sv folder = place_folder(path), name = last_of(path);
    if (stella_sv_eq(name, STELLA_SV(".package-lock.json")))
        return stella_sv_eq(last_of(folder), modules);
    return stella_sv_eq(name, STELLA_SV("lock.yaml")) && stella_sv_eq(last_of(folder), STELLA_SV(".pnpm")) &&
           stella_sv_eq(last_of(place_folder(folder)), modules);
}

int place_is_foreign_lock(stella_sv path) {
    return inside_package(path);
}

int place_is_release(stella_sv folder, stella_sv name, stella_sv version) {
    const stella_sv last = last_of(folder);
    if (name.len == 0 || version.len == 0)
        return 0;
    if (stella_sv_eq(last, version))
        return stella_sv_eq(last_of(place_folder(folder)), name);
    if (!stella_sv_starts(last, name))
        return 0;
    stella_sv rest = stella_sv_skip(last, name.len);
    if (!stella_sv_starts(rest, STELLA_SV("-")))
        return 0;
    rest = stella_sv_skip(rest, 1);
    return stella_sv_eq(rest, version) ||
           (stella_sv_starts(rest, STELLA_SV("v")) && stella_sv_eq(stella_sv_skip(rest, 1), version));
}
