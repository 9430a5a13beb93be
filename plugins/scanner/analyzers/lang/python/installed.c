#include "installed.h"

#include "license.h"

#include <stella/auto.h>

#include <stdio.h>

static int is_there(const inventory *inv, stella_sv folder, const char *name) {
    stella_file file = STELLA_FILE_INIT;
    char path[PLACE_PATH_MAX];
    const int len = snprintf(path, sizeof path, "%.*s%s%s", STELLA_SV_FMT(folder), folder.len ? "/" : "", name);
    return len > 0 && (size_t)len < sizeof path &&
           stella_view_stat(inv->job, stella_sv_of(path, (size_t)len), &file, NULL) == STELLA_OK;
}

/* An egg-info beside a setup.py is what building leaves in a source tree: nothing is installed by it. */
static int is_source_tree(const inventory *inv, const dist *d) {
    static const char *const marks[] = {"setup.py", "setup.cfg", "pyproject.toml"};
    stella_file file = STELLA_FILE_INIT;
    if (d->form != DIST_EGG_DIR || d->place.is_site || d->link.ptr || d->place.is_nested ||
        inventory_beside(inv, d, "installed-files.txt", &file))
        return 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        /* "src" layouts keep it one folder further down */
        if (is_there(inv, d->place.folder, marks[i]) || is_there(inv, place_folder_of(d->place.folder), marks[i]))
            return 1;
    return 0;
}

static void property(const dist *d, const char *name, stella_sv value) {
    if (value.len)
        stella_component_property(d->component, stella_sv_cstr(name), value);
}

static void add_installer(const inventory *inv, const dist *d) {
    stella_file file = STELLA_FILE_INIT;
    if (inventory_beside(inv, d, "INSTALLER", &file))
        property(d, "python:installer", stella_sv_trim(stella_sv_first(file.bytes, 64)));
    if (inventory_beside(inv, d, "REQUESTED", &file))
        property(d, "python:requested", STELLA_SV("true"));
    if (d->form != DIST_EGG_DIR || !inventory_beside(inv, d, "top_level.txt", &file))
        return;
    stella_sv rest = file.bytes;
    for (stella_sv line; stella_sv_split(&rest, '\n', &line);)
        property(d, "python:top-level", stella_sv_trim(line));
}

static void add_place(const dist *d) {
    if (d->place.is_nested && d->form != DIST_ARCHIVE)
        property(d, "python:vendored-in", d->place.folder);
    else if (d->place.is_site)
        property(d, "python:prefix", d->place.prefix);
    if (d->form == DIST_ARCHIVE)
        property(d, "python:archive", d->info);
    property(d, "python:editable", d->link);
}

static void add_licenses(const inventory *inv, const dist *d, stella_arena *scratch) {
    const int is_stated = license_add(d->component, &d->metadata, scratch);
    if (d->form == DIST_INFO)
        license_texts_state(&inv->licenses, d->info, LICENSE_TEXTS_BELOW | (is_stated ? 0 : LICENSE_TEXTS_LICENSE),
                            d->component);
}

static void add_fields(const inventory *inv, const dist *d, stella_arena *scratch) {
    const stella_sv *values = d->metadata.values;
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = d->record.layer, .path = d->record.path};
    stella_component_evidence(d->component, &file, d->form == DIST_ARCHIVE ? 0 : d->metadata.line,
                              d->form == DIST_ARCHIVE ? STELLA_SV("archive") : STELLA_SV("metadata"));
    stella_component_from_record(d->component, &d->record);
    stella_component_set(d->component, STELLA_FIELD_DESCRIPTION, values[METADATA_SUMMARY]);
    stella_component_set(d->component, STELLA_FIELD_MAINTAINER, values[METADATA_AUTHOR]);
    if (!stella_sv_ieq(values[METADATA_HOMEPAGE], STELLA_SV("UNKNOWN")))
        stella_component_set(d->component, STELLA_FIELD_HOMEPAGE, values[METADATA_HOMEPAGE]);
    add_licenses(inv, d, scratch);
    add_place(d);
}

stella_status installed_add(inventory *inv, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create(LICENSE_SCRATCH_BYTES);
    if (!scratch)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for licenses");
    for (uint32_t i = 0; i < inv->count; i++) {
        dist *d = &inv->items[i];
        d->component = stella_component_add(inv->job, STELLA_SV("pypi"), d->name, d->metadata.values[METADATA_VERSION],
                                            is_source_tree(inv, d) ? STELLA_COMPONENT_DECLARED : 0);
        add_fields(inv, d, scratch);
        add_installer(inv, d);
    }
    for (uint32_t i = 0; i < inv->count; i++) {
        stella_status status = origin_add(inv, &inv->items[i], err);
        if (status == STELLA_OK)
            status = files_add(inv, &inv->items[i], err);
        if (status == STELLA_OK && stella_cancelled(inv->job))
            status = stella_error_set(err, STELLA_E_CANCELLED, NULL, "cancelled");
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}
