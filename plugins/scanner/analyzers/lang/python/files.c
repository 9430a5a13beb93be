#include "installed.h"
#include "record.h"

#include <stella/encoding.h>

#include <stdio.h>

#define MISMATCHES_NAMED 8 /* properties; the note counts all */

typedef struct checking {
    inventory *inv;
    dist *d;
    uint32_t mismatches;
    stella_sv first;
    int has_finder;
} checking;

static void own(const dist *d, stella_sv path) {
    const stella_owned owned = {.struct_size = sizeof owned, .path = path};
    stella_component_owns(d->component, &owned);
}

static void own_hashed(const dist *d, stella_sv path, const unsigned char *sha256) {
    char hex[2 * STELLA_SHA256_SIZE + 1];
    stella_hex(sha256, STELLA_SHA256_SIZE, hex);
    const stella_owned owned = {.struct_size = sizeof owned,
                                .path = path,
                                .digest_alg = STELLA_SV("sha256"),
                                .digest = stella_sv_of(hex, 2 * STELLA_SHA256_SIZE)};
    stella_component_owns(d->component, &owned);
}

/* A file that is gone proves nothing: images are trimmed. */
static void check(checking *c, stella_sv path, const unsigned char *stated) {
    const unsigned char *found = digests_find(&c->inv->digests, path);
    if (!found || memcmp(found, stated, STELLA_SHA256_SIZE) == 0)
        return;
    if (c->mismatches++ == 0)
        c->first = path;
    if (c->mismatches <= MISMATCHES_NAMED)
        stella_component_property(c->d->component, STELLA_SV("python:record-mismatch"), path);
}

/* Distributions that another one carries along are in its RECORD. */
static void find_carried(const checking *c, stella_sv path) {
    if (!stella_sv_ends(path, STELLA_SV(".dist-info/METADATA")) || stella_sv_eq(path, c->d->record.path))
        return;
    uint32_t low = 0, high = c->inv->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (stella_sv_cmp(c->inv->items[middle].record.path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const dist *inner = low < c->inv->count ? &c->inv->items[low] : NULL;
    if (inner && inner->component && stella_sv_eq(inner->record.path, path))
        stella_relate(c->inv->job, c->d->component, inner->component, STELLA_RELATION_CONTAINS, 0);
}

/* The names that setuptools gives to the modules of an editable installation. */
static int is_finder(stella_sv path) {
    return stella_sv_starts(path, STELLA_SV("__editable__"));
}

static stella_status take_row(checking *c, const record_row *row, stella_sv source, stella_error *err) {
    unsigned char stated[STELLA_SHA256_SIZE];
    stella_sv path;
    const stella_status status = record_path(c->d->place.folder, row->path, c->inv->job->arena, &path, err);
    if (status != STELLA_OK)
        return status;
    if (path.len == 0) {
        stella_note(c->inv->job, STELLA_NOTE_ERROR, source, 0,
                    STELLA_SV("a path that leads out of the root, or is none, was skipped"));
        return STELLA_OK;
    }
    c->has_finder |= is_finder(row->path);
    find_carried(c, path);
    if (!record_sha256(row, stated)) {
        own(c->d, path);
        return STELLA_OK;
    }
    own_hashed(c->d, path, stated);
    check(c, path, stated);
    return STELLA_OK;
}

static void note_mismatches(const checking *c, stella_sv source) {
    char message[512];
    const int len = snprintf(message, sizeof message, "%u files are not those that RECORD states, the first is %.*s",
                             c->mismatches, STELLA_SV_FMT(stella_sv_first(c->first, 300)));
    if (c->mismatches && len > 0)
        stella_note(c->inv->job, STELLA_NOTE_INFO, source, 0, stella_sv_of(message, (size_t)len));
}

static stella_status take_record(inventory *inv, dist *d, const stella_file *file, stella_error *err) {
    checking c = {.inv = inv, .d = d};
    stella_sv rest = file->bytes;
    stella_status status = STELLA_OK;
    record_row row;
    int more = 1;
    while (status == STELLA_OK && (more = record_next(&rest, inv->job->arena, &row)) > 0)
        status = take_row(&c, &row, file->path, err);
    if (more < 0)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a row of RECORD");
    note_mismatches(&c, file->path);
    if (c.has_finder)
        stella_component_property(d->component, STELLA_SV("python:editable"), STELLA_SV("finder"));
    return status;
}

/* A path a line, seen from the egg-info. */
static stella_status take_installed_files(inventory *inv, const dist *d, const stella_file *file, stella_error *err) {
    stella_sv rest = file->bytes;
    for (stella_sv line; stella_sv_split(&rest, '\n', &line);) {
        line = stella_sv_trim(line);
        if (line.len == 0)
            continue;
        stella_sv path;
        const stella_status status = record_path(d->info, line, inv->job->arena, &path, err);
        if (status != STELLA_OK)
            return status;
        if (path.len)
            own(d, path);
        else
            stella_note(inv->job, STELLA_NOTE_ERROR, file->path, 0,
                        STELLA_SV("a path that leads out of the root, or is none, was skipped"));
    }
    return STELLA_OK;
}

/* Without a list of files those that make its packages importable are known: "NAME/__init__.py", "NAME.py". */
static stella_status take_top_level(const inventory *inv, const dist *d, const stella_file *names, stella_error *err) {
    static const char *const endings[] = {"/__init__.py", ".py"};
    stella_sv rest = names->bytes;
    for (stella_sv line; stella_sv_split(&rest, '\n', &line);) {
        stella_file file = STELLA_FILE_INIT;
        line = stella_sv_trim(line);
        if (line.len == 0 || memchr(line.ptr, '.', line.len) || memchr(line.ptr, '\0', line.len))
            continue;
        for (size_t i = 0; i < STELLA_COUNT(endings); i++) {
            const stella_sv path = stella_arena_printf(inv->job->arena, "%.*s%s%.*s%s", STELLA_SV_FMT(d->place.folder),
                                                       d->place.folder.len ? "/" : "", STELLA_SV_FMT(line), endings[i]);
            if (!path.ptr)
                return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the files of a distribution");
            if (stella_view_stat(inv->job, path, &file, NULL) == STELLA_OK && file.kind == STELLA_FILE_REGULAR)
                own(d, path);
        }
    }
    return STELLA_OK;
}

stella_status files_add(inventory *inv, dist *d, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    if (d->form == DIST_INFO && inventory_beside(inv, d, "RECORD", &file))
        return take_record(inv, d, &file, err);
    if (d->form == DIST_EGG_DIR && inventory_beside(inv, d, "installed-files.txt", &file))
        return take_installed_files(inv, d, &file, err);
    own(d, d->record.path);
    if (d->form == DIST_EGG_DIR && inventory_beside(inv, d, "top_level.txt", &file))
        return take_top_level(inv, d, &file, err);
    return STELLA_OK;
}
