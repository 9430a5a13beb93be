/* The analyzer of deployed applications and runtimes of Flatpak (README.md). */
#include "deployment.h"

#include "common/entry.h"
#include "common/graph.h"
#include "common/keyfile.h"

#include <stella/auto.h>

#define METADATA_BYTES_MAX  (1u << 20)
#define APPSTREAM_BYTES_MAX (8u << 20)
#define TREE_BYTES_MAX      (64u << 20)

enum { METADATA, METAINFO, APPDATA };

static const stella_interest interests[] = {
    [METADATA] = {.mode = STELLA_KEEP, .name = "metadata", .below = "flatpak", .max_bytes = METADATA_BYTES_MAX},
    [METAINFO] = {.mode = STELLA_KEEP, .suffix = ".metainfo.xml", .below = "flatpak", .max_bytes = APPSTREAM_BYTES_MAX},
    [APPDATA] = {.mode = STELLA_KEEP, .suffix = ".appdata.xml", .below = "flatpak", .max_bytes = APPSTREAM_BYTES_MAX},
};

/* The AppStream file that was found for a deployment. */
typedef struct described {
    stella_file file;
    appstream says; /* in the job's arena */
} described;

/* By "FOLDER ID" of the deployment. */
typedef struct descriptions {
    stella_analysis *job;
    providers places;
    described *items; /* by provider.package */
    uint32_t count, room;
} descriptions;

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for deployments");
}

static stella_status cancelled(stella_error *err) {
    return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
}

static uint32_t count_files(stella_analysis *job, uint32_t interest) {
    stella_file file = STELLA_FILE_INIT;
    uint32_t count = 0;
    for (stella_files it = stella_files_of(interest); stella_files_next(job, &it, &file);)
        count++;
    return count;
}

/* ---- AppStream */

/* The texts of the tree go with it: they are kept. */
static int keep_texts(const appstream *from, stella_arena *arena, appstream *out) {
    const stella_sv texts[] = {from->id, from->version, from->license, from->summary, from->homepage, from->developer};
    stella_sv *const kept[] = {&out->id, &out->version, &out->license, &out->summary, &out->homepage, &out->developer};
    out->line = from->line;
    for (uint32_t i = 0; i < STELLA_COUNT(texts); i++) {
        *kept[i] = stella_arena_dup(arena, texts[i]);
        if (texts[i].len && !kept[i]->ptr)
            return 0;
    }
    return 1;
}

static stella_status keep_description(descriptions *d, const stella_file *file, const deployment *at,
                                      const appstream *says, stella_error *err) {
    described *item = &d->items[d->count];
    stella_arena *arena = d->job->arena;
    const stella_sv key = stella_arena_printf(arena, "%.*s %.*s", STELLA_SV_FMT(at->folder), STELLA_SV_FMT(says->id));
    item->file = *file;
    if (!key.ptr || !keep_texts(says, arena, &item->says))
        return no_memory(err);
    return providers_add(&d->places, (provider){.name = key, .package = d->count++}, err);
}

static stella_status read_description(descriptions *d, const stella_file *file, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    const xml_node *root = NULL;
    stella_error why = {0};
    deployment at;
    appstream says;
    if (!file->bytes.ptr || !deployment_of(file->path, &at))
        return STELLA_OK;
    const stella_status status = entry_scratch(TREE_BYTES_MAX, &scratch, err);
    if (status != STELLA_OK)
        return status;
    if (xml_parse(file->bytes, scratch, &root, &why) != STELLA_OK) {
        entry_fault(d->job, file, &why);
        return STELLA_OK;
    }
    /* of the application alone, not of what it brings along */
    if (d->count == d->room || !appstream_read(root, &says) || !stella_sv_eq(says.id, at.id))
        return STELLA_OK;
    return keep_description(d, file, &at, &says, err);
}

static stella_status read_descriptions(descriptions *d, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t interest = METAINFO; interest <= APPDATA; interest++) {
        stella_file file = STELLA_FILE_INIT;
        for (stella_files it = stella_files_of(interest);
             status == STELLA_OK && stella_files_next(d->job, &it, &file);) {
            if (stella_cancelled(d->job))
                return cancelled(err);
            status = read_description(d, &file, err);
        }
    }
    providers_sort(&d->places);
    return status;
}

static stella_status description_of(const descriptions *d, const deployment *at, const described **out,
                                    stella_error *err) {
    uint32_t count;
    const stella_sv key =
        stella_arena_printf(d->job->arena, "%.*s %.*s", STELLA_SV_FMT(at->folder), STELLA_SV_FMT(at->id));
    if (!key.ptr)
        return no_memory(err);
    const provider *found = providers_find(&d->places, key, &count);
    *out = count ? &d->items[found->package] : NULL;
    return STELLA_OK;
}

/* ---- deployments */

static void property(stella_component *c, const char *name, stella_sv value) {
    if (value.len)
        stella_component_property(c, stella_sv_cstr(name), value);
}

static stella_status add_description(stella_component *c, const described *from, stella_error *err) {
    stella_component_evidence(c, &from->file, from->says.line, STELLA_SV("metadata"));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, from->says.summary);
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, from->says.homepage);
    stella_component_set(c, STELLA_FIELD_VENDOR, from->says.developer);
    return entry_license(c, from->says.license, err);
}

/* Runtimes of one id stand beside each other by architecture and branch. */
static stella_sv scope_of(stella_sv architecture, stella_sv branch, stella_arena *arena) {
    return stella_arena_printf(arena, "%.*s/%.*s", STELLA_SV_FMT(architecture), STELLA_SV_FMT(branch));
}

static stella_status add_relations(graph *g, stella_component *c, const deployment *at, stella_sv metadata,
                                   stella_error *err) {
    const int is_app = stella_sv_eq(at->kind, STELLA_SV("app"));
    const stella_sv own = scope_of(at->architecture, at->branch, g->job->arena);
    const stella_sv wanted = keyfile_get(metadata, is_app ? "Application" : "Runtime", "runtime");
    stella_sv id, architecture, branch;
    if (!own.ptr)
        return no_memory(err);
    const stella_status status = graph_name(g, own, at->id, c, err);
    if (status != STELLA_OK || !deployment_parse_ref(wanted, &id, &architecture, &branch) || stella_sv_eq(id, at->id))
        return status;
    const stella_sv scope = scope_of(architecture, branch, g->job->arena);
    return scope.ptr ? graph_needs(g, c, scope, id, 0, err) : no_memory(err);
}

static stella_status add(graph *g, const descriptions *d, const stella_file *file, const deployment *at,
                         stella_error *err) {
    const int is_app = stella_sv_eq(at->kind, STELLA_SV("app"));
    const described *from = NULL;
    stella_status status = description_of(d, at, &from, err);
    if (status != STELLA_OK)
        return status;
    stella_sv version = from ? from->says.version : (stella_sv){0};
    if (version.len == 0 && !is_app && at->branch.ptr[0] >= '0' && at->branch.ptr[0] <= '9')
        version = at->branch; /* which names the release of a runtime: "23.08" */
    const entry e = {.type = STELLA_SV("generic"),
                     .namespace_ = STELLA_SV("flatpak"),
                     .name = at->id,
                     .version = version,
                     .method = "metadata"};
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    stella_component_set(c, STELLA_FIELD_KIND, is_app ? STELLA_SV("application") : STELLA_SV("platform"));
    stella_component_set(c, STELLA_FIELD_ARCHITECTURE, at->architecture);
    property(c, "flatpak:branch", at->branch);
    property(c, "flatpak:commit", at->commit);
    property(c, "flatpak:runtime", keyfile_get(file->bytes, is_app ? "Application" : "Runtime", "runtime"));
    property(c, "flatpak:extension-of", keyfile_get(file->bytes, "ExtensionOf", "ref"));
    status = from ? add_description(c, from, err) : STELLA_OK;
    return status == STELLA_OK ? add_relations(g, c, at, file->bytes, err) : status;
}

/* The metadata of the deployment itself names it; a folder alone proves nothing. */
static int is_own_metadata(const stella_file *file, const deployment *at) {
    const char *const group = stella_sv_eq(at->kind, STELLA_SV("app")) ? "Application" : "Runtime";
    return file->bytes.ptr && stella_sv_eq(at->rest, STELLA_SV("metadata")) &&
           stella_sv_eq(keyfile_get(file->bytes, group, "name"), at->id);
}

static stella_status add_all(graph *g, const descriptions *d, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(METADATA); status == STELLA_OK && stella_files_next(g->job, &it, &file);) {
        deployment at;
        if (stella_cancelled(g->job))
            return cancelled(err);
        if (!deployment_of(file.path, &at) || !stella_sv_eq(at.rest, STELLA_SV("metadata")))
            continue;
        if (is_own_metadata(&file, &at))
            status = add(g, d, &file, &at, err);
        else
            stella_note(g->job, STELLA_NOTE_ERROR, file.path, 0, STELLA_SV("the metadata does not name its folder"));
    }
    return status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    descriptions d = {
        .job = job, .places = {.arena = job->arena}, .room = count_files(job, METAINFO) + count_files(job, APPDATA)};
    d.items = stella_arena_alloc(job->arena, d.room, sizeof *d.items);
    if (!d.items)
        return no_memory(err);
    stella_status status = read_descriptions(&d, err);
    if (status == STELLA_OK)
        status = add_all(&g, &d, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.flatpak", "0.1.0", STELLA_PHASE_BINARIES, interests, .analyze = analyze);
