#include "inside.h"

/* before: the folder right above; empty: any */
static const struct {
    stella_sv before, name;
} holders[] = {
    {STELLA_SV_INIT(""), STELLA_SV_INIT("node_modules")}, /* npm, yarn, pnpm, bun */
    {STELLA_SV_INIT(""), STELLA_SV_INIT("bower_components")},
    {STELLA_SV_INIT("share"), STELLA_SV_INIT("nodejs")}, /* Debian's */
    {STELLA_SV_INIT("lib"), STELLA_SV_INIT("nodejs")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT("site-packages")}, /* pip, conda */
    {STELLA_SV_INIT(""), STELLA_SV_INIT("dist-packages")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT("vendor")}, /* composer, bundler, go, cargo */
    {STELLA_SV_INIT("bundler"), STELLA_SV_INIT("gems")},
    {STELLA_SV_INIT("pkg"), STELLA_SV_INIT("mod")},      /* go */
    {STELLA_SV_INIT("registry"), STELLA_SV_INIT("src")}, /* cargo */
    {STELLA_SV_INIT("git"), STELLA_SV_INIT("checkouts")},
    {STELLA_SV_INIT(".build"), STELLA_SV_INIT("checkouts")}, /* swift */
    {STELLA_SV_INIT(""), STELLA_SV_INIT("Pods")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT(".pub-cache")},
    {STELLA_SV_INIT(".julia"), STELLA_SV_INIT("packages")},
    {STELLA_SV_INIT("julia"), STELLA_SV_INIT("packages")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT(".conan")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT(".conan2")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT(".nuget")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT(".m2")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT(".gradle")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT(".terraform")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT(".stack")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT(".cabal")},
    {STELLA_SV_INIT(""), STELLA_SV_INIT(".opam-switch")},
};

/* The next folder of the path; 0 at the file itself. */
static int next_folder(stella_sv *path, stella_sv *folder) {
    return stella_sv_find(*path, '/') < path->len && stella_sv_split(path, '/', folder);
}

int inside_folder(stella_sv path, stella_sv name) {
    for (stella_sv folder; next_folder(&path, &folder);)
        if (stella_sv_eq(folder, name))
            return 1;
    return 0;
}

static int is_holder(stella_sv before, stella_sv name) {
    for (uint32_t i = 0; i < STELLA_COUNT(holders); i++)
        if (stella_sv_eq(name, holders[i].name) && (!holders[i].before.len || stella_sv_eq(before, holders[i].before)))
            return 1;
    return 0;
}

int inside_package(stella_sv path) {
    stella_sv before = STELLA_SV("");
    for (stella_sv folder; next_folder(&path, &folder); before = folder)
        if (is_holder(before, folder))
            return 1;
    return 0;
}

int inside_skip_next(stella_analysis *job, stella_files *it, stella_file *out) {
    while (stella_files_next(job, it, out))
        if (!inside_package(out->path))
            return 1;
    return 0;
}
