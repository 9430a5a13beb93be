#include "analyze.h"

#include "wall.h"

#include "common/counting.h"
#include "common/fields.h"
#include "common/origin.h"
#include "common/providers.h"
#include "common/words.h"

typedef struct inventory {
    stella_component **components;
    uint32_t count;
    providers names; /* .package is the position in components */
} inventory;

static stella_status add_component(stella_analysis *job, inventory *inv, const stella_record *record,
                                   const origin *from, stella_error *err) {
    stella_sv values[WALL_PACKAGE_FIELDS];
    uint32_t line;
    const stella_status status = fields_decode(record->bytes, WALL_PACKAGE_FIELDS, &line, values, err);
    if (status != STELLA_OK)
        return status;
    /* Slices are cut from Ubuntu's own packages, and from no others. */
    stella_component *c = stella_component_add(job, STELLA_SV("deb"), values[PACKAGE_NAME], values[PACKAGE_VERSION],
                                               STELLA_COMPONENT_VENDOR);
    origin_apply(from, values[PACKAGE_ARCH], c);
    stella_component_set(c, STELLA_FIELD_ARCHITECTURE, values[PACKAGE_ARCH]);
    if (values[PACKAGE_DIGEST].len)
        stella_component_property(c, STELLA_SV("chisel:package-sha256"), values[PACKAGE_DIGEST]);
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
    stella_component_evidence(c, &file, line, STELLA_SV("package-database"));
    stella_component_from_record(c, record);
    const provider own = {.name = values[PACKAGE_NAME], .package = inv->count, .is_own = 1};
    inv->components[inv->count++] = c;
    return providers_add(&inv->names, own, err);
}

static stella_status add_components(stella_analysis *job, inventory *inv, const origin *from, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    const uint32_t room = count_records(job, STELLA_SV(WALL_PACKAGE));
    inv->components = stella_arena_alloc(job->arena, room, sizeof(stella_component *));
    if (!inv->components)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", room);
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(WALL_PACKAGE));
         status == STELLA_OK && inv->count < room && stella_records_next(job, &it, &record);)
        status = add_component(job, inv, &record, from, err);
    providers_sort(&inv->names);
    return status;
}

/* "package_slice": the last '_' separates, for names of packages hold none. */
static stella_component *package_of(const inventory *inv, stella_sv slice) {
    uint32_t count;
    const provider *p = providers_find(&inv->names, stella_sv_first(slice, stella_sv_rfind(slice, '_')), &count);
    return p ? inv->components[p->package] : NULL;
}

static stella_status add_slices(stella_analysis *job, const inventory *inv, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(WALL_SLICE));
         status == STELLA_OK && stella_records_next(job, &it, &record);) {
        stella_sv slice;
        status = fields_decode(record.bytes, 1, NULL, &slice, err);
        stella_component *c = status == STELLA_OK ? package_of(inv, slice) : NULL;
        if (c)
            stella_component_property(c, STELLA_SV("chisel:slice"), slice);
    }
    return status;
}

/* A path that slices of several packages name belongs to each of these, and once to each. */
static void add_owners(const inventory *inv, const stella_sv *values) {
    const stella_owned owned = {.struct_size = sizeof owned,
                                .path = values[FILE_PATH],
                                .digest_alg = values[FILE_DIGEST].len ? STELLA_SV("sha256") : STELLA_SV(""),
                                .digest = values[FILE_DIGEST]};
    stella_sv list = values[FILE_SLICES], slice;
    const stella_component *last = NULL; /* chisel sorts the slices */
    while (word_next(&list, &slice)) {
        stella_component *c = package_of(inv, slice);
        if (c && c != last)
            stella_component_owns(c, &owned);
        last = c;
    }
}

static stella_status add_files(stella_analysis *job, const inventory *inv, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(WALL_FILE));
         status == STELLA_OK && stella_records_next(job, &it, &record);) {
        stella_sv values[WALL_FILE_FIELDS];
        status = fields_decode(record.bytes, WALL_FILE_FIELDS, NULL, values, err);
        if (status == STELLA_OK)
            add_owners(inv, values);
    }
    return status;
}

stella_status chisel_analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    inventory inv = {.names = {.arena = job->arena}};
    origin from;
    stella_status status = origin_find(job, STELLA_SV("ubuntu"), &from, err);
    if (status == STELLA_OK)
        status = add_components(job, &inv, &from, err);
    if (status == STELLA_OK)
        status = add_slices(job, &inv, err);
    return status == STELLA_OK ? add_files(job, &inv, err) : status;
}
