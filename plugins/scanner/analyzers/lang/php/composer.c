#include "composer.h"

#include "common/entry.h"

#include <stella/spdx.h>

/* One package's place in a document. */
typedef struct place {
    const stella_file *file;
    const providers *dev; /* lower-case names of those for development only; NULL: flags says it */
    stella_arena *scratch;
    const char *method;
    uint32_t flags;
} place;

/* Composer compares names without case. */
static stella_sv lower(stella_sv text, stella_arena *arena) {
    char *copy = stella_arena_alloc(arena, text.len, 1);
    for (size_t i = 0; copy && i < text.len; i++)
        copy[i] = (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? text.ptr[i] + ('a' - 'A') : text.ptr[i]);
    return stella_sv_of(copy, copy ? text.len : 0);
}

/* Several licenses are a choice: "A OR B". */
static stella_status add_licenses(stella_component *c, const stella_json *licenses, stella_arena *scratch,
                                  stella_error *err) {
    stella_sv choice = {0};
    if (stella_json_is(licenses, STELLA_JSON_STRING))
        return entry_license(c, stella_json_str(licenses), err);
    for (uint32_t i = 0; licenses && i < licenses->count && i < 32; i++) {
        const stella_sv one = stella_spdx_expression(stella_json_str(stella_json_at(licenses, i)), scratch);
        if (!one.ptr)
            choice = stella_sv_of(NULL, 0);
        else if (i == 0)
            choice = one;
        else if (choice.ptr)
            choice = stella_arena_printf(scratch, "%.*s OR %.*s", STELLA_SV_FMT(choice), STELLA_SV_FMT(one));
        if (!choice.ptr)
            break;
    }
    if (choice.ptr)
        return entry_license(c, choice, err);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && licenses && i < licenses->count && i < 32; i++)
        status = entry_license(c, stella_json_str(stella_json_at(licenses, i)), err);
    return status;
}

/* Names of other packages: those with a vendor; "php" and "ext-json" are none. */
static stella_status add_names(graph *g, stella_component *c, const place *at, const stella_json *names, int is_need,
                               stella_error *err) {
    stella_status status = STELLA_OK;
    if (!stella_json_is(names, STELLA_JSON_OBJECT))
        return status;
    for (uint32_t i = 0; status == STELLA_OK && i < names->count; i++) {
        const stella_sv name = lower(names->members[i].key, at->scratch);
        if (stella_sv_find(name, '/') == name.len)
            continue;
        status =
            is_need ? graph_needs(g, c, at->file->path, name, 0, err) : graph_name(g, at->file->path, name, c, err);
    }
    return status;
}

static stella_status relate(graph *g, stella_component *c, const place *at, const stella_json *package,
                            stella_error *err) {
    stella_status status = add_names(g, c, at, stella_json_get(package, "require"), 1, err);
    if (status == STELLA_OK)
        status = add_names(g, c, at, stella_json_get(package, "replace"), 0, err);
    if (status == STELLA_OK)
        status = add_names(g, c, at, stella_json_get(package, "provide"), 0, err);
    return status;
}

static void describe(stella_component *c, const stella_json *package) {
    const stella_sv reference = stella_json_str(stella_json_get(stella_json_get(package, "source"), "reference"));
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, stella_json_str(stella_json_get(package, "homepage")));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, stella_json_str(stella_json_get(package, "description")));
    if (reference.len)
        stella_component_property(c, STELLA_SV("composer:reference"), reference);
}

static stella_status add_package(graph *g, const place *at, const stella_json *package, stella_error *err) {
    stella_sv namespace_ = stella_json_str(stella_json_get(package, "name"));
    const stella_sv full = lower(namespace_, at->scratch), name = entry_pop(&namespace_);
    uint32_t count;
    const int is_dev = at->dev && providers_find(at->dev, full, &count);
    const entry e = {.type = STELLA_SV("composer"),
                     .namespace_ = namespace_.len ? namespace_ : STELLA_SV("/"), /* needed: none is refused */
                     .name = name,
                     .version = stella_json_str(stella_json_get(package, "version")),
                     .line = package->line,
                     .flags = at->flags | (is_dev ? STELLA_COMPONENT_DEV : 0),
                     .method = at->method};
    stella_component *c = entry_add(g->job, at->file, &e);
    if (!c)
        return STELLA_OK;
    describe(c, package);
    stella_status status = add_licenses(c, stella_json_get(package, "license"), at->scratch, err);
    if (status == STELLA_OK)
        status = graph_name(g, at->file->path, full, c, err);
    return status == STELLA_OK ? relate(g, c, at, package, err) : status;
}

static stella_status add_packages(graph *g, const place *at, const stella_json *packages, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && stella_json_at(packages, i); i++)
        status = add_package(g, at, stella_json_at(packages, i), err);
    return status;
}

static stella_status read_dev_names(const stella_json *names, providers *out, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && stella_json_at(names, i); i++) {
        const stella_sv name = lower(stella_json_str(stella_json_at(names, i)), out->arena);
        status = providers_add(out, (provider){.name = name}, err);
    }
    providers_sort(out);
    return status;
}

stella_status composer_installed(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *document;
    providers dev = {.arena = scratch};
    stella_status status = walk_json(file, scratch, &document, err);
    if (status != STELLA_OK)
        return status;
    const int is_first = stella_json_is(document, STELLA_JSON_ARRAY); /* of Composer 1 */
    const stella_json *packages = is_first ? document : stella_json_get(document, "packages");
    if (!stella_json_is(packages, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no list of packages");
    status = read_dev_names(stella_json_get(document, "dev-package-names"), &dev, err);
    const place at = {.file = file, .dev = &dev, .scratch = scratch, .method = "metadata"};
    return status == STELLA_OK ? add_packages(g, &at, packages, err) : status;
}

/* VENDOR/composer/installed.json is there, and the lock file below VENDOR. */
static int is_within_package(graph *g, stella_sv path, stella_arena *scratch) {
    while (path.len) {
        (void)entry_pop(&path);
        stella_file file = STELLA_FILE_INIT;
        const stella_sv installed = stella_arena_printf(scratch, "%.*s/composer/installed.json", STELLA_SV_FMT(path));
        if (path.len && installed.ptr && stella_view_stat(g->job, installed, &file, NULL) == STELLA_OK)
            return 1;
    }
    return 0;
}

stella_status composer_locked(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *document;
    if (is_within_package(g, file->path, scratch))
        return STELLA_OK;
    stella_status status = walk_json(file, scratch, &document, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_is(stella_json_get(document, "packages"), STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no list of packages");
    place at = {.file = file, .scratch = scratch, .method = "lockfile", .flags = STELLA_COMPONENT_DECLARED};
    status = add_packages(g, &at, stella_json_get(document, "packages"), err);
    at.flags |= STELLA_COMPONENT_DEV;
    return status == STELLA_OK ? add_packages(g, &at, stella_json_get(document, "packages-dev"), err) : status;
}
