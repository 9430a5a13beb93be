#include "inventory.h"

#include "interests.h"
#include "late.h"
#include "tags.h"

#include "common/counting.h"

#include <stdlib.h>

static int compare_roots(const package *a, const package *b) {
    return stella_sv_cmp(a->root, b->root);
}

static int compare_identity(const package *a, const package *b) {
    const int order = compare_roots(a, b);
    return order ? order : stella_sv_cmp(a->key, b->key);
}

static int compare_packages(const void *x, const void *y) {
    const package *a = x, *b = y;
    const int order = compare_identity(a, b);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static stella_status take_record(inventory *inv, const stella_record *record, stella_error *err) {
    package *p = &inv->packages[inv->count];
    uint64_t backend = 0;
    const stella_status status = header_parse(record->bytes, &p->h, err);
    if (status != STELLA_OK)
        return status;
    (void)header_number(&p->h, TAG_OWN_BACKEND, &backend);
    (void)package_find_root(record->path, &p->root); /* none for a file behind a link: then it is the image's own */
    p->key = record->key;
    p->path = record->path;
    p->name = header_text(&p->h, TAG_NAME);
    p->version = header_text(&p->h, TAG_VERSION);
    p->release = header_text(&p->h, TAG_RELEASE);
    p->arch = header_text(&p->h, TAG_ARCH);
    p->backend = (uint32_t)backend;
    p->record = *record;
    p->position = inv->count++;
    return STELLA_OK;
}

static stella_status read_records(stella_analysis *job, inventory *inv, stella_error *err) {
    late_records late = {.job = job};
    stella_status status = late_read(&late, err);
    if (status != STELLA_OK)
        return status;
    const uint32_t probed = count_records(job, STELLA_SV(PACKAGE_RECORD));
    inv->packages = stella_arena_alloc(job->arena, (uint64_t)probed + late.count, sizeof *inv->packages);
    if (!inv->packages)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", probed + late.count);
    stella_record record = STELLA_RECORD_INIT;
    uint32_t seen = 0;
    for (stella_records it = stella_records_of(STELLA_SV(PACKAGE_RECORD));
         status == STELLA_OK && seen < probed && stella_records_next(job, &it, &record); seen++)
        if (!late_replaces(&late, record.path))
            status = take_record(inv, &record, err);
    for (uint32_t i = 0; status == STELLA_OK && i < late.count; i++)
        status = take_record(inv, &late.at[i], err);
    return status;
}

/* Where rpm would look first. */
static int rank_of_folder(stella_sv path, stella_sv root) {
    const stella_sv below = stella_sv_skip(path, root.len);
    return stella_sv_starts(below, STELLA_SV(DIR_SYSIMAGE "/")) ? 3
           : stella_sv_starts(below, STELLA_SV(DIR_SHARE "/"))  ? 2
                                                                : 1;
}

/* Whether a's database is to be preferred to b's; both of one root. */
static int is_better(const package *a, const package *b) {
    if (a->backend != b->backend)
        return a->backend > b->backend;
    return rank_of_folder(a->path, a->root) > rank_of_folder(b->path, b->root);
}

/* Keeps the packages of the best database of the root that begins at first; returns where the next one begins. */
static uint32_t choose_in_root(stella_analysis *job, inventory *inv, uint32_t first, uint32_t *kept) {
    const package *best = &inv->packages[first];
    stella_sv told = {0};
    uint32_t end = first;
    for (; end < inv->count && compare_roots(&inv->packages[end], &inv->packages[first]) == 0; end++)
        if (is_better(&inv->packages[end], best))
            best = &inv->packages[end];
    const stella_sv path = best->path;
    for (uint32_t i = first; i < end; i++) {
        const package p = inv->packages[i];
        if (stella_sv_eq(p.path, path)) {
            inv->packages[(*kept)++] = p;
        } else if (!stella_sv_eq(p.path, told)) {
            told = p.path;
            stella_note(job, STELLA_NOTE_INFO, p.path, 0,
                        STELLA_SV("an older package database beside a newer one: it was not used"));
        }
    }
    return end;
}

static int compare_databases(const void *x, const void *y) {
    const package *a = x, *b = y;
    const int order = compare_roots(a, b);
    return order ? order : stella_sv_cmp(a->path, b->path);
}

static void choose_databases(stella_analysis *job, inventory *inv) {
    uint32_t kept = 0;
    if (inv->count)
        qsort(inv->packages, inv->count, sizeof *inv->packages, compare_databases);
    for (uint32_t first = 0; first < inv->count;)
        first = choose_in_root(job, inv, first, &kept);
    inv->count = kept;
}

static void drop_repeated(stella_analysis *job, inventory *inv) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < inv->count; i++) {
        const package p = inv->packages[i];
        if (kept && compare_identity(&inv->packages[kept - 1], &p) == 0)
            stella_note(job, STELLA_NOTE_ERROR, p.path, 0,
                        STELLA_SV("a package that the database lists more than once was taken once"));
        else
            inv->packages[kept++] = p;
    }
    inv->count = kept;
}

stella_status inventory_load(stella_analysis *job, inventory *out, stella_error *err) {
    inventory inv = {0};
    const stella_status status = read_records(job, &inv, err);
    if (status != STELLA_OK)
        return status;
    choose_databases(job, &inv);
    if (inv.count)
        qsort(inv.packages, inv.count, sizeof *inv.packages, compare_packages);
    drop_repeated(job, &inv);
    *out = inv;
    return STELLA_OK;
}
