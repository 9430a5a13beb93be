#include "inventory.h"

#include "dependency.h"

#include "common/counting.h"
#include "common/fields.h"

#include <stdlib.h>

static stella_status read_records(stella_analysis *job, inventory *inv, uint32_t room, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(INSTALLED_PACKAGE));
         status == STELLA_OK && inv->count < room && stella_records_next(job, &it, &record);) {
        package *p = &inv->packages[inv->count++];
        status = fields_decode(record.bytes, APK_FIELDS, &p->line, p->fields, err);
        p->path = record.path;
        p->record = record;
    }
    return status;
}

static int compare(const void *x, const void *y) {
    const package *a = *(package *const *)x, *b = *(package *const *)y;
    int order = stella_sv_cmp(a->fields[APK_NAME], b->fields[APK_NAME]);
    order = order ? order : stella_sv_cmp(a->path, b->path);
    return order ? order : (a > b) - (a < b);
}

static stella_status mark_repeated(stella_analysis *job, inventory *inv, stella_error *err) {
    package **sorted = stella_arena_alloc(job->arena, inv->count, sizeof(package *));
    if (!sorted)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", inv->count);
    for (uint32_t i = 0; i < inv->count; i++)
        sorted[i] = &inv->packages[i];
    if (inv->count)
        qsort(sorted, inv->count, sizeof(package *), compare);
    for (uint32_t i = 0; i + 1 < inv->count; i++) {
        package *p = sorted[i];
        if (!stella_sv_eq(p->fields[APK_NAME], sorted[i + 1]->fields[APK_NAME]) ||
            !stella_sv_eq(p->path, sorted[i + 1]->path))
            continue;
        p->is_repeated = 1;
        stella_note(job, STELLA_NOTE_ERROR, p->path, p->line,
                    STELLA_SV("a package that the file lists again further down: the later entry holds"));
    }
    return STELLA_OK;
}

static stella_status index_names(inventory *inv, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < inv->count && status == STELLA_OK; i++) {
        const package *p = &inv->packages[i];
        if (p->is_repeated)
            continue;
        const provider own = {
            .name = p->fields[APK_NAME], .version = p->fields[APK_VERSION], .package = i, .is_own = 1};
        status = providers_add(&inv->names, own, err);
        apk_dependency d;
        for (stella_sv list = p->fields[APK_PROVIDES]; status == STELLA_OK && apk_dependency_next(&list, &d);)
            status = providers_add(&inv->names, (provider){.name = d.name, .version = d.version, .package = i}, err);
    }
    providers_sort(&inv->names);
    return status;
}

stella_status inventory_load(stella_analysis *job, inventory *out, stella_error *err) {
    const uint32_t room = count_records(job, STELLA_SV(INSTALLED_PACKAGE));
    inventory inv = {.packages = stella_arena_alloc(job->arena, room, sizeof *inv.packages),
                     .names = {.arena = job->arena}};
    if (!inv.packages)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", room);
    stella_status status = read_records(job, &inv, room, err);
    if (status == STELLA_OK)
        status = mark_repeated(job, &inv, err);
    if (status == STELLA_OK)
        status = index_names(&inv, err);
    if (status == STELLA_OK)
        *out = inv;
    return status;
}
