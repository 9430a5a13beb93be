#include "analyze.h"

#include "desc.h"
#include "files.h"
#include "version.h"

#include "common/counting.h"
#include "common/cpe.h"
#include "common/fields.h"
#include "common/origin.h"
#include "common/providers.h"
#include "common/vendor.h"
#include "common/words.h"

typedef struct package {
    stella_sv fields[DESC_FIELDS];
    stella_sv path;       /* of its desc */
    stella_record record; /* that lists it */
    stella_component *component;
} package;

typedef struct inventory {
    package *packages; /* in the order of their paths */
    uint32_t count;
    providers names; /* .package is the position in packages */
} inventory;

/* A dependency or provided name: "name", "name=1.0", "name>=1.0". */
typedef struct named {
    stella_sv name, relation, version;
} named;

static named named_of(stella_sv word) {
    size_t len = 0, end;
    while (len < word.len && !memchr("<>=", word.ptr[len], 3))
        len++;
    for (end = len; end < word.len && memchr("<>=", word.ptr[end], 3);)
        end++;
    return (named){.name = stella_sv_first(word, len),
                   .relation = stella_sv_skip(stella_sv_first(word, end), len),
                   .version = stella_sv_skip(word, end)};
}

/* ---- packages ------------------------------------------------------------------------------------------------------
 */

static stella_status read_records(stella_analysis *job, inventory *inv, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    const uint32_t room = count_records(job, STELLA_SV(DESC_RECORD));
    inv->packages = stella_arena_alloc(job->arena, room, sizeof *inv->packages);
    if (!inv->packages)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", room);
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(DESC_RECORD));
         status == STELLA_OK && inv->count < room && stella_records_next(job, &it, &record);) {
        package *p = &inv->packages[inv->count++];
        status = fields_decode(record.bytes, DESC_FIELDS, NULL, p->fields, err);
        p->path = record.path;
        p->record = record;
    }
    return status;
}

static stella_status index_names(inventory *inv, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < inv->count && status == STELLA_OK; i++) {
        const stella_sv *fields = inv->packages[i].fields;
        const provider own = {.name = fields[DESC_NAME], .version = fields[DESC_VERSION], .package = i, .is_own = 1};
        stella_sv list = fields[DESC_PROVIDES], word;
        status = providers_add(&inv->names, own, err);
        while (status == STELLA_OK && word_next(&list, &word)) {
            const named n = named_of(word);
            status = providers_add(&inv->names, (provider){.name = n.name, .version = n.version, .package = i}, err);
        }
    }
    providers_sort(&inv->names);
    return status;
}

static void set_fields(const package *p) {
    static const struct {
        uint32_t field;
        desc_field from;
    } fields[] = {
        {STELLA_FIELD_ARCHITECTURE, DESC_ARCH},   {STELLA_FIELD_MAINTAINER, DESC_PACKAGER},
        {STELLA_FIELD_DESCRIPTION, DESC_DESC},    {STELLA_FIELD_HOMEPAGE, DESC_URL},
        {STELLA_FIELD_INSTALLED_SIZE, DESC_SIZE}, {STELLA_FIELD_SOURCE_VERSION, DESC_VERSION},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(fields); i++)
        stella_component_set(p->component, fields[i].field, p->fields[fields[i].from]);
    stella_component_set(p->component, STELLA_FIELD_SOURCE_NAME,
                         p->fields[p->fields[DESC_BASE].len ? DESC_BASE : DESC_NAME]);
}

static void set_properties(const package *p) {
    stella_sv groups = p->fields[DESC_GROUPS], group;
    if (p->fields[DESC_BUILDDATE].len)
        stella_component_property(p->component, STELLA_SV("alpm:build-date"), p->fields[DESC_BUILDDATE]);
    if (p->fields[DESC_VALIDATION].len)
        stella_component_property(p->component, STELLA_SV("alpm:validation"), p->fields[DESC_VALIDATION]);
    if (stella_sv_eq(p->fields[DESC_REASON], STELLA_SV("1")))
        stella_component_property(p->component, STELLA_SV("alpm:reason"), STELLA_SV("dependency"));
    while (stella_sv_split(&groups, '\n', &group))
        if (group.len)
            stella_component_property(p->component, STELLA_SV("alpm:group"), group);
}

/* Upstream's part of "1:1.2.3-2". */
static stella_sv upstream_version(stella_sv version) {
    const size_t colon = stella_sv_find(version, ':');
    version = colon < version.len ? stella_sv_skip(version, colon + 1) : version;
    return stella_sv_first(version, stella_sv_rfind(version, '-'));
}

static stella_status add_component(stella_analysis *job, package *p, const origin *from, stella_error *err) {
    const uint32_t flags = vendor_of_alpm(from->id, p->fields[DESC_PACKAGER]);
    p->component = stella_component_add(job, STELLA_SV("alpm"), p->fields[DESC_NAME], p->fields[DESC_VERSION], flags);
    origin_apply(from, p->fields[DESC_ARCH], p->component);
    set_fields(p);
    set_properties(p);
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = p->record.layer, .path = p->path};
    stella_component_evidence(p->component, &file, 0, STELLA_SV("package-database"));
    stella_component_from_record(p->component, &p->record);
    stella_sv licenses = p->fields[DESC_LICENSE], line;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && stella_sv_split(&licenses, '\n', &line))
        status = words_add_license(p->component, line, err);
    if (status != STELLA_OK)
        return status;
    return cpe_add_candidate(p->component, p->fields[p->fields[DESC_BASE].len ? DESC_BASE : DESC_NAME],
                             upstream_version(p->fields[DESC_VERSION]), job->arena, err);
}

static stella_status add_files(alpm_files *files, const package *p, stella_error *err) {
    const stella_sv folder = stella_sv_first(p->path, stella_sv_rfind(p->path, '/'));
    const stella_status status = alpm_files_read(files, folder, err);
    if (status != STELLA_OK)
        return status;
    for (uint32_t i = 0; i < files->count; i++) {
        const alpm_file *f = &files->items[i];
        const int has_digest = f->sha256[0] != '\0';
        const stella_owned owned = {.struct_size = sizeof owned,
                                    .flags = f->is_config ? STELLA_OWNED_CONFIG : 0,
                                    .path = f->path,
                                    .digest_alg = has_digest ? STELLA_SV("sha256") : STELLA_SV(""),
                                    .digest = stella_sv_of(f->sha256, has_digest ? SHA256_DIGITS : 0)};
        stella_component_owns(p->component, &owned);
    }
    return STELLA_OK;
}

/* ---- relations -----------------------------------------------------------------------------------------------------
 */

static uint32_t link_to(stella_analysis *job, const inventory *inv, const package *from, const named *n, int strictly) {
    uint32_t count, linked = 0;
    const provider *to = providers_find(&inv->names, n->name, &count);
    for (uint32_t i = 0; i < count && i < ALPM_CANDIDATES_MAX; i++) {
        const package *target = &inv->packages[to[i].package];
        const int will_do =
            n->relation.len == 0 || (to[i].version.len && alpm_version_meets(to[i].version, n->relation, n->version));
        if (strictly && !will_do)
            continue;
        linked++;
        if (target != from)
            stella_relate(job, from->component, target->component, STELLA_RELATION_DEPENDS_ON, 0);
    }
    return linked;
}

static void add_relations(stella_analysis *job, const inventory *inv) {
    for (uint32_t i = 0; i < inv->count && !stella_cancelled(job); i++) {
        stella_sv list = inv->packages[i].fields[DESC_DEPENDS], word;
        while (word_next(&list, &word)) {
            const named n = named_of(word);
            if (link_to(job, inv, &inv->packages[i], &n, 1) == 0)
                (void)link_to(job, inv, &inv->packages[i], &n, 0);
        }
    }
}

stella_status alpm_analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    inventory inv = {.names = {.arena = job->arena}};
    alpm_files files = {.job = job};
    origin from;
    stella_status status = read_records(job, &inv, err);
    if (status == STELLA_OK)
        status = index_names(&inv, err);
    if (status == STELLA_OK)
        status = origin_find(job, STELLA_SV("arch"), &from, err);
    for (uint32_t i = 0; status == STELLA_OK && i < inv.count; i++) {
        status = add_component(job, &inv.packages[i], &from, err);
        if (status == STELLA_OK)
            status = add_files(&files, &inv.packages[i], err);
    }
    if (status == STELLA_OK)
        add_relations(job, &inv);
    return status;
}
