/* The analyzer of vcpkg's packages (README.md). */
#include "status.h"

#include "common/documents.h"
#include "common/graph.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define TEXT_BYTES_MAX (32u << 20)
#define JSON_BYTES_MAX (4u << 20)

enum { STATUS, UPDATES, LIST, SPDX, MANIFEST };

static const stella_interest interests[] = {
    [STATUS] = {.mode = STELLA_KEEP, .name = "status", .parent = "vcpkg", .max_bytes = TEXT_BYTES_MAX},
    [UPDATES] = {.mode = STELLA_KEEP, .parent = "updates", .below = "vcpkg", .max_bytes = TEXT_BYTES_MAX},
    [LIST] = {.mode = STELLA_KEEP, .suffix = ".list", .parent = "info", .below = "vcpkg", .max_bytes = TEXT_BYTES_MAX},
    [SPDX] = {.mode = STELLA_KEEP, .name = "vcpkg.spdx.json", .max_bytes = JSON_BYTES_MAX},
    [MANIFEST] = {.mode = STELLA_KEEP, .name = "vcpkg.json", .max_bytes = JSON_BYTES_MAX},
};

/* A version may carry its port's revision: "10.1.1#1". */
static stella_component *add(stella_analysis *job, const stella_file *file, entry e, stella_sv port_version) {
    const size_t hash = stella_sv_find(e.version, '#');
    if (hash < e.version.len)
        port_version = stella_sv_skip(e.version, hash + 1);
    e.type = STELLA_SV("vcpkg");
    e.version = stella_sv_first(e.version, hash);
    stella_component *c = entry_add(job, file, &e);
    if (c && !stella_sv_eq(port_version, STELLA_SV("0")))
        entry_qualifier(c, "port_version", port_version);
    return c;
}

/* ---- the database: status, then updates, of which the last paragraph about a package holds --------------------------
 */

typedef struct known {
    status_paragraph paragraph;
    stella_file file;
    stella_sv tree; /* that the packages are installed in; the database lies in its folder "vcpkg" */
} known;

typedef struct database {
    stella_analysis *job;
    known *items;
    uint32_t count, room;
    providers names; /* tree, name, triplet and feature; .package is the position in items */
} database;

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the packages of vcpkg");
}

static stella_sv key_of(stella_arena *arena, const known *k) {
    const status_paragraph *p = &k->paragraph;
    return stella_arena_printf(arena, "%.*s\n%.*s\n%.*s\n%.*s", STELLA_SV_FMT(k->tree), STELLA_SV_FMT(p->package),
                               STELLA_SV_FMT(p->triplet), STELLA_SV_FMT(p->feature));
}

static stella_status remember(database *db, const known *k, stella_error *err) {
    if (db->count == db->room) {
        const uint32_t room = db->room ? 2 * db->room : 64;
        known *bigger = room > db->room ? stella_arena_alloc(db->job->arena, room, sizeof *bigger) : NULL;
        if (!bigger)
            return no_memory(err);
        if (db->count)
            memcpy(bigger, db->items, db->count * sizeof *bigger);
        db->items = bigger;
        db->room = room;
    }
    const stella_sv key = key_of(db->job->arena, k);
    if (!key.ptr)
        return no_memory(err);
    db->items[db->count] = *k;
    return providers_add(&db->names, (provider){.name = key, .package = db->count++, .is_own = 1}, err);
}

/* depth: how many folders the file lies below the tree */
static stella_status load(database *db, uint32_t interest, uint32_t depth, stella_error *err) {
    known k = {.file = STELLA_FILE_INIT};
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(interest);
         status == STELLA_OK && stella_files_next(db->job, &it, &k.file);) {
        k.tree = k.file.path;
        for (uint32_t i = 1; i < depth; i++)
            (void)entry_pop(&k.tree);
        if (!stella_sv_eq(entry_pop(&k.tree), STELLA_SV("vcpkg")))
            continue;
        status_reader reader = {.rest = k.file.bytes};
        while (status == STELLA_OK && status_next(&reader, &k.paragraph))
            status = remember(db, &k, err);
    }
    return status;
}

/* Whether it is the last word on its package, and says that it is there. */
static int stands(const database *db, uint32_t i, stella_arena *scratch) {
    uint32_t count;
    const stella_sv key = key_of(scratch, &db->items[i]);
    const provider *all = key.ptr ? providers_find(&db->names, key, &count) : NULL;
    return all && all[count - 1].package == i && stella_sv_ends(db->items[i].paragraph.status, STELLA_SV(" installed"));
}

/* "fmt, zlib:x64-linux, vcpkg-cmake[core] (linux)" */
static stella_status add_needs(graph *g, stella_component *c, const known *k, stella_error *err) {
    stella_sv list = k->paragraph.depends, item;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && stella_sv_split(&list, ',', &item)) {
        size_t len = 0;
        item = stella_sv_trim(item);
        while (len < item.len && !memchr(":[( ", item.ptr[len], 4))
            len++;
        if (len)
            status = graph_needs(g, c, k->tree, stella_sv_first(item, len), 0, err);
    }
    return status;
}

/* info/NAME_VERSION_TRIPLET.list: paths below the tree, those of folders end in a slash. */
static stella_status add_files(stella_analysis *job, stella_component *c, const known *k, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf path = stella_buf_of(1u << 20);
    const status_paragraph *p = &k->paragraph;
    const char *slash = k->tree.len ? "/" : "";
    stella_file file = STELLA_FILE_INIT;
    stella_sv line;
    if (stella_buf_printf(&path, "%.*s%svcpkg/info/%.*s_%.*s_%.*s.list", STELLA_SV_FMT(k->tree), slash,
                          STELLA_SV_FMT(p->package), STELLA_SV_FMT(p->version), STELLA_SV_FMT(p->triplet)) != STELLA_OK)
        return no_memory(err);
    if (stella_view_stat(job, stella_buf_sv(&path), &file, NULL) != STELLA_OK || !file.bytes.ptr)
        return STELLA_OK;
    while (stella_sv_split(&file.bytes, '\n', &line)) {
        line = stella_sv_trim(line);
        if (line.len == 0 || line.len > 4096 || stella_sv_ends(line, STELLA_SV("/")))
            continue;
        path.len = 0;
        if (stella_buf_printf(&path, "%.*s%s%.*s", STELLA_SV_FMT(k->tree), slash, STELLA_SV_FMT(line)) != STELLA_OK)
            return no_memory(err);
        const stella_owned owned = {.struct_size = sizeof owned, .path = stella_buf_sv(&path)};
        stella_component_owns(c, &owned);
    }
    return STELLA_OK;
}

/* A feature is part of its package and no component of its own. */
static stella_status add_installed(graph *g, const known *k, stella_error *err) {
    const status_paragraph *p = &k->paragraph;
    const entry e = {.name = p->package, .version = p->version, .line = p->line, .method = "package-database"};
    stella_component *c = p->feature.len ? NULL : add(g->job, &k->file, e, p->port_version);
    if (!c)
        return STELLA_OK;
    entry_qualifier(c, "triplet", p->triplet);
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, p->description);
    stella_status status = graph_name(g, k->tree, p->package, c, err);
    if (status == STELLA_OK)
        status = add_needs(g, c, k, err);
    return status == STELLA_OK ? add_files(g->job, c, k, err) : status;
}

static stella_status add_database(graph *g, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    database db = {.job = g->job, .names = {.arena = g->job->arena}};
    stella_status status = entry_scratch(1u << 20, &scratch, err);
    if (status == STELLA_OK)
        status = load(&db, STATUS, 2, err);
    if (status == STELLA_OK)
        status = load(&db, UPDATES, 3, err);
    providers_sort(&db.names);
    for (uint32_t i = 0; status == STELLA_OK && i < db.count; i++) {
        if (stands(&db, i, scratch))
            status = add_installed(g, &db.items[i], err);
        stella_arena_reset(scratch);
    }
    return status;
}

/* ---- share/PORT/vcpkg.spdx.json: what a port says of itself, also where the database was left behind ----------------
 */

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static stella_status take_spdx(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    const stella_json *packages = stella_json_get(root, "packages"), *item, *port = NULL;
    stella_sv triplet = STELLA_SV("");
    for (uint32_t i = 0; (item = stella_json_at(packages, i)); i++) {
        const stella_sv id = text_of(item, "SPDXID"), name = text_of(item, "name");
        if (stella_sv_eq(id, STELLA_SV("SPDXRef-port")))
            port = item;
        else if (stella_sv_eq(id, STELLA_SV("SPDXRef-binary"))) /* "fmt:x64-linux" */
            triplet = stella_sv_skip(name, stella_sv_find(name, ':') + 1);
    }
    if (!port)
        return STELLA_OK;
    const entry e = {.name = text_of(port, "name"),
                     .version = text_of(port, "versionInfo"),
                     .line = port->line,
                     .method = "metadata"};
    stella_component *c = add(self, file, e, STELLA_SV(""));
    const stella_sv license = text_of(port, "licenseConcluded");
    if (!c)
        return STELLA_OK;
    entry_qualifier(c, "triplet", triplet);
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, text_of(port, "homepage"));
    return stella_sv_eq(license, STELLA_SV("NOASSERTION")) ? STELLA_OK : entry_license(c, license, err);
}

/* vcpkg.json: only an override names one version. */
static stella_status take_manifest(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    static const char *const versions[] = {"version", "version-semver", "version-string", "version-date"};
    const stella_json *list = stella_json_get(root, "overrides"), *item;
    (void)err;
    for (uint32_t i = 0; (item = stella_json_at(list, i)); i++) {
        entry e = {.name = text_of(item, "name"),
                   .line = item->line,
                   .flags = STELLA_COMPONENT_DECLARED,
                   .method = "manifest"};
        for (uint32_t k = 0; k < STELLA_COUNT(versions) && e.version.len == 0; k++)
            e.version = text_of(item, versions[k]);
        const stella_json *port_version = stella_json_get(item, "port-version");
        if (e.version.len)
            (void)add(self, file, e, port_version ? port_version->text : STELLA_SV(""));
    }
    return STELLA_OK;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = add_database(&g, err);
    if (status == STELLA_OK)
        status = documents_read(job, SPDX, stella_json_parse, take_spdx, job, err);
    if (status == STELLA_OK)
        status = documents_read_locks(job, MANIFEST, stella_json_parse, take_manifest, job, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.vcpkg", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
