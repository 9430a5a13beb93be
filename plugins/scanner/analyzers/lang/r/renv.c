#include "renv.h"

#include "description.h"
#include "remote.h"

#include "common/entry.h"

static stella_sv text_of(const stella_json *package, const char *key) {
    return stella_json_str(stella_json_get(package, key));
}

static int is_within_package(graph *g, stella_sv path, stella_arena *scratch) {
    while (path.len) {
        stella_file file = STELLA_FILE_INIT;
        (void)entry_pop(&path);
        const stella_sv name = stella_arena_printf(scratch, "%.*s/DESCRIPTION", STELLA_SV_FMT(path));
        if (path.len && name.ptr && stella_view_stat(g->job, name, &file, NULL) == STELLA_OK && file.bytes.ptr &&
            description_read(file.bytes).built.len)
            return 1;
    }
    return 0;
}

static stella_status add_needs(graph *g, stella_component *c, const stella_file *file, const stella_json *names,
                               stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && stella_json_at(names, i); i++) {
        stella_sv list = stella_json_str(stella_json_at(names, i)), name;
        while (status == STELLA_OK && description_next(&list, &name))
            status = graph_needs(g, c, file->path, name, 0, err);
    }
    return status;
}

static stella_status add_package(graph *g, const stella_file *file, const stella_json *package, stella_arena *scratch,
                                 stella_error *err) {
    static const char *const needs[] = {"Requirements", "Depends", "Imports", "LinkingTo"};
    const entry e = {.type = STELLA_SV("cran"),
                     .name = text_of(package, "Package"),
                     .version = text_of(package, "Version"),
                     .line = package->line,
                     .flags = STELLA_COMPONENT_DECLARED,
                     .method = "lockfile"};
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    const remote from = {.host = text_of(package, "RemoteHost"),
                         .username = text_of(package, "RemoteUsername"),
                         .repo = text_of(package, "RemoteRepo"),
                         .sha = text_of(package, "RemoteSha"),
                         .is_bioconductor = stella_sv_eq(text_of(package, "Source"), STELLA_SV("Bioconductor"))};
    remote_qualify(c, &from, scratch);
    stella_status status = graph_name(g, file->path, e.name, c, err);
    for (uint32_t i = 0; status == STELLA_OK && i < STELLA_COUNT(needs); i++)
        status = add_needs(g, c, file, stella_json_get(package, needs[i]), err);
    return status;
}

stella_status renv_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *document;
    if (is_within_package(g, file->path, scratch))
        return STELLA_OK;
    stella_status status = walk_json(file, scratch, &document, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *packages = stella_json_get(document, "Packages");
    if (!stella_json_is(packages, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no packages are listed");
    for (uint32_t i = 0; status == STELLA_OK && i < packages->count; i++)
        status = add_package(g, file, &packages->members[i].value, scratch, err);
    return status;
}
