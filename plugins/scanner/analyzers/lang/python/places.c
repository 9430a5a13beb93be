#include "places.h"

#include "name.h"

stella_sv place_folder_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return stella_sv_first(path, slash < path.len ? slash : 0);
}

stella_sv place_name_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return slash < path.len ? stella_sv_skip(path, slash + 1) : path;
}

static int is_site(stella_sv name) {
    return stella_sv_eq(name, STELLA_SV("site-packages")) || stella_sv_eq(name, STELLA_SV("dist-packages"));
}

static int has_site_above(stella_sv folder) {
    for (stella_sv part; stella_sv_split(&folder, '/', &part);)
        if (is_site(part))
            return 1;
    return 0;
}

/* "python3.11" -> "3.11"; "python3" says too little. */
static stella_sv version_in(stella_sv name) {
    const stella_sv text = stella_sv_skip(name, stella_sv_starts(name, STELLA_SV("pypy")) ? 4 : 6);
    size_t at = stella_sv_find(text, '.') + 1;
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    return stella_sv_find(text, '.') < text.len ? stella_sv_first(text, at) : stella_sv_of("", 0);
}

static int is_library(stella_sv name) {
    return stella_sv_eq(name, STELLA_SV("lib")) || stella_sv_eq(name, STELLA_SV("lib64")) ||
           stella_sv_eq(name, STELLA_SV("lib32"));
}

static stella_status join(stella_analysis *job, stella_sv folder, const char *name, stella_sv *out, stella_error *err) {
    *out = stella_arena_printf(job->arena, "%.*s%s%s", STELLA_SV_FMT(folder), folder.len ? "/" : "", name);
    return out->ptr ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path");
}

/* Debian's dist-packages are of whatever python3 leads to. */
static stella_status ask_link(stella_analysis *job, place *p, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_sv path;
    const stella_status status = join(job, p->prefix, "bin/python3", &path, err);
    if (status != STELLA_OK || stella_view_stat(job, path, &file, NULL) != STELLA_OK)
        return status;
    const stella_sv name = place_name_of(file.path);
    if (stella_sv_starts(name, STELLA_SV("python")))
        p->python = version_in(name);
    return STELLA_OK;
}

/* Whether pyvenv.cfg has "include-system-site-packages = true". */
static int includes_system(stella_sv text) {
    for (stella_sv line; stella_sv_split(&text, '\n', &line);) {
        const size_t equals = stella_sv_find(line, '=');
        if (stella_sv_ieq(stella_sv_trim(stella_sv_first(line, equals)), STELLA_SV("include-system-site-packages")))
            return stella_sv_ieq(stella_sv_trim(stella_sv_skip(line, equals + 1)), STELLA_SV("true"));
    }
    return 0;
}

static stella_status find_fallback(stella_analysis *job, place *p, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_sv path;
    const int is_local =
        stella_sv_eq(p->prefix, STELLA_SV("usr/local")) || stella_sv_eq(place_name_of(p->prefix), STELLA_SV(".local"));
    if (is_local)
        p->fallback = STELLA_SV("usr");
    const stella_status status = join(job, p->prefix, "pyvenv.cfg", &path, err);
    if (status == STELLA_OK && stella_view_stat(job, path, &file, NULL) == STELLA_OK && includes_system(file.bytes))
        p->fallback = STELLA_SV("usr");
    return status;
}

stella_status place_find(stella_analysis *job, stella_sv folder, const place *last, place *out, stella_error *err) {
    stella_status status = STELLA_OK;
    if (last->folder.ptr && stella_sv_eq(last->folder, folder)) {
        *out = *last;
        return STELLA_OK;
    }
    place p = {.folder = folder, .prefix = folder, .python = stella_sv_of("", 0)};
    p.is_site = is_site(place_name_of(folder));
    p.is_nested = !p.is_site && has_site_above(folder);
    if (p.is_site) {
        stella_sv above = place_folder_of(folder);
        const stella_sv name = place_name_of(above);
        p.is_pypy = stella_sv_starts(name, STELLA_SV("pypy"));
        if (p.is_pypy || stella_sv_starts(name, STELLA_SV("python"))) {
            p.python = version_in(name);
            above = place_folder_of(above);
        }
        p.prefix = is_library(place_name_of(above)) ? place_folder_of(above) : above;
        if (p.python.len == 0)
            status = ask_link(job, &p, err);
        if (status == STELLA_OK)
            status = find_fallback(job, &p, err);
    }
    if (status == STELLA_OK)
        *out = p;
    return status;
}
