/* The analyzer of Lua rocks (README.md). */
#include "rock_manifest.h"
#include "rockspec.h"

#include "common/entry.h"
#include "common/graph.h"

#include <stella/auto.h>

#define ROCKSPEC_BYTES_MAX (1u << 20)
#define MANIFEST_BYTES_MAX (16u << 20)
#define SCRATCH_BYTES_MAX  (64u << 20)

enum { ROCKSPEC, MANIFEST };

static const stella_interest interests[] = {
    [ROCKSPEC] = {.mode = STELLA_KEEP, .suffix = ".rockspec", .max_bytes = ROCKSPEC_BYTES_MAX},
    [MANIFEST] = {.mode = STELLA_KEEP, .name = "rock_manifest", .max_bytes = MANIFEST_BYTES_MAX},
};

/* Where a rock is installed: TREE/lib/luarocks/rocks-5.1/NAME/VERSION/NAME-VERSION.rockspec. */
typedef struct place {
    stella_sv folder;        /* of the rock */
    stella_sv rocks;         /* the folder of all rocks that see each other */
    stella_sv tree;          /* what "lib/luarocks/..." is below; may be empty */
    stella_sv lua;           /* "5.1"; empty when the folder does not say */
    stella_sv name, version; /* as the folders are called */
} place;

/* Whether the rockspec lies where LuaRocks puts it, not in a source tree. */
static int place_of(stella_sv path, place *out) {
    place p = {.folder = path};
    const stella_sv file = entry_pop(&p.folder);
    p.rocks = p.folder;
    p.version = entry_pop(&p.rocks);
    p.name = entry_pop(&p.rocks);
    p.tree = p.rocks;
    const stella_sv rocks = entry_pop(&p.tree), prefix = STELLA_SV("rocks");
    const stella_sv end = STELLA_SV(".rockspec");
    if (!stella_sv_starts(rocks, prefix) || file.len != p.name.len + 1 + p.version.len + end.len ||
        !stella_sv_starts(file, p.name) || !stella_sv_ends(stella_sv_first(file, file.len - end.len), p.version))
        return 0;
    p.lua = stella_sv_skip(rocks, prefix.len + 1);
    if (stella_sv_eq(entry_pop(&p.tree), STELLA_SV("luarocks")))
        (void)entry_pop(&p.tree); /* "lib" */
    *out = p;
    return 1;
}

/* ---- files ---------------------------------------------------------------------------------------------------------
 */

/* Where a file of the manifest lies: modules are deployed for one version of Lua, the rest stays in the rock's folder.
 * ptr is NULL when the arena is spent. */
static stella_sv deployed(const place *p, stella_sv path, stella_arena *arena) {
    static const struct {
        stella_sv prefix;
        const char *folder;
    } kinds[] = {{STELLA_SV_INIT("lua/"), "share/lua/"}, {STELLA_SV_INIT("lib/"), "lib/lua/"}};
    const char *slash = p->tree.len ? "/" : "";
    for (uint32_t i = 0; i < STELLA_COUNT(kinds); i++)
        if (p->lua.len && stella_sv_starts(path, kinds[i].prefix))
            return stella_arena_printf(arena, "%.*s%s%s%.*s/%.*s", STELLA_SV_FMT(p->tree), slash, kinds[i].folder,
                                       STELLA_SV_FMT(p->lua), STELLA_SV_FMT(stella_sv_skip(path, kinds[i].prefix.len)));
    return stella_arena_printf(arena, "%.*s/%.*s", STELLA_SV_FMT(p->folder), STELLA_SV_FMT(path));
}

/* Reads the manifest and states its files, with texts in the scratch arena. */
static stella_status read_files(stella_component *c, const place *p, stella_sv text, stella_arena *scratch,
                                stella_error *err) {
    rock_manifest reader;
    rock_file found;
    rock_manifest_open(&reader, text, scratch);
    for (;;) {
        const stella_status status = rock_manifest_next(&reader, &found, err);
        if (status != STELLA_OK || !found.path.ptr)
            return status;
        const stella_sv path = deployed(p, found.path, scratch);
        if (!path.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "line %u: too many files", reader.lex.line);
        const stella_owned owned = {
            .struct_size = sizeof owned, .path = path, .digest_alg = STELLA_SV("md5"), .digest = found.md5};
        stella_component_owns(c, &owned);
    }
}

static stella_status add_files(stella_analysis *job, stella_component *c, const place *p, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    stella_file file = STELLA_FILE_INIT;
    stella_error why = {0};
    const stella_status status = entry_scratch(SCRATCH_BYTES_MAX, &scratch, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv path = stella_arena_printf(scratch, "%.*s/rock_manifest", STELLA_SV_FMT(p->folder));
    if (stella_view_stat(job, path, &file, NULL) == STELLA_OK && file.bytes.ptr &&
        read_files(c, p, file.bytes, scratch, &why) != STELLA_OK)
        entry_fault(job, &file, &why);
    return STELLA_OK;
}

/* ---- rocks ---------------------------------------------------------------------------------------------------------
 */

/* "lua-cjson >= 2.1, < 3" */
static stella_sv name_of(stella_sv dependency) {
    size_t len = 0;
    while (len < dependency.len && !memchr(" \t<>=~,", dependency.ptr[len], 7))
        len++;
    return stella_sv_first(dependency, len);
}

static stella_status add_details(graph *g, stella_component *c, const rockspec *spec, stella_sv scope,
                                 stella_error *err) {
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, spec->homepage);
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, spec->summary);
    stella_status status = entry_license(c, spec->license, err);
    if (status == STELLA_OK)
        status = graph_name(g, scope, spec->package, c, err);
    for (uint32_t i = 0; status == STELLA_OK && i < spec->dependency_count; i++)
        status = graph_needs(g, c, scope, name_of(spec->dependencies[i]), 0, err);
    return status;
}

static stella_status add_rock(graph *g, const stella_file *file, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    rockspec spec = {.line = 0};
    place p = {.folder = STELLA_SV("")};
    stella_error why = {0};
    stella_status status = entry_scratch(SCRATCH_BYTES_MAX, &scratch, err);
    if (status != STELLA_OK)
        return status;
    if (rockspec_read(file->bytes, scratch, &spec, &why) != STELLA_OK) {
        entry_fault(g->job, file, &why);
        return STELLA_OK;
    }
    const int is_installed = place_of(file->path, &p);
    if (is_installed) { /* LuaRocks takes both from the file's name too */
        spec.package = spec.package.len ? spec.package : p.name;
        spec.version = p.version;
    }
    const entry e = {.type = STELLA_SV("luarocks"),
                     .name = spec.package,
                     .version = spec.version,
                     .line = spec.line,
                     .flags = is_installed ? 0 : STELLA_COMPONENT_DECLARED,
                     .method = is_installed ? "metadata" : "manifest"};
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    status = add_details(g, c, &spec, is_installed ? p.rocks : file->path, err);
    return status == STELLA_OK && is_installed ? add_files(g->job, c, &p, err) : status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_file file = STELLA_FILE_INIT;
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(ROCKSPEC); status == STELLA_OK && stella_files_next(job, &it, &file);) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = add_rock(&g, &file, err);
    }
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.lua", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
