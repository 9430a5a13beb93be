/* The analyzer of Julia's manifests and depots (README.md). */
#include "common/documents.h"
#include "common/graph.h"
#include "common/toml/toml.h"

#define MANIFEST_BYTES_MAX (16u << 20)
#define PROJECT_BYTES_MAX  (1u << 20)

enum { MANIFEST, JULIA_MANIFEST, PROJECT };

static const stella_interest interests[] = {
    [MANIFEST] = {.mode = STELLA_KEEP, .name = "Manifest.toml", .max_bytes = MANIFEST_BYTES_MAX},
    [JULIA_MANIFEST] = {.mode = STELLA_KEEP, .name = "JuliaManifest.toml", .max_bytes = MANIFEST_BYTES_MAX},
    [PROJECT] = {.mode = STELLA_KEEP, .name = "Project.toml", .below = "packages", .max_bytes = PROJECT_BYTES_MAX},
};

static stella_component *add(stella_analysis *job, const stella_file *file, const entry *e, stella_sv uuid) {
    stella_component *c = entry_is_name(uuid) ? entry_add(job, file, e) : NULL;
    if (!entry_is_name(uuid))
        stella_note(job, STELLA_NOTE_ERROR, file->path, e->line, STELLA_SV("a package without a uuid is skipped"));
    if (c)
        entry_qualifier(c, "uuid", uuid);
    return c;
}

/* ---- manifests -----------------------------------------------------------------------------------------------------
 */

/* deps = ["A", "B"], or a table of names and uuids where a name alone would be ambiguous. Names are unique enough within
 * a manifest. */
static stella_status take_dependencies(graph *g, stella_component *c, stella_sv scope, const stella_json *deps,
                                       stella_error *err) {
    stella_status status = STELLA_OK;
    const int is_table = stella_json_is(deps, STELLA_JSON_OBJECT);
    for (uint32_t i = 0; deps && i < deps->count && status == STELLA_OK; i++)
        status = graph_needs(g, c, scope, is_table ? deps->members[i].key : stella_json_str(stella_json_at(deps, i)), 0,
                             err);
    return status;
}

/* Packages of the standard library have no version: they are Julia's own. */
static stella_status take_package(graph *g, const stella_file *file, stella_sv name, const stella_json *package,
                                  stella_error *err) {
    const stella_sv version = stella_json_str(stella_json_get(package, "version"));
    if (version.len == 0)
        return STELLA_OK;
    const entry e = {.type = STELLA_SV("julia"),
                     .name = name,
                     .version = version,
                     .line = package->line,
                     .flags = STELLA_COMPONENT_DECLARED,
                     .method = "lockfile"};
    stella_component *c = add(g->job, file, &e, stella_json_str(stella_json_get(package, "uuid")));
    if (!c)
        return STELLA_OK;
    const stella_sv tree = stella_json_str(stella_json_get(package, "git-tree-sha1"));
    if (tree.len)
        stella_component_property(c, STELLA_SV("julia:git-tree-sha1"), tree);
    const stella_status status = graph_name(g, file->path, name, c, err);
    return status == STELLA_OK ? take_dependencies(g, c, file->path, stella_json_get(package, "deps"), err) : status;
}

/* Format 1 has the packages at the top, format 2 below "deps". Each name is an array of tables. */
static stella_status take_manifest(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    const stella_json *packages = stella_json_get(root, "manifest_format") ? stella_json_get(root, "deps") : root;
    stella_status status = STELLA_OK;
    if (!stella_json_is(packages, STELLA_JSON_OBJECT))
        return STELLA_OK;
    for (uint32_t i = 0; i < packages->count && status == STELLA_OK; i++) {
        const stella_json_member *named = &packages->members[i];
        const stella_json *package;
        for (uint32_t k = 0; status == STELLA_OK && (package = stella_json_at(&named->value, k)); k++)
            status = take_package(self, file, named->key, package, err);
    }
    return status;
}

/* ---- depots: packages/NAME/SLUG/Project.toml -----------------------------------------------------------------------
 */

static int is_in_depot(stella_sv path, stella_sv name) {
    (void)entry_pop(&path);
    (void)entry_pop(&path); /* of the version's tree */
    return stella_sv_eq(entry_pop(&path), name) && stella_sv_eq(entry_pop(&path), STELLA_SV("packages"));
}

static stella_status take_project(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    graph *g = self;
    const stella_json *name = stella_json_get(root, "name"), *deps = stella_json_get(root, "deps");
    const stella_sv uuid = stella_json_str(stella_json_get(root, "uuid"));
    if (!is_in_depot(file->path, stella_json_str(name)))
        return STELLA_OK; /* tests and documentation of a package, or not Julia's */
    const entry e = {.type = STELLA_SV("julia"),
                     .name = stella_json_str(name),
                     .version = stella_json_str(stella_json_get(root, "version")),
                     .line = name->line,
                     .method = "metadata"};
    stella_component *c = add(g->job, file, &e, uuid);
    stella_status status = c ? graph_name(g, STELLA_SV(""), uuid, c, err) : STELLA_OK;
    const uint32_t count = c && stella_json_is(deps, STELLA_JSON_OBJECT) ? deps->count : 0;
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++)
        status = graph_needs(g, c, STELLA_SV(""), stella_json_str(&deps->members[i].value), 0, err);
    return status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = documents_read_locks(job, MANIFEST, toml_parse, take_manifest, &g, err);
    if (status == STELLA_OK)
        status = documents_read_locks(job, JULIA_MANIFEST, toml_parse, take_manifest, &g, err);
    if (status == STELLA_OK)
        status = documents_read(job, PROJECT, toml_parse, take_project, &g, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.julia", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
