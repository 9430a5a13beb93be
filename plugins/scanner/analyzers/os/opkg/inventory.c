#include "inventory.h"

#include "status.h"

#include "common/counting.h"
#include "common/dependency.h"

#include <stdlib.h>

static stella_sv folder_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return stella_sv_first(path, slash < path.len ? slash : 0);
}

static stella_status read_packages(stella_analysis *job, inventory *inv, uint32_t room, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(STATUS_PACKAGE));
         status == STELLA_OK && inv->count < room && stella_records_next(job, &it, &record);) {
        package *p = &inv->packages[inv->count++];
        status = stanza_decode(record.bytes, &p->stanza, err);
        p->path = record.path;
        p->dir = folder_of(record.path);
        p->record = record;
    }
    return status;
}

/* The same name in the same file, or package and control file of one folder, are next to each other. */
static int compare(const void *x, const void *y) {
    const package *a = *(package *const *)x, *b = *(package *const *)y;
    int order = stella_sv_cmp(a->stanza.values[STANZA_PACKAGE], b->stanza.values[STANZA_PACKAGE]);
    order = order ? order : stella_sv_cmp(a->dir, b->dir);
    return order ? order : (a > b) - (a < b);
}

static stella_status mark_repeated(stella_analysis *job, inventory *inv, package ***out, stella_error *err) {
    package **sorted = stella_arena_alloc(job->arena, inv->count, sizeof(package *));
    if (!sorted)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", inv->count);
    for (uint32_t i = 0; i < inv->count; i++)
        sorted[i] = &inv->packages[i];
    if (inv->count)
        qsort(sorted, inv->count, sizeof(package *), compare);
    for (uint32_t i = 0; i + 1 < inv->count; i++) {
        package *p = sorted[i];
        if (!stella_sv_eq(p->stanza.values[STANZA_PACKAGE], sorted[i + 1]->stanza.values[STANZA_PACKAGE]) ||
            !stella_sv_eq(p->path, sorted[i + 1]->path))
            continue;
        p->is_repeated = 1;
        stella_note(job, STELLA_NOTE_ERROR, p->path, p->stanza.line,
                    STELLA_SV("a package that the file lists again further down: the later entry holds"));
    }
    *out = sorted;
    return STELLA_OK;
}

/* The package of the control file: in the folder above its own, the last of the name. */
static package *package_of(const inventory *inv, package **sorted, stella_sv name, stella_sv dir) {
    uint32_t low = 0, high = inv->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        int order = stella_sv_cmp(sorted[middle]->stanza.values[STANZA_PACKAGE], name);
        order = order ? order : stella_sv_cmp(sorted[middle]->dir, dir);
        if (order <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    package *p = low ? sorted[low - 1] : NULL;
    return p && stella_sv_eq(p->stanza.values[STANZA_PACKAGE], name) && stella_sv_eq(p->dir, dir) ? p : NULL;
}

/* A control file of another version than is installed says nothing of it. */
static stella_status merge_controls(stella_analysis *job, const inventory *inv, package **sorted, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_records_of(STELLA_SV(STATUS_CONTROL)); stella_records_next(job, &it, &record);) {
        stanza_view control;
        const stella_status status = stanza_decode(record.bytes, &control, err);
        if (status != STELLA_OK)
            return status;
        package *p = package_of(inv, sorted, control.values[STANZA_PACKAGE], folder_of(folder_of(record.path)));
        if (!p || !stella_sv_eq(p->stanza.values[STANZA_VERSION], control.values[STANZA_VERSION]))
            continue;
        for (int i = 0; i < STANZA_FIELDS; i++)
            if (p->stanza.values[i].len == 0)
                p->stanza.values[i] = control.values[i];
    }
    return STELLA_OK;
}

static stella_status index_names(inventory *inv, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < inv->count && status == STELLA_OK; i++) {
        const stella_sv *values = inv->packages[i].stanza.values;
        if (inv->packages[i].is_repeated)
            continue;
        const provider own = {
            .name = values[STANZA_PACKAGE], .version = values[STANZA_VERSION], .package = i, .is_own = 1};
        status = providers_add(&inv->names, own, err);
        dependency d;
        for (dependency_reader r = dependency_open(values[STANZA_PROVIDES]);
             status == STELLA_OK && dependency_next(&r, &d);)
            status = providers_add(&inv->names, (provider){.name = d.name, .version = d.version, .package = i}, err);
    }
    providers_sort(&inv->names);
    return status;
}

stella_status inventory_load(stella_analysis *job, inventory *out, stella_error *err) {
    const uint32_t room = count_records(job, STELLA_SV(STATUS_PACKAGE));
    inventory inv = {.packages = stella_arena_alloc(job->arena, room, sizeof *inv.packages),
                     .names = {.arena = job->arena}};
    package **sorted = NULL;
    if (!inv.packages)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", room);
    stella_status status = read_packages(job, &inv, room, err);
    if (status == STELLA_OK)
        status = mark_repeated(job, &inv, &sorted, err);
    if (status == STELLA_OK)
        status = merge_controls(job, &inv, sorted, err);
    if (status == STELLA_OK)
        status = index_names(&inv, err);
    if (status == STELLA_OK)
        *out = inv;
    return status;
}
