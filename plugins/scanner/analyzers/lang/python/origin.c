#include "installed.h"

#include <stella/json.h>

#define URL_MAX 4096

static stella_sv text_of(const stella_json *object, const char *key) {
    const stella_sv text = stella_json_str(stella_json_get(object, key));
    return text.len <= URL_MAX ? text : stella_sv_of("", 0);
}

/* "git+https://host/x@commit", as pip freezes it and the purl specification has it. */
static stella_status add_vcs(const dist *d, stella_arena *arena, stella_sv url, const stella_json *vcs,
                             stella_error *err) {
    const stella_sv system = text_of(vcs, "vcs"), commit = text_of(vcs, "commit_id");
    const stella_sv text = stella_arena_printf(arena, "%.*s+%.*s%s%.*s", STELLA_SV_FMT(system), STELLA_SV_FMT(url),
                                               commit.len ? "@" : "", STELLA_SV_FMT(commit));
    if (!text.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a URL");
    stella_component_qualifier(d->component, STELLA_SV("vcs_url"), text);
    const stella_sv revision = text_of(vcs, "requested_revision");
    if (revision.len)
        stella_component_property(d->component, STELLA_SV("python:requested-revision"), revision);
    return STELLA_OK;
}

static void add_archive(const dist *d, stella_sv url) {
    if (stella_sv_starts(url, STELLA_SV("https://")) || stella_sv_starts(url, STELLA_SV("http://")))
        stella_component_qualifier(d->component, STELLA_SV("download_url"), url);
    else
        stella_component_property(d->component, STELLA_SV("python:direct-url"), url);
}

static void add_folder(const dist *d, stella_sv url, const stella_json *info) {
    const int is_editable = stella_json_is(stella_json_get(info, "editable"), STELLA_JSON_TRUE);
    stella_component_property(d->component, is_editable ? STELLA_SV("python:editable") : STELLA_SV("python:direct-url"),
                              url);
}

stella_status origin_add(const inventory *inv, const dist *d, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    const stella_json *document;
    stella_error why;
    if (!inventory_beside(inv, d, "direct_url.json", &file))
        return STELLA_OK;
    const stella_status status = stella_json_parse(file.bytes, inv->job->arena, &document, &why);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, status, NULL, "no memory for direct_url.json");
    const stella_sv url = status == STELLA_OK ? text_of(document, "url") : stella_sv_of("", 0);
    if (url.len == 0) {
        stella_note(inv->job, STELLA_NOTE_ERROR, file.path, 0, STELLA_SV("no direct_url.json: it names no URL"));
        return STELLA_OK;
    }
    const stella_json *vcs = stella_json_get(document, "vcs_info");
    const stella_json *folder = stella_json_get(document, "dir_info");
    if (vcs)
        return add_vcs(d, inv->job->arena, url, vcs, err);
    if (folder)
        add_folder(d, url, folder);
    else
        add_archive(d, url);
    return STELLA_OK;
}
