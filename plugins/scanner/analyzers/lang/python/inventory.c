#include "inventory.h"

#include "interests.h"
#include "name.h"
#include "requires_txt.h"

#include "common/counting.h"

#include <stdio.h>

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the distributions");
}

int inventory_beside(const inventory *inv, const dist *d, const char *name, stella_file *out) {
    char path[PLACE_PATH_MAX];
    if (d->form == DIST_EGG_FILE || d->form == DIST_ARCHIVE)
        return 0;
    const int len = snprintf(path, sizeof path, "%.*s%s%s", STELLA_SV_FMT(d->info), d->info.len ? "/" : "", name);
    return len > 0 && (size_t)len < sizeof path &&
           stella_view_stat(inv->job, stella_sv_of(path, (size_t)len), out, NULL) == STELLA_OK && out->bytes.ptr;
}

static dist_form form_of(const stella_record *record) {
    switch (record->interest) {
    case INTEREST_METADATA:
        return DIST_INFO;
    case INTEREST_EGG_PKG_INFO:
    case INTEREST_EGG_DIR_PKG_INFO:
        return DIST_EGG_DIR;
    case INTEREST_EGG_FILE:
        return DIST_EGG_FILE;
    default:
        return DIST_ARCHIVE;
    }
}

/* Where modules of the distribution lie. An unpacked egg is its own folder, in a site-packages; an archive brings its
 * own, but for an egg in a site-packages. */
static stella_sv folder_of(const dist *d) {
    const stella_sv path = d->record.path;
    switch (d->form) {
    case DIST_EGG_FILE:
        return place_folder_of(path);
    case DIST_ARCHIVE:
        return stella_sv_ends(path, STELLA_SV(".egg")) ? place_folder_of(path) : path;
    default:
        return d->record.interest == INTEREST_EGG_DIR_PKG_INFO ? place_folder_of(place_folder_of(d->info))
                                                               : place_folder_of(d->info);
    }
}

static stella_status fill(inventory *inv, dist *d, const place *last, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    d->form = form_of(&d->record);
    d->info = d->form == DIST_EGG_FILE || d->form == DIST_ARCHIVE ? d->record.path : place_folder_of(d->record.path);
    d->name = name_normal(d->metadata.values[METADATA_NAME], inv->job->arena);
    d->requires = d->metadata.values[METADATA_REQUIRES];
    if (!d->name.ptr)
        return no_memory(err);
    stella_status status = place_find(inv->job, folder_of(d), last, &d->place, err);
    if (status == STELLA_OK && d->form == DIST_EGG_DIR && inventory_beside(inv, d, "requires.txt", &file)) {
        d->requires = requires_txt_convert(file.bytes, inv->job->arena);
        status = d->requires.ptr ? STELLA_OK : no_memory(err);
    }
    return status;
}

/* Interpreters install a Python-3.x.egg-info of their own: no distribution. */
static int is_interpreter(const dist *d) {
    return d->form == DIST_EGG_FILE && stella_sv_eq(d->metadata.values[METADATA_NAME], STELLA_SV("Python"));
}

static stella_status read_records(inventory *inv, uint32_t room, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    place last = {0};
    for (stella_records it = stella_records_of(STELLA_SV(METADATA_RECORD));
         inv->count < room && stella_records_next(inv->job, &it, &record);) {
        dist *d = &inv->items[inv->count];
        d->record = record;
        stella_status status = metadata_decode(record.bytes, &d->metadata, err);
        if (status == STELLA_OK)
            status = fill(inv, d, &last, err);
        if (status != STELLA_OK)
            return status;
        last = d->place;
        inv->count += is_interpreter(d) ? 0 : 1;
        if (stella_cancelled(inv->job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "cancelled");
    }
    return STELLA_OK;
}

/* A source tree that a link makes importable sees what the link's folder sees. */
static stella_status see_from(inventory *inv, dist *d, stella_sv folder, stella_error *err) {
    const place none = {0};
    place from;
    const stella_status status = place_find(inv->job, folder, &none, &from, err);
    if (status != STELLA_OK)
        return status;
    from.folder = d->place.folder;
    d->place = from;
    return STELLA_OK;
}

/* The first line of an .egg-link is the folder of the source tree. */
static stella_status read_links(inventory *inv, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    for (stella_files it = stella_files_of(INTEREST_EGG_LINK); stella_files_next(inv->job, &it, &file);) {
        stella_sv folder = stella_sv_trim(stella_sv_first(file.bytes, stella_sv_find(file.bytes, '\n')));
        while (stella_sv_starts(folder, STELLA_SV("/")))
            folder = stella_sv_skip(folder, 1);
        while (stella_sv_ends(folder, STELLA_SV("/")))
            folder.len--;
        if (folder.len == 0)
            continue;
        const stella_status status =
            providers_add(&inv->sources, (provider){.name = folder, .version = file.path}, err);
        if (status != STELLA_OK)
            return status;
    }
    providers_sort(&inv->sources);
    for (uint32_t i = 0; i < inv->count; i++) {
        uint32_t count;
        dist *d = &inv->items[i];
        const provider *link = d->form == DIST_EGG_DIR ? providers_find(&inv->sources, d->place.folder, &count) : NULL;
        if (!link)
            continue;
        d->link = link->version;
        const stella_status status = see_from(inv, d, place_folder_of(link->version), err);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

static stella_sv key_of(const inventory *inv, stella_sv prefix, stella_sv name) {
    return stella_arena_printf(inv->job->arena, "%.*s\n%.*s", STELLA_SV_FMT(prefix), STELLA_SV_FMT(name));
}

static stella_status index_names(inventory *inv, stella_error *err) {
    for (uint32_t i = 0; i < inv->count; i++) {
        const dist *d = &inv->items[i];
        const stella_sv key = key_of(inv, d->place.prefix, d->name);
        if (!key.ptr)
            return no_memory(err);
        const stella_status status = providers_add(&inv->names, (provider){.name = key, .package = i}, err);
        if (status != STELLA_OK)
            return status;
    }
    providers_sort(&inv->names);
    return STELLA_OK;
}

stella_status inventory_load(stella_analysis *job, inventory *out, stella_error *err) {
    const uint32_t room = count_records(job, STELLA_SV(METADATA_RECORD));
    inventory inv = {.job = job,
                     .items = stella_arena_alloc(job->arena, room, sizeof *inv.items),
                     .names = {.arena = job->arena},
                     .sources = {.arena = job->arena}};
    if (!inv.items)
        return no_memory(err);
    stella_status status = read_records(&inv, room, err);
    if (status == STELLA_OK)
        status = read_links(&inv, err);
    if (status == STELLA_OK)
        status = index_names(&inv, err);
    if (status == STELLA_OK)
        status = digests_load(job, &inv.digests, err);
    if (status == STELLA_OK)
        status = license_texts_load(job, &inv.licenses, err);
    if (status == STELLA_OK)
        *out = inv;
    return status;
}

/* In the same folder rather than elsewhere of the same Python; where a Python falls back to, only of its version. */
static dist *find_in(const inventory *inv, const dist *d, stella_sv prefix, stella_sv name) {
    char text[4096 + NAME_MAX_BYTES + 8];
    uint32_t count = 0;
    const int len =
        snprintf(text, sizeof text, "%.*s\n%.*s", STELLA_SV_FMT(stella_sv_first(prefix, 4096)), STELLA_SV_FMT(name));
    const provider *p = len > 0 ? providers_find(&inv->names, stella_sv_of(text, (size_t)len), &count) : NULL;
    dist *found = NULL;
    for (uint32_t i = 0; p && i < count && i < 64; i++) {
        dist *other = &inv->items[p[i].package];
        if (stella_sv_eq(other->place.folder, d->place.folder))
            return other;
        const int is_of_version = other->place.python.len == 0 || d->place.python.len == 0 ||
                                  stella_sv_eq(other->place.python, d->place.python);
        if (!found && is_of_version)
            found = other;
    }
    return found;
}

dist *inventory_find(const inventory *inv, const dist *d, stella_sv name) {
    if (name.len > NAME_MAX_BYTES)
        return NULL;
    dist *found = find_in(inv, d, d->place.prefix, name);
    return !found && d->place.fallback.ptr ? find_in(inv, d, d->place.fallback, name) : found;
}
