#include "analyze.h"

#include "database.h"
#include "store_path.h"

#include "common/fields.h"

#include <stella/cursor.h>

#include <stdlib.h>

/* A store path of the image. */
typedef struct item {
    store_path path;
    stella_sv hash, deriver, size; /* of the database; empty without one */
    uint64_t id;                   /* in the database; 0 without one */
    stella_record first;           /* the record that proves it */
    stella_component *component;
} item;

typedef struct inventory {
    item *items; /* by base name, each once */
    uint32_t count;
    item **by_id; /* those that the database has */
    uint32_t id_count;
} inventory;

static int compare(const void *x, const void *y) {
    const item *a = x, *b = y;
    const int order = stella_sv_cmp(a->path.base, b->path.base);
    if (order)
        return order;
    if ((a->id == 0) != (b->id == 0)) /* the database tells more */
        return a->id ? -1 : 1;
    return stella_sv_cmp(a->first.path, b->first.path);
}

static int compare_ids(const void *x, const void *y) {
    const item *a = *(item *const *)x, *b = *(item *const *)y;
    return (a->id > b->id) - (a->id < b->id);
}

/* ---- reading -------------------------------------------------------------------------------------------------------
 */

static stella_status take_valid(item *it, const stella_record *record, stella_error *err) {
    stella_sv values[VALID_FIELDS];
    const stella_status status = fields_decode(record->bytes, VALID_FIELDS, NULL, values, err);
    if (status != STELLA_OK)
        return status;
    if (!store_path_parse(values[VALID_BASE], &it->path) || !stella_sv_u64(values[VALID_ID], UINT64_MAX, &it->id))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a record of a store path is damaged");
    it->hash = values[VALID_HASH];
    it->deriver = values[VALID_DERIVER];
    it->size = values[VALID_SIZE];
    return STELLA_OK;
}

static stella_status take_record(inventory *inv, const stella_record *record, stella_error *err) {
    item it = {.first = *record};
    if (stella_sv_eq(record->kind, STELLA_SV(DATABASE_VALID))) {
        const stella_status status = take_valid(&it, record, err);
        if (status != STELLA_OK)
            return status;
    } else if (!store_path_parse(record->key, &it.path)) {
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a record of a store path is damaged");
    } else if (inv->count && stella_sv_eq(inv->items[inv->count - 1].path.base, it.path.base) &&
               inv->items[inv->count - 1].id == 0) {
        return STELLA_OK; /* files of one path follow each other: paths come in order */
    }
    inv->items[inv->count++] = it;
    return STELLA_OK;
}

static void merge(inventory *inv) {
    uint32_t kept = 0;
    if (inv->count)
        qsort(inv->items, inv->count, sizeof *inv->items, compare);
    for (uint32_t i = 0; i < inv->count; i++)
        if (kept == 0 || !stella_sv_eq(inv->items[kept - 1].path.base, inv->items[i].path.base))
            inv->items[kept++] = inv->items[i];
    inv->count = kept;
}

/* An upper bound of the items: files of one path that follow each other count once. */
static uint32_t count_items(stella_analysis *job) {
    stella_record record = STELLA_RECORD_INIT;
    stella_sv last = {0};
    uint32_t count = 0;
    for (stella_records it = stella_records_of(STELLA_SV("")); stella_records_next(job, &it, &record);) {
        if (stella_sv_eq(record.kind, STELLA_SV(DATABASE_REFS)))
            continue;
        const int is_file = stella_sv_eq(record.kind, STELLA_SV(NIX_FILE));
        count += is_file && stella_sv_eq(last, record.key) ? 0 : 1;
        last = is_file ? record.key : STELLA_SV("");
    }
    return count;
}

static stella_status load(stella_analysis *job, inventory *inv, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    const uint32_t room = count_items(job);
    inv->items = stella_arena_alloc(job->arena, room, sizeof *inv->items);
    inv->by_id = stella_arena_alloc(job->arena, room, sizeof(item *));
    if (!inv->items || !inv->by_id)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u store paths", room);
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(""));
         status == STELLA_OK && inv->count <= room && stella_records_next(job, &it, &record);)
        if (!stella_sv_eq(record.kind, STELLA_SV(DATABASE_REFS)))
            status = take_record(inv, &record, err);
    merge(inv);
    for (uint32_t i = 0; i < inv->count; i++)
        if (inv->items[i].id)
            inv->by_id[inv->id_count++] = &inv->items[i];
    if (inv->id_count)
        qsort(inv->by_id, inv->id_count, sizeof(item *), compare_ids);
    return status;
}

/* ---- components ----------------------------------------------------------------------------------------------------
 */

/* "toyapp-2.0.drv" of "hash-toyapp-2.0.drv": what it was built as. */
static void set_source(const item *it) {
    store_path source;
    const stella_sv drv = STELLA_SV(".drv");
    if (!stella_sv_ends(it->deriver, drv) ||
        !store_path_parse(stella_sv_first(it->deriver, it->deriver.len - drv.len), &source))
        return;
    stella_component_set(it->component, STELLA_FIELD_SOURCE_NAME, source.name);
    stella_component_set(it->component, STELLA_FIELD_SOURCE_VERSION, source.version);
    stella_component_property(it->component, STELLA_SV("nix:derivation"), it->deriver);
}

static void add_component(stella_analysis *job, item *it) {
    it->component = stella_component_add(job, STELLA_SV("nix"), it->path.name, it->path.version, 0);
    stella_component_qualifier(it->component, STELLA_SV("output"), it->path.output);
    stella_component_property(it->component, STELLA_SV("nix:store-path"), it->path.base);
    if (it->hash.len)
        stella_component_property(it->component, STELLA_SV("nix:nar-hash"), it->hash);
    stella_component_set(it->component, STELLA_FIELD_INSTALLED_SIZE, it->size);
    set_source(it);
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = it->first.layer, .path = it->first.path};
    stella_component_evidence(it->component, &file, 0, it->id ? STELLA_SV("package-database") : STELLA_SV("path"));
    stella_component_from_record(it->component, &it->first);
}

static const item *find(const inventory *inv, stella_sv base) {
    uint32_t low = 0, high = inv->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = stella_sv_cmp(inv->items[middle].path.base, base);
        if (order == 0)
            return &inv->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const item *find_id(const inventory *inv, uint64_t id) {
    const item wanted = {.id = id};
    const item *key = &wanted;
    item **found = inv->id_count ? bsearch(&key, inv->by_id, inv->id_count, sizeof(item *), compare_ids) : NULL;
    return found ? *found : NULL;
}

/* Every file below a store path is its own: nothing else may write there. All of one path are one key, so that each says
 * the same of layers. */
static void add_files(stella_analysis *job, const inventory *inv) {
    stella_record record = STELLA_RECORD_INIT;
    const item *last = NULL;
    for (stella_records it = stella_records_of(STELLA_SV(NIX_FILE)); stella_records_next(job, &it, &record);) {
        if (!last || !stella_sv_eq(last->path.base, record.key)) {
            last = find(inv, record.key);
            if (last)
                stella_component_from_record(last->component, &record);
        }
        const stella_owned owned = {.struct_size = sizeof owned, .path = record.path};
        if (last)
            stella_component_owns(last->component, &owned);
    }
}

static void add_relations(stella_analysis *job, const inventory *inv) {
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_records_of(STELLA_SV(DATABASE_REFS)); stella_records_next(job, &it, &record);) {
        stella_cursor c = stella_cursor_of(record.bytes.ptr, record.bytes.len);
        while (stella_cursor_left(&c)) {
            const item *from = find_id(inv, stella_cursor_varint(&c)), *to = find_id(inv, stella_cursor_varint(&c));
            if (c.ok && from && to && from->component != to->component)
                stella_relate(job, from->component, to->component, STELLA_RELATION_DEPENDS_ON, 0);
        }
    }
}

stella_status nix_analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    inventory inv = {0};
    const stella_status status = load(job, &inv, err);
    if (status != STELLA_OK)
        return status;
    for (uint32_t i = 0; i < inv.count; i++) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        add_component(job, &inv.items[i]);
    }
    add_files(job, &inv);
    add_relations(job, &inv);
    return STELLA_OK;
}
