/* The analyzer of conda's environments (README.md). */
#include "meta.h"

#include "common/counting.h"
#include "common/providers.h"
#include "common/words.h"

static const stella_interest interests[] = {
    {.mode = STELLA_PROBE | STELLA_SEEK, .suffix = ".json", .parent = "conda-meta", .max_bytes = META_FILE_MAX},
};

typedef struct package {
    meta_view meta;
    stella_record record;
    stella_sv prefix; /* the folder that conda-meta is in */
    stella_component *component;
} package;

typedef struct inventory {
    stella_analysis *job;
    package *items;
    uint32_t count;
    providers names; /* key: prefix, newline, name */
} inventory;

static stella_sv folder_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return stella_sv_first(path, slash < path.len ? slash : 0);
}

/* ---- components -----------------------------------------------------------------------------------------------------
 */

/* Paths are seen from the prefix; "-" stands for no digest. */
static stella_status add_files(const inventory *inv, const package *p, stella_error *err) {
    stella_sv rest = p->meta.values[META_FILES];
    for (stella_sv line; rest.len && stella_sv_split(&rest, '\n', &line);) {
        const size_t blank = stella_sv_find(line, ' ');
        const int has_digest = blank > 1;
        const stella_sv path =
            stella_arena_printf(inv->job->arena, "%.*s%s%.*s", STELLA_SV_FMT(p->prefix), p->prefix.len ? "/" : "",
                                STELLA_SV_FMT(stella_sv_skip(line, blank + 1)));
        if (!path.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path");
        const stella_owned owned = {.struct_size = sizeof owned,
                                    .path = path,
                                    .digest_alg = has_digest ? STELLA_SV("sha256") : stella_sv_of("", 0),
                                    .digest = has_digest ? stella_sv_first(line, blank) : stella_sv_of("", 0)};
        stella_component_owns(p->component, &owned);
    }
    const stella_owned self = {.struct_size = sizeof self, .path = p->record.path};
    stella_component_owns(p->component, &self);
    return STELLA_OK;
}

static stella_status add_component(inventory *inv, package *p, stella_error *err) {
    const stella_sv *values = p->meta.values;
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = p->record.layer, .path = p->record.path};
    p->component = stella_component_add(inv->job, STELLA_SV("conda"), values[META_NAME], values[META_VERSION], 0);
    stella_component_qualifier(p->component, STELLA_SV("build"), values[META_BUILD]);
    stella_component_qualifier(p->component, STELLA_SV("channel"), values[META_CHANNEL]);
    stella_component_qualifier(p->component, STELLA_SV("subdir"), values[META_SUBDIR]);
    stella_component_qualifier(p->component, STELLA_SV("type"), values[META_TYPE]);
    stella_component_evidence(p->component, &file, p->meta.line, STELLA_SV("metadata"));
    stella_component_from_record(p->component, &p->record);
    if (values[META_URL].len)
        stella_component_property(p->component, STELLA_SV("conda:url"), values[META_URL]);
    const stella_status status = words_add_license(p->component, values[META_LICENSE], err);
    return status == STELLA_OK ? add_files(inv, p, err) : status;
}

/* ---- relations ------------------------------------------------------------------------------------------------------
 */

static stella_sv key_of(const inventory *inv, const package *p, stella_sv name) {
    return stella_arena_printf(inv->job->arena, "%.*s\n%.*s", STELLA_SV_FMT(p->prefix), STELLA_SV_FMT(name));
}

/* "python >=3.8,<3.9.0a0": the name is up to the first blank. One version of a name is installed in a prefix. */
static stella_status relate(const inventory *inv, const package *p, stella_error *err) {
    stella_sv rest = p->meta.values[META_DEPENDS];
    for (stella_sv line; rest.len && stella_sv_split(&rest, '\n', &line);) {
        uint32_t count = 0;
        const stella_sv key = key_of(inv, p, stella_sv_first(line, stella_sv_find(line, ' ')));
        if (!key.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a relation");
        const provider *to = providers_find(&inv->names, key, &count);
        if (to)
            stella_relate(inv->job, p->component, inv->items[to->package].component, STELLA_RELATION_DEPENDS_ON, 0);
    }
    return STELLA_OK;
}

/* ---- the calls ------------------------------------------------------------------------------------------------------
 */

static stella_status load(inventory *inv, uint32_t room, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_records_of(STELLA_SV(META_RECORD));
         inv->count < room && stella_records_next(inv->job, &it, &record);) {
        package *p = &inv->items[inv->count];
        stella_status status = meta_decode(record.bytes, &p->meta, err);
        p->record = record;
        p->prefix = folder_of(folder_of(record.path));
        const stella_sv key = key_of(inv, p, p->meta.values[META_NAME]);
        if (status == STELLA_OK && !key.ptr)
            status = stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a name");
        if (status == STELLA_OK)
            status = providers_add(&inv->names, (provider){.name = key, .package = inv->count}, err);
        if (status != STELLA_OK)
            return status;
        inv->count++;
    }
    providers_sort(&inv->names);
    return STELLA_OK;
}

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    return meta_probe(p, err);
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    const uint32_t room = count_records(job, STELLA_SV(META_RECORD));
    inventory inv = {
        .job = job, .items = stella_arena_alloc(job->arena, room, sizeof *inv.items), .names = {.arena = job->arena}};
    (void)self;
    if (!inv.items)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", room);
    stella_status status = load(&inv, room, err);
    for (uint32_t i = 0; status == STELLA_OK && i < inv.count; i++)
        status = stella_cancelled(job) ? stella_error_set(err, STELLA_E_CANCELLED, NULL, "cancelled")
                                       : add_component(&inv, &inv.items[i], err);
    for (uint32_t i = 0; status == STELLA_OK && i < inv.count; i++)
        status = relate(&inv, &inv.items[i], err);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.conda", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .probe = probe,
                .analyze = analyze);
