/* The analyzer of CocoaPods (README.md). */
#include "pod.h"

#include "common/entry.h"
#include "common/walk.h"
#include "common/words.h"
#include "common/yaml/yaml.h"

#define BYTES_MAX (32u << 20)

enum { PODFILE_LOCK, MANIFEST_LOCK };

static const stella_interest interests[] = {
    [PODFILE_LOCK] = {.mode = STELLA_KEEP, .name = "Podfile.lock", .max_bytes = BYTES_MAX},
    [MANIFEST_LOCK] = {.mode = STELLA_KEEP, .parent = "Pods", .name = "Manifest.lock", .max_bytes = BYTES_MAX},
};

/* A lock file and what is known of it. */
typedef struct place {
    const stella_file *file;
    const stella_json *checkouts; /* CHECKOUT OPTIONS: pods from repositories, by name */
    stella_arena *scratch;
    int is_installed;
} place;

static const stella_json *member(const stella_json *object, stella_sv key) {
    for (uint32_t i = 0; stella_json_is(object, STELLA_JSON_OBJECT) && i < object->count; i++)
        if (stella_sv_eq(object->members[i].key, key))
            return &object->members[i].value;
    return NULL;
}

static void qualify(stella_component *c, const place *at, const pod *p) {
    const stella_json *from = member(at->checkouts, p->name);
    const stella_sv git = stella_json_str(stella_json_get(from, ":git"));
    const stella_sv commit = stella_json_str(stella_json_get(from, ":commit"));
    if (word_is_plain(git) && word_is_plain(commit))
        stella_component_qualifier(
            c, STELLA_SV("vcs_url"),
            stella_arena_printf(at->scratch, "git+%.*s@%.*s", STELLA_SV_FMT(git), STELLA_SV_FMT(commit)));
}

static stella_status add_pod(graph *g, const place *at, stella_sv text, uint32_t line, const stella_json *needs,
                             stella_error *err) {
    const pod p = pod_read(text);
    const int is_name = p.name.len && p.name.ptr[0] != '.' && stella_sv_find(p.name, '+') == p.name.len;
    const entry e = {.type = STELLA_SV("cocoapods"),
                     .name =
                         is_name && (p.subspec.len == 0 || entry_is_path(p.subspec)) ? p.name : stella_sv_of(NULL, 0),
                     .version = p.version,
                     .line = line,
                     .flags = at->is_installed ? 0 : STELLA_COMPONENT_DECLARED,
                     .method = at->is_installed ? "metadata" : "lockfile"};
    stella_component *c = entry_add(g->job, at->file, &e);
    if (!c)
        return STELLA_OK;
    stella_component_set(c, STELLA_FIELD_SUBPATH, p.subspec);
    qualify(c, at, &p);
    stella_status status = graph_name(g, at->file->path, p.full, c, err);
    for (uint32_t i = 0; status == STELLA_OK && stella_json_at(needs, i); i++)
        status = graph_needs(g, c, at->file->path, pod_read(stella_json_str(stella_json_at(needs, i))).full, 0, err);
    return status;
}

/* PODS: a list of names, and of mappings from a name to the names it needs. */
static stella_status add_pods(graph *g, const place *at, const stella_json *pods, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < pods->count; i++) {
        const stella_json *item = stella_json_at(pods, i);
        if (!stella_json_is(item, STELLA_JSON_OBJECT))
            status = add_pod(g, at, stella_json_str(item), item->line, NULL, err);
        for (uint32_t k = 0; status == STELLA_OK && stella_json_is(item, STELLA_JSON_OBJECT) && k < item->count; k++)
            status = add_pod(g, at, item->members[k].key, item->line, &item->members[k].value, err);
    }
    return status;
}

static stella_status read_lock(graph *g, const stella_file *file, stella_arena *scratch, int is_installed,
                               stella_error *err) {
    const stella_json *documents;
    const stella_status status = walk_tree(file, yaml_parse, scratch, &documents, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *root = stella_json_at(documents, 0), *pods = stella_json_get(root, "PODS");
    if (!stella_json_is(pods, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no list of pods");
    const place at = {.file = file,
                      .checkouts = stella_json_get(root, "CHECKOUT OPTIONS"),
                      .scratch = scratch,
                      .is_installed = is_installed};
    return add_pods(g, &at, pods, err);
}

/* PODS/Manifest.lock is there, and the lock file below PODS: it came with a pod. */
static int is_within_pod(graph *g, stella_sv path, stella_arena *scratch) {
    while (path.len) {
        stella_file file = STELLA_FILE_INIT;
        (void)entry_pop(&path);
        const stella_sv manifest = stella_arena_printf(scratch, "%.*s/Manifest.lock", STELLA_SV_FMT(path));
        if (stella_sv_ends(path, STELLA_SV("Pods")) && manifest.ptr &&
            stella_view_stat(g->job, manifest, &file, NULL) == STELLA_OK)
            return 1;
    }
    return 0;
}

static stella_status read_declared(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    return is_within_pod(g, file->path, scratch) ? STELLA_OK : read_lock(g, file, scratch, 0, err);
}

static stella_status read_installed(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    return read_lock(g, file, scratch, 1, err);
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = walk_locks(&g, PODFILE_LOCK, read_declared, err);
    if (status == STELLA_OK)
        status = walk_files(&g, MANIFEST_LOCK, read_installed, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.cocoapods", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
