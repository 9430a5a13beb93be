/* The analyzer of Conan's lock files, manifests and cache (README.md). */
#include "reference.h"

#include "common/documents.h"
#include "common/graph.h"
#include "common/inside.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define LOCK_BYTES_MAX (32u << 20)
#define TEXT_BYTES_MAX (4u << 20)

enum { LOCK, REQUIRES, INFO, MANIFEST };

static const stella_interest interests[] = {
    [LOCK] = {.mode = STELLA_KEEP, .name = "conan.lock", .max_bytes = LOCK_BYTES_MAX},
    [REQUIRES] = {.mode = STELLA_KEEP, .name = "conanfile.txt", .max_bytes = TEXT_BYTES_MAX},
    [INFO] = {.mode = STELLA_KEEP, .name = "conaninfo.txt", .max_bytes = TEXT_BYTES_MAX},
    [MANIFEST] = {.mode = STELLA_KEEP, .name = "conanmanifest.txt", .max_bytes = LOCK_BYTES_MAX},
};

static stella_component *add(stella_analysis *job, const stella_file *file, const conan_reference *found, uint32_t line,
                             uint32_t flags, const char *method) {
    const entry e = {.type = STELLA_SV("conan"),
                     .name = found->name,
                     .version = found->version,
                     .line = line,
                     .flags = flags,
                     .method = method};
    stella_component *c = entry_add(job, file, &e);
    if (!c)
        return NULL;
    entry_qualifier(c, "user", found->user);
    entry_qualifier(c, "channel", found->channel);
    if (found->revision.len)
        stella_component_property(c, STELLA_SV("conan:recipe-revision"), found->revision);
    return c;
}

/* ---- conan.lock ----------------------------------------------------------------------------------------------------
 */

static stella_status need_all(graph *g, stella_component *c, stella_sv scope, const stella_json *ids, uint32_t flags,
                              stella_error *err) {
    const stella_json *id;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && (id = stella_json_at(ids, i)); i++)
        status = graph_needs(g, c, scope, stella_json_str(id), flags, err);
    return status;
}

/* Conan 1: a graph of numbered nodes, of which one is the consumer itself. */
static stella_status take_nodes(graph *g, const stella_file *file, const stella_json *nodes, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < nodes->count; i++) {
        const stella_json *node = &nodes->members[i].value, *ref = stella_json_get(node, "ref");
        const int is_build = stella_sv_eq(stella_json_str(stella_json_get(node, "context")), STELLA_SV("build"));
        conan_reference found;
        if (!conan_reference_parse(stella_json_str(ref), &found))
            continue;
        stella_component *c = add(g->job, file, &found, ref->line,
                                  STELLA_COMPONENT_DECLARED | (is_build ? STELLA_COMPONENT_DEV : 0), "lockfile");
        if (!c)
            continue;
        status = graph_name(g, file->path, nodes->members[i].key, c, err);
        if (status == STELLA_OK)
            status = need_all(g, c, file->path, stella_json_get(node, "requires"), 0, err);
        if (status == STELLA_OK)
            status = need_all(g, c, file->path, stella_json_get(node, "build_requires"), STELLA_RELATION_DEV, err);
    }
    return status;
}

/* Conan 2: lists of references. */
static void take_list(stella_analysis *job, const stella_file *file, const stella_json *list, uint32_t flags) {
    const stella_json *item;
    conan_reference found;
    for (uint32_t i = 0; (item = stella_json_at(list, i)); i++)
        if (conan_reference_parse(stella_json_str(item), &found))
            (void)add(job, file, &found, item->line, STELLA_COMPONENT_DECLARED | flags, "lockfile");
}

static stella_status take_lock(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    graph *g = self;
    const stella_json *nodes = stella_json_get(stella_json_get(root, "graph_lock"), "nodes");
    take_list(g->job, file, stella_json_get(root, "requires"), 0);
    take_list(g->job, file, stella_json_get(root, "build_requires"), STELLA_COMPONENT_DEV);
    take_list(g->job, file, stella_json_get(root, "python_requires"), STELLA_COMPONENT_DEV);
    return stella_json_is(nodes, STELLA_JSON_OBJECT) ? take_nodes(g, file, nodes, err) : STELLA_OK;
}

/* ---- conanfile.txt -------------------------------------------------------------------------------------------------
 */

static void take_requires(stella_analysis *job, const stella_file *file) {
    stella_sv line;
    conan_reference found;
    for (conan_lines it = conan_lines_of(file->bytes); conan_lines_next(&it, &line);) {
        const int is_build = stella_sv_eq(it.section, STELLA_SV("build_requires")) ||
                             stella_sv_eq(it.section, STELLA_SV("tool_requires")) ||
                             stella_sv_eq(it.section, STELLA_SV("test_requires"));
        line = stella_sv_first(line, stella_sv_find(line, ' ')); /* a comment behind it */
        if ((is_build || stella_sv_eq(it.section, STELLA_SV("requires"))) && conan_reference_parse(line, &found))
            (void)add(job, file, &found, it.number, STELLA_COMPONENT_DECLARED | (is_build ? STELLA_COMPONENT_DEV : 0),
                      "manifest");
    }
}

/* ---- the cache of Conan 1: data/NAME/VERSION/USER/CHANNEL/package/ID ------------------------------------------------
 */

/* The reference that the path of conaninfo.txt spells.
 * folder  of the package;  data  of all packages */
static int reference_of(stella_sv path, conan_reference *out, stella_sv *folder, stella_sv *data) {
    conan_reference found = {.name = STELLA_SV("")};
    (void)entry_pop(&path);
    *folder = path;
    (void)entry_pop(&path); /* the id */
    if (!stella_sv_eq(entry_pop(&path), STELLA_SV("package")))
        return 0;
    found.channel = entry_pop(&path);
    found.user = entry_pop(&path);
    found.version = entry_pop(&path);
    found.name = entry_pop(&path);
    *data = path;
    if (stella_sv_eq(found.user, STELLA_SV("_"))) /* published without */
        found.user = found.channel = STELLA_SV("");
    *out = found;
    return found.name.len != 0;
}

/* "include/zlib.h: 1f66e5b2d0d2ab6dbbc0fa8ce4c31e0b", behind a line with the time. */
static stella_status take_files(stella_analysis *job, stella_component *c, stella_sv folder, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf path = stella_buf_of(1u << 20);
    stella_file file = STELLA_FILE_INIT;
    stella_sv line;
    if (stella_buf_printf(&path, "%.*s/conanmanifest.txt", STELLA_SV_FMT(folder)) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path");
    if (stella_view_stat(job, stella_buf_sv(&path), &file, NULL) != STELLA_OK || !file.bytes.ptr)
        return STELLA_OK;
    for (conan_lines it = conan_lines_of(file.bytes); conan_lines_next(&it, &line);) {
        const size_t colon = stella_sv_rfind(line, ':');
        const stella_sv md5 = stella_sv_trim(stella_sv_skip(line, colon + 1));
        if (colon == line.len || md5.len != 32 || line.len > 4096)
            continue;
        path.len = folder.len + 1;
        (void)stella_buf_add(&path, stella_sv_first(line, colon));
        const stella_owned owned = {
            .struct_size = sizeof owned, .path = stella_buf_sv(&path), .digest_alg = STELLA_SV("md5"), .digest = md5};
        stella_component_owns(c, &owned);
    }
    return STELLA_OK;
}

static stella_status take_info(graph *g, const stella_file *file, stella_error *err) {
    conan_reference found, other;
    stella_sv folder, data, line;
    if (!reference_of(file->path, &found, &folder, &data))
        return STELLA_OK; /* that of Conan 2 does not say whose it is */
    stella_component *c = add(g->job, file, &found, 0, 0, "metadata");
    if (!c)
        return STELLA_OK;
    stella_status status = graph_name(g, data, found.name, c, err);
    for (conan_lines it = conan_lines_of(file->bytes); status == STELLA_OK && conan_lines_next(&it, &line);)
        if (stella_sv_eq(it.section, STELLA_SV("full_requires")) && conan_reference_parse(line, &other))
            status = graph_needs(g, c, data, other.name, 0, err);
    return status == STELLA_OK ? take_files(g->job, c, folder, err) : status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_file file = STELLA_FILE_INIT;
    stella_status status = documents_read_locks(job, LOCK, stella_json_parse, take_lock, &g, err);
    for (stella_files it = stella_files_of(REQUIRES); status == STELLA_OK && inside_skip_next(job, &it, &file);)
        take_requires(job, &file);
    for (stella_files it = stella_files_of(INFO); status == STELLA_OK && stella_files_next(job, &it, &file);)
        status = take_info(&g, &file, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.conan", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
