#include "lock.h"

#include "common/entry.h"
#include "common/toml/toml.h"

#include <stdio.h>

typedef struct lock {
    graph *g;
    const stella_file *file;
    stella_arena *scratch;
    stella_sv scope; /* names are those of one lock file */
    uint32_t packages, needs;
} lock;

static stella_status too_many(stella_error *err) {
    return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d crates", LOCK_PACKAGES_MAX);
}

static void note_needs_left_out(const lock *l, uint32_t line) {
    char text[80];
    snprintf(text, sizeof text, "more than %d dependencies: from this crate on they are left out", LOCK_NEEDS_MAX);
    stella_note(l->g->job, STELLA_NOTE_ERROR, l->file->path, line, stella_sv_cstr(text));
}

/* "name", "name version" and, before version 2, "name version (source)". Beyond the limit crates stand without what
 * they need. */
static stella_status add_needs(lock *l, const stella_json *package, stella_component *c, stella_error *err) {
    const stella_json *needs = stella_json_get(package, "dependencies"), *need;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && (need = stella_json_at(needs, i)); i++) {
        const stella_sv text = stella_json_str(need);
        const size_t source = stella_sv_find(text, '(');
        if (l->needs > LOCK_NEEDS_MAX)
            return STELLA_OK;
        if (l->needs++ == LOCK_NEEDS_MAX) {
            note_needs_left_out(l, package->line);
            return STELLA_OK;
        }
        status = graph_needs(l->g, c, l->scope, stella_sv_trim(stella_sv_first(text, source)), 0, err);
    }
    return status;
}

/* The crate answers to its name, and to name and version, by which others name it where there are several. */
static stella_status add_package(lock *l, const stella_json *package, stella_error *err) {
    const stella_sv name = stella_json_str(stella_json_get(package, "name"));
    const stella_sv version = stella_json_str(stella_json_get(package, "version"));
    const stella_sv source = stella_json_str(stella_json_get(package, "source"));
    const stella_sv checksum = stella_json_str(stella_json_get(package, "checksum"));
    const entry e = {.type = STELLA_SV("cargo"),
                     .name = name,
                     .version = version,
                     .line = package->line,
                     .flags = STELLA_COMPONENT_DECLARED,
                     .method = "lockfile"};
    if (l->packages++ == LOCK_PACKAGES_MAX)
        return too_many(err);
    if (version.len == 0) {
        stella_note(l->g->job, STELLA_NOTE_ERROR, l->file->path, package->line,
                    STELLA_SV("a crate without a version is skipped"));
        return STELLA_OK;
    }
    stella_component *c = entry_add(l->g->job, l->file, &e);
    if (!c)
        return STELLA_OK;
    if (source.len)
        stella_component_property(c, STELLA_SV("cargo:source"), source);
    if (checksum.len)
        stella_component_property(c, STELLA_SV("cargo:checksum"), checksum);
    const stella_sv exact = stella_arena_printf(l->scratch, "%.*s %.*s", STELLA_SV_FMT(name), STELLA_SV_FMT(version));
    if (!exact.ptr)
        return too_many(err);
    stella_status status = graph_name(l->g, l->scope, name, c, err);
    if (status == STELLA_OK)
        status = graph_name(l->g, l->scope, exact, c, err);
    return status == STELLA_OK ? add_needs(l, package, c, err) : status;
}

stella_status lock_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *document, *package;
    stella_status status = toml_parse(file->bytes, scratch, &document, err);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the lock file has more values than can be read");
    if (status != STELLA_OK)
        return status;
    lock l = {
        .g = g, .file = file, .scratch = scratch, .scope = stella_arena_printf(scratch, "%u", g->component_count)};
    if (!l.scope.ptr)
        return too_many(err);
    const stella_json *root = stella_json_get(document, "root"); /* the oldest files have it apart */
    if (root)
        status = add_package(&l, root, err);
    const stella_json *packages = stella_json_get(document, "package");
    for (uint32_t i = 0; status == STELLA_OK && (package = stella_json_at(packages, i)); i++)
        status = add_package(&l, package, err);
    return status;
}
