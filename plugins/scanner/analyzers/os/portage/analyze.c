#include "analyze.h"

#include "contents.h"
#include "license.h"
#include "name.h"

#include "common/counting.h"
#include "common/cpe.h"
#include "common/origin.h"
#include "common/providers.h"
#include "common/vendor.h"
#include "common/words.h"

typedef struct package {
    portage_name name;
    stella_sv path;       /* of its CONTENTS */
    stella_record record; /* that lists it */
    stella_component *component;
} package;

typedef struct inventory {
    package *packages; /* in the order of their paths */
    uint32_t count;
    providers names; /* "category/name"; .package is the position in packages */
} inventory;

static stella_status no_memory(const package *p, stella_error *err) {
    return stella_error_at(err, STELLA_E_NOMEM, p->path, "no memory for a package");
}

/* The content of a kept file of the package's folder, not through links; empty when there is none. */
static stella_status read_kept(stella_analysis *job, const package *p, const char *name, stella_sv *out,
                               stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    const stella_sv path = stella_arena_printf(job->arena, "%.*s/%s", STELLA_SV_FMT(p->name.folder), name);
    if (!path.ptr)
        return no_memory(p, err);
    const int is_there =
        stella_view_stat(job, path, &file, NULL) == STELLA_OK && file.bytes.ptr && stella_sv_eq(file.path, path);
    *out = is_there ? stella_sv_trim(file.bytes) : STELLA_SV("");
    return STELLA_OK;
}

/* ---- packages ------------------------------------------------------------------------------------------------------
 */

static stella_status load(stella_analysis *job, inventory *inv, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    const uint32_t room = count_records(job, STELLA_SV(PORTAGE_PACKAGE));
    inv->packages = stella_arena_alloc(job->arena, room, sizeof *inv->packages);
    if (!inv->packages)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", room);
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(PORTAGE_PACKAGE));
         status == STELLA_OK && inv->count < room && stella_records_next(job, &it, &record);) {
        package *p = &inv->packages[inv->count];
        if (!portage_name_parse(record.path, &p->name))
            return stella_error_at(err, STELLA_E_FORMAT, record.path, "a record of a package is damaged");
        p->path = record.path;
        p->record = record;
        const stella_sv name = stella_sv_of(p->name.category.ptr, p->name.category.len + 1 + p->name.name.len);
        status = providers_add(&inv->names, (provider){.name = name, .package = inv->count++, .is_own = 1}, err);
    }
    providers_sort(&inv->names);
    return status;
}

static stella_status add_license(stella_analysis *job, const package *p, stella_error *err) {
    stella_sv text, expression;
    stella_status status = read_kept(job, p, "LICENSE", &text, err);
    if (status != STELLA_OK)
        return status;
    status = license_expression(text, job->arena, &expression);
    if (status == STELLA_OK)
        stella_component_license(p->component, STELLA_LICENSE_EXPRESSION, expression);
    else if (status == STELLA_E_FORMAT)
        stella_component_license(p->component, STELLA_LICENSE_NAME, stella_sv_first(text, 1024));
    return status == STELLA_E_NOMEM ? no_memory(p, err) : STELLA_OK;
}

static stella_status add_details(stella_analysis *job, const package *p, stella_error *err) {
    static const struct {
        const char *file;
        uint32_t field; /* 0: the property */
        stella_sv property;
    } details[] = {
        {"DESCRIPTION", STELLA_FIELD_DESCRIPTION, {0}},
        {"HOMEPAGE", STELLA_FIELD_HOMEPAGE, {0}},
        {"SIZE", STELLA_FIELD_INSTALLED_SIZE, {0}},
        {"CHOST", STELLA_FIELD_ARCHITECTURE, {0}},
        {"SLOT", 0, STELLA_SV_INIT("portage:slot")},
        {"repository", 0, STELLA_SV_INIT("portage:repository")},
        {"BUILD_TIME", 0, STELLA_SV_INIT("portage:build-time")},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(details); i++) {
        stella_sv text;
        const stella_status status = read_kept(job, p, details[i].file, &text, err);
        if (status != STELLA_OK)
            return status;
        if (details[i].field)
            stella_component_set(p->component, details[i].field, text);
        else if (text.len)
            stella_component_property(p->component, details[i].property, text);
    }
    return add_license(job, p, err);
}

/* The revision is Gentoo's, not upstream's. */
static stella_sv upstream_version(stella_sv version) {
    return stella_sv_first(version, stella_sv_rfind(version, '-'));
}

static stella_status add_component(stella_analysis *job, package *p, const origin *from, stella_error *err) {
    stella_sv repository;
    stella_status status = read_kept(job, p, "repository", &repository, err);
    if (status != STELLA_OK)
        return status;
    p->component =
        stella_component_add(job, STELLA_SV("ebuild"), p->name.name, p->name.version, vendor_of_ebuild(repository));
    stella_component_set(p->component, STELLA_FIELD_NAMESPACE, p->name.category);
    stella_component_qualifier(p->component, STELLA_SV("distro"), from->distro);
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = p->record.layer, .path = p->path};
    stella_component_evidence(p->component, &file, 0, STELLA_SV("package-database"));
    stella_component_from_record(p->component, &p->record);
    status = add_details(job, p, err);
    if (status != STELLA_OK)
        return status;
    return cpe_add_candidate(p->component, p->name.name, upstream_version(p->name.version), job->arena, err);
}

static stella_status add_files(stella_analysis *job, const package *p, stella_error *err) {
    stella_sv text;
    contents_entry entry;
    const stella_status status = read_kept(job, p, "CONTENTS", &text, err);
    while (status == STELLA_OK && contents_next(&text, &entry)) {
        const int is_config = stella_sv_starts(entry.path, STELLA_SV("etc/"));
        const stella_owned owned = {.struct_size = sizeof owned,
                                    .flags = is_config ? STELLA_OWNED_CONFIG : 0,
                                    .path = entry.path,
                                    .digest_alg = entry.md5.len ? STELLA_SV("md5") : STELLA_SV(""),
                                    .digest = entry.md5};
        stella_component_owns(p->component, &owned);
    }
    return status;
}

/* ---- relations -----------------------------------------------------------------------------------------------------
 */

static void link_word(stella_analysis *job, const inventory *inv, const package *from, stella_sv word) {
    stella_sv atom;
    uint32_t count;
    if (!portage_atom_parse(word, &atom))
        return;
    const provider *to = providers_find(&inv->names, atom, &count);
    for (uint32_t i = 0; i < count && i < PORTAGE_CANDIDATES_MAX; i++)
        if (&inv->packages[to[i].package] != from)
            stella_relate(job, from->component, inv->packages[to[i].package].component, STELLA_RELATION_DEPENDS_ON, 0);
}

static stella_status add_relations(stella_analysis *job, const inventory *inv, const package *p, stella_error *err) {
    static const char *const files[] = {"RDEPEND", "PDEPEND"};
    stella_sv text, word;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < STELLA_COUNT(files) && status == STELLA_OK; i++) {
        status = read_kept(job, p, files[i], &text, err);
        while (status == STELLA_OK && word_next(&text, &word))
            link_word(job, inv, p, word);
    }
    return status;
}

stella_status portage_analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    inventory inv = {.names = {.arena = job->arena}};
    origin from;
    stella_status status = load(job, &inv, err);
    if (status == STELLA_OK)
        status = origin_find(job, STELLA_SV("gentoo"), &from, err);
    for (uint32_t i = 0; status == STELLA_OK && i < inv.count; i++) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = add_component(job, &inv.packages[i], &from, err);
        if (status == STELLA_OK)
            status = add_files(job, &inv.packages[i], err);
    }
    for (uint32_t i = 0; status == STELLA_OK && i < inv.count && !stella_cancelled(job); i++)
        status = add_relations(job, &inv, &inv.packages[i], err);
    return status;
}
