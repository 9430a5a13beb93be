#include "pubspec.h"

#include "common/entry.h"
#include "common/words.h"
#include "common/yaml/yaml.h"

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static stella_sv folder_of(stella_sv path) {
    (void)entry_pop(&path);
    return path;
}

static int is_within_cache(stella_sv path) {
    while (path.len)
        if (stella_sv_eq(entry_pop(&path), STELLA_SV(".pub-cache")))
            return 1;
    return 0;
}

/* .pub-cache/hosted/HOST/NAME-VERSION/pubspec.yaml */
static int is_cached(stella_sv path) {
    for (int i = 0; i < 3; i++)
        (void)entry_pop(&path);
    const stella_sv hosted = entry_pop(&path);
    return stella_sv_eq(hosted, STELLA_SV("hosted")) && stella_sv_eq(entry_pop(&path), STELLA_SV(".pub-cache"));
}

/* ---- pubspec.lock --------------------------------------------------------------------------------------------------
 */

static void qualify(stella_component *c, const stella_json *package, stella_arena *scratch) {
    const stella_json *from = stella_json_get(package, "description");
    const stella_sv source = text_of(package, "source"), url = text_of(from, "url");
    const stella_sv commit = text_of(from, "resolved-ref");
    const int is_home =
        stella_sv_eq(url, STELLA_SV("https://pub.dev")) || stella_sv_eq(url, STELLA_SV("https://pub.dartlang.org"));
    if (source.len && !stella_sv_eq(source, STELLA_SV("hosted")))
        stella_component_property(c, STELLA_SV("pub:source"), source);
    if (stella_sv_eq(source, STELLA_SV("hosted")) && word_is_plain(url) && !is_home)
        stella_component_qualifier(c, STELLA_SV("repository_url"), url);
    else if (stella_sv_eq(source, STELLA_SV("git")) && word_is_plain(url) && word_is_plain(commit))
        stella_component_qualifier(
            c, STELLA_SV("vcs_url"),
            stella_arena_printf(scratch, "git+%.*s@%.*s", STELLA_SV_FMT(url), STELLA_SV_FMT(commit)));
}

static stella_status add_locked(graph *g, const stella_file *file, const stella_json_member *item,
                                stella_arena *scratch, stella_error *err) {
    const stella_sv dependency = text_of(&item->value, "dependency");
    const int is_dev = stella_sv_eq(dependency, STELLA_SV("direct dev"));
    const entry e = {.type = STELLA_SV("pub"),
                     .name = item->key,
                     .version = text_of(&item->value, "version"),
                     .line = item->value.line,
                     .flags = STELLA_COMPONENT_DECLARED | (is_dev ? STELLA_COMPONENT_DEV : 0),
                     .method = "lockfile"};
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    qualify(c, &item->value, scratch);
    if (stella_sv_starts(dependency, STELLA_SV("direct")))
        stella_component_property(c, STELLA_SV("pub:direct"), STELLA_SV("true"));
    return graph_name(g, folder_of(file->path), item->key, c, err);
}

stella_status pubspec_lock(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *documents;
    if (is_within_cache(file->path))
        return STELLA_OK;
    stella_status status = walk_tree(file, yaml_parse, scratch, &documents, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *root = stella_json_at(documents, 0), *packages = stella_json_get(root, "packages");
    if (!stella_json_is(root, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no mapping with packages");
    for (uint32_t i = 0; status == STELLA_OK && stella_json_is(packages, STELLA_JSON_OBJECT) && i < packages->count;
         i++)
        status = add_locked(g, file, &packages->members[i], scratch, err);
    return status;
}

/* ---- pubspec.yaml --------------------------------------------------------------------------------------------------
 */

static stella_status add_needs(graph *g, stella_component *c, stella_sv scope, const stella_json *needs, uint32_t flags,
                               stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && stella_json_is(needs, STELLA_JSON_OBJECT) && i < needs->count; i++)
        status = graph_needs(g, c, scope, needs->members[i].key, flags, err);
    return status;
}

static stella_status relate(graph *g, stella_component *c, const stella_file *file, const stella_json *root,
                            int is_installed, stella_error *err) {
    const stella_sv scope = is_installed ? STELLA_SV("") : folder_of(file->path);
    stella_status status = is_installed ? graph_name(g, scope, text_of(root, "name"), c, err) : STELLA_OK;
    if (status == STELLA_OK)
        status = add_needs(g, c, scope, stella_json_get(root, "dependencies"), 0, err);
    if (status == STELLA_OK && !is_installed)
        status = add_needs(g, c, scope, stella_json_get(root, "dev_dependencies"), STELLA_RELATION_DEV, err);
    return status;
}

stella_status pubspec_manifest(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *documents;
    const int is_installed = is_cached(file->path);
    if (!is_installed && is_within_cache(file->path))
        return STELLA_OK; /* an example within a package */
    const stella_status status = walk_tree(file, yaml_parse, scratch, &documents, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *root = stella_json_at(documents, 0), *name = stella_json_get(root, "name");
    const entry e = {.type = STELLA_SV("pub"),
                     .name = stella_json_str(name),
                     .version = text_of(root, "version"),
                     .line = name ? name->line : 0,
                     .flags = is_installed ? 0 : STELLA_COMPONENT_DECLARED,
                     .method = is_installed ? "metadata" : "manifest"};
    if (e.name.len && e.version.len == 0 && !is_installed)
        return STELLA_OK; /* an application that is not published needs none */
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, text_of(root, "description"));
    stella_component_set(c, STELLA_FIELD_HOMEPAGE,
                         text_of(root, "homepage").len ? text_of(root, "homepage") : text_of(root, "repository"));
    return relate(g, c, file, root, is_installed, err);
}
