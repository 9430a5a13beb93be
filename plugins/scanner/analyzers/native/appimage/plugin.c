/* The analyzer of AppImages, whole and unpacked (README.md). */
#include "image.h"

#include "common/entry.h"
#include "common/fields.h"
#include "common/keyfile.h"
#include "common/words.h"

#include <stella/auto.h>

#define DESKTOP_BYTES_MAX (1u << 20)
#define RECORD_KIND       "appimage"

enum { NAME, VERSION, UPDATE, ARCHITECTURE, TYPE, SIGNATURE, FIELDS };
enum { IMAGE, DESKTOP };

static const stella_interest interests[] = {
    [IMAGE] = {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_ELF},
    [DESKTOP] = {.mode = STELLA_KEEP, .suffix = ".desktop", .max_bytes = DESKTOP_BYTES_MAX},
};

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for AppImages");
}

static stella_status emit(stella_probe *p, const appimage *image, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(1u << 20);
    const appimage_name name = appimage_name_of(p->file->path);
    const stella_sv values[FIELDS] = {[NAME] = name.name,
                                      [VERSION] = name.version,
                                      [UPDATE] = stella_sv_first(image->update, 4096),
                                      [ARCHITECTURE] = stella_sv_cstr(image->architecture),
                                      [TYPE] = image->type == 1 ? STELLA_SV("1") : STELLA_SV("2"),
                                      [SIGNATURE] = image->has_signature ? STELLA_SV("embedded") : STELLA_SV("none")};
    if (fields_encode(0, values, FIELDS, &bytes) != STELLA_OK)
        return no_memory(err);
    const stella_record record = {.struct_size = sizeof record,
                                  .kind = STELLA_SV(RECORD_KIND),
                                  .key = stella_sv_first(p->file->path, 4096),
                                  .bytes = stella_buf_sv(&bytes)};
    return stella_probe_record(p, &record, err);
}

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    stella_sv bytes;
    appimage image;
    const stella_status status = stella_probe_content(p, &bytes, err);
    if (status != STELLA_OK || !appimage_read(bytes, &image))
        return status;
    if (image.damage)
        stella_probe_note(p, STELLA_NOTE_ERROR, 0, stella_sv_cstr(image.damage));
    return emit(p, &image, err);
}

static void property(stella_component *c, const char *name, stella_sv value) {
    if (value.len)
        stella_component_property(c, stella_sv_cstr(name), value);
}

static stella_status add_image(stella_analysis *job, const stella_record *record, stella_error *err) {
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
    const stella_owned owned = {.struct_size = sizeof owned, .path = record->path};
    stella_sv v[FIELDS];
    const stella_status status = fields_decode(record->bytes, FIELDS, NULL, v, err);
    if (status != STELLA_OK)
        return status;
    const entry e = {.type = STELLA_SV("generic"),
                     .namespace_ = STELLA_SV("appimage"),
                     .name = v[NAME],
                     .version = v[VERSION],
                     .method = "file-name"};
    stella_component *c = entry_add(job, &file, &e);
    if (!c)
        return STELLA_OK;
    stella_component_from_record(c, record);
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    stella_component_set(c, STELLA_FIELD_ARCHITECTURE, v[ARCHITECTURE]);
    stella_component_owns(c, &owned);
    property(c, "appimage:type", v[TYPE]);
    property(c, "appimage:update-information", v[UPDATE]);
    property(c, "appimage:signature", v[SIGNATURE]);
    return STELLA_OK;
}

/* ---- unpacked ones */

/* A desktop file is of an AppDir when AppRun lies beside it. */
static stella_status is_of_appdir(stella_analysis *job, stella_sv path, int *out, stella_error *err) {
    stella_file beside = STELLA_FILE_INIT;
    (void)entry_pop(&path);
    const stella_sv run =
        path.len ? stella_arena_printf(job->arena, "%.*s/AppRun", STELLA_SV_FMT(path)) : STELLA_SV("AppRun");
    if (!run.ptr)
        return no_memory(err);
    *out = stella_view_stat(job, run, &beside, NULL) == STELLA_OK;
    return STELLA_OK;
}

/* The name of the desktop file identifies the application; Name is for people, and may be any text. */
static void add_appdir(stella_analysis *job, const stella_file *file) {
    const char *const group = "Desktop Entry";
    stella_sv folder = file->path;
    const stella_sv base = entry_pop(&folder);
    const stella_sv given = keyfile_get(file->bytes, group, "X-AppImage-Name");
    const stella_sv version = keyfile_get(file->bytes, group, "X-AppImage-Version");
    const entry e = {.type = STELLA_SV("generic"),
                     .namespace_ = STELLA_SV("appimage"),
                     .name = entry_is_name(given) ? given : stella_sv_first(base, base.len - strlen(".desktop")),
                     .version = word_is_plain(version) ? version : (stella_sv){0},
                     .method = "metadata"};
    stella_component *c = entry_add(job, file, &e);
    if (!c)
        return;
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    stella_component_set(c, STELLA_FIELD_ARCHITECTURE, keyfile_get(file->bytes, group, "X-AppImage-Arch"));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, keyfile_get(file->bytes, group, "Comment"));
    property(c, "appimage:title", keyfile_get(file->bytes, group, "Name"));
}

static stella_status add_appdirs(stella_analysis *job, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(DESKTOP); status == STELLA_OK && stella_files_next(job, &it, &file);) {
        int is_it = 0;
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        if (!file.bytes.ptr)
            continue; /* the host has said why */
        status = is_of_appdir(job, file.path, &is_it, err);
        if (is_it)
            add_appdir(job, &file);
    }
    return status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(RECORD_KIND));
         status == STELLA_OK && stella_records_next(job, &it, &record);) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = add_image(job, &record, err);
    }
    return status == STELLA_OK ? add_appdirs(job, err) : status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.appimage", "0.1.0", STELLA_PHASE_BINARIES, interests, .probe = probe,
                .analyze = analyze);
