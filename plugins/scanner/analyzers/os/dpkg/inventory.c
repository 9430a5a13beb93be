#include "inventory.h"

#include "status.h"

#include "common/counting.h"
#include "common/linked.h"

#include <stdlib.h>

static int compare_identity(const package *a, const package *b) {
    int order = stella_sv_cmp(a->name, b->name);
    order = order ? order : stella_sv_cmp(a->arch, b->arch);
    return order ? order : stella_sv_cmp(a->path, b->path);
}

static int compare_packages(const void *x, const void *y) {
    const package *a = x, *b = y;
    const int order = compare_identity(a, b);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static int compare_provided(const void *x, const void *y) {
    const provided *a = x, *b = y;
    const int order = stella_sv_cmp(a->name, b->name);
    if (order)
        return order;
    return a->by != b->by ? (a->by > b->by) - (a->by < b->by) : stella_sv_cmp(a->version, b->version);
}

static stella_status take_record(inventory *inv, const stella_record *record, stella_error *err) {
    package *p = &inv->packages[inv->package_count];
    const stella_status status = stanza_decode(record->bytes, &p->stanza, err);
    if (status != STELLA_OK)
        return status;
    p->name = p->stanza.values[STANZA_PACKAGE];
    p->version = p->stanza.values[STANZA_VERSION];
    p->arch = p->stanza.values[STANZA_ARCHITECTURE];
    p->path = record->path;
    p->record = *record;
    p->position = inv->package_count++;
    return STELLA_OK;
}

static stella_status read_records(stella_analysis *job, inventory *inv, uint32_t room, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(STATUS_RECORD));
         status == STELLA_OK && inv->package_count < room && stella_records_next(job, &it, &record);)
        status = take_record(inv, &record, err);
    return status;
}

static void drop_repeated(stella_analysis *job, inventory *inv) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < inv->package_count; i++) {
        const package *p = &inv->packages[i];
        if (i + 1 < inv->package_count && compare_identity(p, p + 1) == 0)
            stella_note(job, STELLA_NOTE_ERROR, p->path, p->stanza.line,
                        STELLA_SV("a package that the file lists again further down: the later entry holds"));
        else
            inv->packages[kept++] = *p;
    }
    inv->package_count = kept;
}

static uint32_t provides_of(const package *p, provided *out) {
    uint32_t count = 0;
    dependency d;
    for (dependency_reader r = dependency_open(p->stanza.values[STANZA_PROVIDES]); dependency_next(&r, &d); count++)
        if (out)
            out[count] = (provided){.name = d.name, .version = d.version, .by = p};
    return count;
}

static stella_status index_provides(stella_analysis *job, inventory *inv, stella_error *err) {
    uint64_t room = 0;
    for (uint32_t i = 0; i < inv->package_count; i++)
        room += provides_of(&inv->packages[i], NULL);
    if (room > UINT32_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, STATUS_PATH, "more than 4294967295 provided names");
    inv->provides = stella_arena_alloc(job->arena, room, sizeof *inv->provides);
    if (!inv->provides)
        return stella_error_set(err, STELLA_E_NOMEM, STATUS_PATH, "no memory for the provided names");
    for (uint32_t i = 0; i < inv->package_count; i++)
        inv->provided_count += provides_of(&inv->packages[i], inv->provides + inv->provided_count);
    if (inv->provided_count)
        qsort(inv->provides, inv->provided_count, sizeof *inv->provides, compare_provided);
    return STELLA_OK;
}

static stella_sv native_architecture(const inventory *inv) {
    uint32_t count;
    const package *p = inventory_find(inv, STELLA_SV("dpkg"), &count);
    return p ? p->arch : STELLA_SV("");
}

/* A directory cannot be listed through a link: its stanzas are out of reach. */
static void note_linked_directory(stella_analysis *job) {
    stella_file dir = STELLA_FILE_INIT;
    if (stella_view_stat(job, STELLA_SV(STATUS_DIR), &dir, NULL) == STELLA_OK && dir.kind == STELLA_FILE_DIRECTORY &&
        !stella_sv_eq(dir.path, STELLA_SV(STATUS_DIR)))
        linked_note_unread(job, dir.path);
}

static stella_status read_linked(stella_analysis *job, linked_records *out, stella_error *err) {
    const linked_database database = {
        .path = STELLA_SV(STATUS_PATH), .kind = STELLA_SV(STATUS_RECORD), .probe = status_probe};
    note_linked_directory(job);
    return linked_read(job, &database, out, err);
}

/* The packages in the order they were found. */
static stella_status read_packages(stella_analysis *job, inventory *inv, stella_error *err) {
    const uint32_t probed = count_records(job, STELLA_SV(STATUS_RECORD));
    linked_records linked;
    stella_status status = read_linked(job, &linked, err);
    if (status != STELLA_OK)
        return status;
    inv->packages = stella_arena_alloc(job->arena, (uint64_t)probed + linked.count, sizeof *inv->packages);
    if (!inv->packages)
        return stella_error_set(err, STELLA_E_NOMEM, STATUS_PATH, "no memory for %u packages", probed + linked.count);
    status = read_records(job, inv, probed, err);
    for (uint32_t i = 0; i < linked.count && status == STELLA_OK; i++)
        status = take_record(inv, &linked.items[i], err);
    return status;
}

stella_status inventory_load(stella_analysis *job, inventory *out, stella_error *err) {
    inventory inv = {0};
    stella_status status = read_packages(job, &inv, err);
    if (status != STELLA_OK)
        return status;
    if (inv.package_count)
        qsort(inv.packages, inv.package_count, sizeof *inv.packages, compare_packages);
    drop_repeated(job, &inv);
    status = index_provides(job, &inv, err);
    if (status != STELLA_OK)
        return status;
    inv.native = native_architecture(&inv);
    *out = inv;
    return STELLA_OK;
}

/* Both arrays are sorted by the name their elements begin with, at some offset. */
static uint32_t first_not_below(const void *items, uint32_t count, size_t stride, size_t name_at, stella_sv name,
                                int past_equal) {
    uint32_t low = 0, high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const stella_sv *have = (const void *)((const char *)items + middle * stride + name_at);
        const int order = stella_sv_cmp(*have, name);
        if (order < 0 || (past_equal && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const package *inventory_find(const inventory *inv, stella_sv name, uint32_t *count) {
    const size_t at = offsetof(package, name);
    const uint32_t first = first_not_below(inv->packages, inv->package_count, sizeof(package), at, name, 0);
    *count = first_not_below(inv->packages, inv->package_count, sizeof(package), at, name, 1) - first;
    return *count ? &inv->packages[first] : NULL;
}

const provided *inventory_find_provided(const inventory *inv, stella_sv name, uint32_t *count) {
    const size_t at = offsetof(provided, name);
    const uint32_t first = first_not_below(inv->provides, inv->provided_count, sizeof(provided), at, name, 0);
    *count = first_not_below(inv->provides, inv->provided_count, sizeof(provided), at, name, 1) - first;
    return *count ? &inv->provides[first] : NULL;
}
