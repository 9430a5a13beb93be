#include "installed.h"

#include "artifact.h"
#include "identity.h"
#include "properties.h"
#include "words.h"

#include "common/counting.h"
#include "common/providers.h"

#include <stella/auto.h>
#include <stella/sink.h>
#include <stella/spdx.h>

#define SCRATCH_BYTES_MAX ((uint64_t)4 << 20)
#define CANDIDATES_MAX    64 /* artifacts of one name that are compared when none lies near */

typedef struct item {
    artifact artifact;
    stella_sv path;
    stella_component *component;
    uint32_t first; /* of the items of the same file */
} item;

typedef struct inventory {
    stella_analysis *job;
    stella_arena *scratch; /* of one license */
    item *items;           /* by path, then as they were met */
    uint32_t count;
    providers names; /* "GROUP:NAME" */
} inventory;

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for Java artifacts");
}

/* ---- unpacked ------------------------------------------------------------------------------------------------------ */

stella_status installed_probe_properties(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(PROPERTIES_BYTES_MAX);
    stella_sv chunk;
    stella_status status;
    while ((status = stella_probe_read(probe, &chunk, err)) == STELLA_OK && chunk.len)
        if ((status = stella_buf_add(&text, chunk)) != STELLA_OK)
            return stella_error_set(err, status, NULL, "a pom.properties of more than %u bytes", PROPERTIES_BYTES_MAX);
    if (status != STELLA_OK)
        return status;
    const pom_properties p = pom_properties_parse(stella_buf_sv(&text));
    if (!java_is_word(p.group) || !java_is_word(p.name) || !java_is_word(p.version)) {
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV("a project without a valid group, name or version"));
        return STELLA_OK;
    }
    const artifact a = {.texts = {[ARTIFACT_GROUP] = p.group,
                                  [ARTIFACT_NAME] = p.name,
                                  [ARTIFACT_VERSION] = p.version,
                                  [ARTIFACT_METHOD] = STELLA_SV("metadata")}};
    return artifact_emit(probe, &a, err);
}

/* ---- components ---------------------------------------------------------------------------------------------------- */

static void add_licenses(const inventory *inv, stella_component *c, stella_sv lines) {
    stella_sv rest = lines, line;
    while (rest.len && stella_sv_split(&rest, '\n', &line)) {
        line = stella_sv_trim(line);
        const stella_sv expression = stella_spdx_expression(line, inv->scratch);
        if (line.len)
            stella_component_license(c, expression.ptr ? STELLA_LICENSE_EXPRESSION : STELLA_LICENSE_NAME,
                                     expression.ptr ? expression : line);
        stella_arena_reset(inv->scratch);
    }
}

/* Where it lies: "app.jar!/BOOT-INF/lib/a.jar" for what is in an archive. */
static stella_status add_evidence(inventory *inv, const item *i, const stella_record *record, stella_error *err) {
    const stella_sv nested = i->artifact.texts[ARTIFACT_NESTED], sha1 = i->artifact.texts[ARTIFACT_SHA1];
    stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = i->path};
    if (nested.len)
        file.path = stella_arena_printf(inv->job->arena, "%.*s!/%.*s", STELLA_SV_FMT(i->path), STELLA_SV_FMT(nested));
    if (!file.path.ptr)
        return no_memory(err);
    stella_component_evidence(i->component, &file, 0, i->artifact.texts[ARTIFACT_METHOD]);
    stella_component_from_record(i->component, record);
    if (sha1.len)
        stella_component_property(i->component, STELLA_SV("java:sha1"), sha1);
    if (sha1.len && nested.len == 0)
        stella_component_owns(i->component, &(stella_owned){.struct_size = sizeof(stella_owned),
                                                            .path = i->path,
                                                            .digest_alg = STELLA_SV("sha1"),
                                                            .digest = sha1});
    return STELLA_OK;
}

static void add_facts(const item *i) {
    const stella_sv *t = i->artifact.texts;
    stella_component *const c = i->component;
    const int is_application =
        stella_sv_eq(t[ARTIFACT_TYPE], STELLA_SV("war")) || stella_sv_eq(t[ARTIFACT_TYPE], STELLA_SV("ear"));
    stella_component_set(c, STELLA_FIELD_NAMESPACE, t[ARTIFACT_GROUP]);
    stella_component_set(c, STELLA_FIELD_VENDOR, t[ARTIFACT_VENDOR]);
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, t[ARTIFACT_DESCRIPTION]);
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, t[ARTIFACT_HOMEPAGE]);
    if (is_application)
        stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    stella_component_qualifier(c, STELLA_SV("type"), t[ARTIFACT_TYPE]);
    stella_component_qualifier(c, STELLA_SV("classifier"), t[ARTIFACT_CLASSIFIER]);
    if (t[ARTIFACT_GROUP].len == 0)
        stella_component_property(c, STELLA_SV("java:group"), STELLA_SV("unknown"));
    if (t[ARTIFACT_GROUP_FROM].len)
        stella_component_property(c, STELLA_SV("java:group-from"), t[ARTIFACT_GROUP_FROM]);
    if (t[ARTIFACT_SHADED].len)
        stella_component_property(c, STELLA_SV("java:shaded"), STELLA_SV("true"));
}

/* Without a group there is no package URL: it is required, and not to be invented. */
static stella_status add_component(inventory *inv, item *i, const stella_record *record, stella_error *err) {
    const stella_sv *t = i->artifact.texts;
    i->component = stella_component_add(inv->job, STELLA_SV("maven"), t[ARTIFACT_NAME], t[ARTIFACT_VERSION],
                                        t[ARTIFACT_GROUP].len ? 0 : STELLA_COMPONENT_NO_PURL);
    add_facts(i);
    add_licenses(inv, i->component, t[ARTIFACT_LICENSES]);
    return add_evidence(inv, i, record, err);
}

static stella_status add_name(inventory *inv, uint32_t position, const char *format_group, stella_error *err) {
    const item *i = &inv->items[position];
    const stella_sv group = format_group ? stella_sv_cstr(format_group) : i->artifact.texts[ARTIFACT_GROUP];
    const provider p = {.name = stella_arena_printf(inv->job->arena, "%.*s:%.*s", STELLA_SV_FMT(group),
                                                    STELLA_SV_FMT(i->artifact.texts[ARTIFACT_NAME])),
                        .version = i->artifact.texts[ARTIFACT_VERSION],
                        .package = position};
    return p.name.ptr ? providers_add(&inv->names, p, err) : no_memory(err);
}

static stella_status add_item(inventory *inv, const stella_record *record, stella_error *err) {
    const uint32_t position = inv->count;
    item *i = &inv->items[position], *last = position ? i - 1 : NULL;
    stella_status status = artifact_decode(record, &i->artifact, err);
    if (status != STELLA_OK)
        return status;
    i->path = record->path;
    i->first = last && stella_sv_eq(last->path, i->path) ? last->first : position;
    status = add_component(inv, i, record, err);
    inv->count++;
    if (status == STELLA_OK && i->artifact.texts[ARTIFACT_GROUP].len)
        status = add_name(inv, position, NULL, err);
    if (status == STELLA_OK && stella_sv_eq(i->artifact.texts[ARTIFACT_TYPE], STELLA_SV("hpi")))
        status = add_name(inv, position, IDENTITY_JENKINS, err);
    const uint32_t outer = i->first + i->artifact.parent - 1;
    if (status == STELLA_OK && i->artifact.parent && outer < position)
        stella_relate(inv->job, inv->items[outer].component, i->component, STELLA_RELATION_CONTAINS, 0);
    return status;
}

/* ---- dependencies -------------------------------------------------------------------------------------------------- */

/* The first of some providers of one name, which are in the order of items, whose item is not before that one. */
static uint32_t first_from(const provider *list, uint32_t count, uint32_t position) {
    uint32_t low = 0, high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (list[middle].package < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static stella_sv folder_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return stella_sv_first(path, slash < path.len ? slash + 1 : 0);
}

/* Items below a folder are next to each other: the first of them. */
static uint32_t first_below(const inventory *inv, stella_sv folder) {
    uint32_t low = 0, high = inv->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (stella_sv_cmp(stella_sv_first(inv->items[middle].path, folder.len), folder) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int is_one_version(const provider *list, uint32_t count) {
    for (uint32_t i = 1; i < count; i++)
        if (i == CANDIDATES_MAX || !stella_sv_eq(list[i].version, list[0].version))
            return 0;
    return 1;
}

/* Which artifact of that name the class path of an artifact would have: of the same file, else next to it, else the only
 * version there is. NULL when that cannot be told. */
static const item *resolve(const inventory *inv, const item *from, stella_sv name) {
    uint32_t count;
    const provider *list = providers_find(&inv->names, name, &count);
    if (!list)
        return NULL;
    uint32_t at = first_from(list, count, from->first);
    if (at < count && stella_sv_eq(inv->items[list[at].package].path, from->path))
        return &inv->items[list[at].package];
    const stella_sv folder = folder_of(from->path);
    at = first_from(list, count, first_below(inv, folder));
    if (at < count && stella_sv_eq(folder_of(inv->items[list[at].package].path), folder))
        return &inv->items[list[at].package];
    return is_one_version(list, count) ? &inv->items[list[0].package] : NULL;
}

static void relate(const inventory *inv, const item *from) {
    stella_sv rest = from->artifact.texts[ARTIFACT_DEPENDENCIES], line;
    while (rest.len && stella_sv_split(&rest, '\n', &line)) {
        const item *to = line.len > 2 ? resolve(inv, from, stella_sv_skip(line, 2)) : NULL;
        if (to && to != from)
            stella_relate(inv->job, from->component, to->component, STELLA_RELATION_DEPENDS_ON,
                          STELLA_RELATION_INFERRED | (line.ptr[0] == 'o' ? STELLA_RELATION_OPTIONAL : 0));
    }
}

stella_status installed_analyze(stella_analysis *job, stella_error *err) {
    const uint32_t room = count_records(job, STELLA_SV(ARTIFACT_KIND));
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create(SCRATCH_BYTES_MAX);
    inventory inv = {.job = job,
                     .scratch = scratch,
                     .items = stella_arena_alloc(job->arena, room, sizeof *inv.items),
                     .names = {.arena = job->arena}};
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = inv.items && scratch ? STELLA_OK : no_memory(err);
    for (stella_records it = stella_records_of(STELLA_SV(ARTIFACT_KIND));
         status == STELLA_OK && inv.count < room && stella_records_next(job, &it, &record);)
        status = add_item(&inv, &record, err);
    providers_sort(&inv.names);
    for (uint32_t i = 0; status == STELLA_OK && i < inv.count; i++) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "cancelled");
        relate(&inv, &inv.items[i]);
    }
    return status;
}
