#include "deps.h"

#include "framework.h"

#define SUFFIX      ".deps.json"
#define CONFIG      ".runtimeconfig.json"
#define RIDS_MAX    64    /* of one library */
#define PLACEHOLDER "_._" /* of an empty folder */

typedef struct deps {
    dotnet *d;
    const deps_source *from;
    stella_arena *scratch;
    const stella_json *document;
    const stella_json *target;   /* what is there: by "name/version" */
    providers entries;           /* of the target, by that name */
    stella_sv scope;             /* names are those of one description */
    stella_sv application;       /* X of X.deps.json */
    stella_component *framework; /* the shared framework that it describes; NULL: an application's */
    int is_self_contained;
    uint32_t needs_room;
} deps;

static stella_status too_large(stella_error *err) {
    return stella_error_set(err, STELLA_E_LIMIT, NULL, "the description is too large to be read");
}

/* ---- which part of it counts */

/* Of .NET Core 1 it is the text itself. */
static stella_sv target_name(const stella_json *document) {
    const stella_json *wanted = stella_json_get(document, "runtimeTarget");
    return stella_json_str(stella_json_is(wanted, STELLA_JSON_OBJECT) ? stella_json_get(wanted, "name") : wanted);
}

/* The target the host would take; of a description that names none, or one that is not there, the last one: the most
 * special comes last. */
static const stella_json *find_target(const stella_json *document) {
    const stella_json *targets = stella_json_get(document, "targets");
    const stella_sv name = target_name(document);
    if (!stella_json_is(targets, STELLA_JSON_OBJECT) || targets->count == 0)
        return NULL;
    for (uint32_t i = 0; i < targets->count; i++)
        if (stella_sv_eq(targets->members[i].key, name))
            return &targets->members[i].value;
    return &targets->members[targets->count - 1].value;
}

static stella_status index_target(deps *p, stella_error *err) {
    stella_status status = STELLA_OK;
    p->entries.arena = p->scratch;
    for (uint32_t i = 0; stella_json_is(p->target, STELLA_JSON_OBJECT) && i < p->target->count && status == STELLA_OK;
         i++)
        status = providers_add(&p->entries, (provider){.name = p->target->members[i].key, .package = i}, err);
    providers_sort(&p->entries);
    return status;
}

/* What the target says of a library; NULL: nothing. */
static const stella_json *entry_of(const deps *p, stella_sv key) {
    uint32_t count;
    const provider *found = providers_find(&p->entries, key, &count);
    return found ? &p->target->members[found->package].value : NULL;
}

/* ---- assets */

static int is_asset(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return path.len && !stella_sv_eq(slash < path.len ? stella_sv_skip(path, slash + 1) : path, STELLA_SV(PLACEHOLDER));
}

static int has_assets(const stella_json *said) {
    static const char *const groups[] = {"runtime", "native", "resources", "runtimeTargets"};
    for (uint32_t k = 0; k < STELLA_COUNT(groups); k++) {
        const stella_json *group = stella_json_get(said, groups[k]);
        for (uint32_t i = 0; stella_json_is(group, STELLA_JSON_OBJECT) && i < group->count; i++)
            if (is_asset(group->members[i].key))
                return 1;
    }
    return 0;
}

/* Where publishing puts it, below the application's folder: assets of the chosen platform lie flat, those of a language
 * in a folder of its own, those for several platforms where the package has them. */
static stella_sv place_of(const deps *p, const char *group, const stella_json_member *asset) {
    const stella_sv local = stella_json_str(stella_json_get(&asset->value, "localPath"));
    if (local.len)
        return local;
    if (strcmp(group, "runtimeTargets") == 0)
        return asset->key;
    stella_sv folder = asset->key;
    const stella_sv name = entry_pop(&folder);
    if (strcmp(group, "resources") == 0)
        return dotnet_join(p->scratch, stella_json_str(stella_json_get(&asset->value, "locale")), name);
    return name;
}

static stella_status own_group(deps *p, stella_component *c, const stella_json *said, const char *group,
                               stella_error *err) {
    const stella_json *assets = stella_json_get(said, group);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; stella_json_is(assets, STELLA_JSON_OBJECT) && i < assets->count && status == STELLA_OK; i++) {
        const stella_sv place = place_of(p, group, &assets->members[i]);
        const stella_sv path = dotnet_join(p->scratch, p->from->folder, place);
        if (!path.ptr && place.len)
            return too_large(err);
        if (entry_is_path(place)) /* not out of the folder */
            status = dotnet_owns(p->d, c, path, err);
    }
    return status;
}

static stella_status own_assets(deps *p, stella_component *c, const stella_json *said, stella_error *err) {
    stella_status status = own_group(p, c, said, "runtime", err);
    if (status == STELLA_OK)
        status = own_group(p, c, said, "native", err);
    if (status == STELLA_OK)
        status = own_group(p, c, said, "resources", err);
    return status == STELLA_OK ? own_group(p, c, said, "runtimeTargets", err) : status;
}

/* The platforms it has assets for, each once. */
static void state_platforms(stella_component *c, const stella_json *said) {
    const stella_json *assets = stella_json_get(said, "runtimeTargets");
    stella_sv seen[RIDS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; stella_json_is(assets, STELLA_JSON_OBJECT) && i < assets->count; i++) {
        const stella_sv rid = stella_json_str(stella_json_get(&assets->members[i].value, "rid"));
        uint32_t k = 0;
        while (k < count && !stella_sv_eq(seen[k], rid))
            k++;
        if (k < count || count == RIDS_MAX || rid.len == 0)
            continue;
        seen[count++] = rid;
        stella_component_property(c, STELLA_SV("dotnet:rid"), rid);
    }
}

/* ---- the application itself */

static void state_publication(const deps *p, stella_component *c) {
    const stella_sv target = target_name(p->document);
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    if (target.len)
        stella_component_property(c, STELLA_SV("dotnet:target"), target);
    stella_component_property(c, STELLA_SV("dotnet:publish"),
                              p->is_self_contained ? STELLA_SV("self-contained") : STELLA_SV("framework-dependent"));
    if (p->from->record)
        stella_component_property(c, STELLA_SV("dotnet:single-file"), STELLA_SV("true"));
}

/* X and one of the suffixes, beside the description; ptr NULL when the scratch is spent. */
static stella_sv beside(const deps *p, const char *suffix) {
    const stella_sv name = stella_arena_printf(p->scratch, "%.*s%s", STELLA_SV_FMT(p->application), suffix);
    return name.ptr ? dotnet_join(p->scratch, p->from->folder, name) : name;
}

/* The programs that start it and the descriptions of it. */
static stella_status own_application(deps *p, stella_component *c, stella_error *err) {
    static const char *const suffixes[] = {"", ".exe", SUFFIX, CONFIG};
    stella_status status = STELLA_OK;
    if (p->from->record)
        return dotnet_owns(p->d, c, p->from->file->path, err);
    for (uint32_t i = 0; i < STELLA_COUNT(suffixes) && status == STELLA_OK; i++) {
        const stella_sv path = beside(p, suffixes[i]);
        status = path.ptr ? dotnet_owns(p->d, c, path, err) : too_large(err);
    }
    return status;
}

/* A configuration that cannot be used does not cost the application. */
static stella_status require_frameworks(deps *p, stella_component *c, stella_error *err) {
    stella_file file = *p->from->file;
    stella_error why = {0};
    stella_status status = STELLA_OK;
    file.bytes = p->from->config;
    if (!p->from->record) {
        const stella_sv path = beside(p, CONFIG);
        status = path.ptr ? dotnet_find(p->d, path, &file, err) : too_large(err);
    }
    if (status != STELLA_OK || file.bytes.len == 0)
        return status;
    status = framework_require(p->d, c, &file, file.bytes, p->scratch, &p->is_self_contained, &why);
    if (status == STELLA_E_FORMAT || status == STELLA_E_LIMIT)
        entry_fault(p->d->g.job, &file, &why);
    else if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "%s", why.message);
    return STELLA_OK;
}

static stella_status add_application(deps *p, stella_component *c, stella_error *err) {
    const stella_status status = require_frameworks(p, c, err);
    if (status != STELLA_OK)
        return status;
    state_publication(p, c);
    return own_application(p, c, err);
}

/* ---- libraries */

static int is_type(const stella_json *library, const char *type) {
    return stella_sv_eq(stella_json_str(stella_json_get(library, "type")), stella_sv_cstr(type));
}

/* Until 2.2 the runtime was a package like any other: runtime.linux-x64.Microsoft.NETCore.App. */
static int is_runtime(const stella_json_member *library) {
    const stella_sv name = stella_sv_first(library->key, stella_sv_find(library->key, '/'));
    return is_type(&library->value, "runtimepack") ||
           (stella_sv_starts(name, STELLA_SV("runtime.")) && stella_sv_ends(name, STELLA_SV(".Microsoft.NETCore.App")));
}

static int has_runtime(const deps *p, const stella_json *libraries) {
    for (uint32_t i = 0; i < libraries->count; i++)
        if (is_runtime(&libraries->members[i]) && has_assets(entry_of(p, libraries->members[i].key)))
            return 1;
    return 0;
}

/* An assembly that is referred to as such is of no package. */
static int is_package(const stella_json *library) {
    return is_type(library, "package") || is_type(library, "project") || is_type(library, "runtimepack");
}

static stella_component *add_component(deps *p, const stella_json_member *library, int is_there) {
    const size_t slash = stella_sv_find(library->key, '/');
    const stella_json *value = &library->value;
    const dotnet_package package = {.name = dotnet_without_prefix(stella_sv_first(library->key, slash)),
                                    .version = stella_sv_skip(library->key, slash + 1),
                                    .line = value->line,
                                    .flags = is_there ? 0 : STELLA_COMPONENT_DECLARED,
                                    .method = p->from->record ? "binary" : "metadata"};
    stella_component *c = dotnet_add(p->d, p->from->file, &package);
    if (c && p->from->record)
        stella_component_from_record(c, p->from->record);
    if (c && !is_type(value, "package"))
        stella_component_property(c, STELLA_SV("dotnet:type"), stella_json_str(stella_json_get(value, "type")));
    if (c)
        dotnet_digest(c, stella_json_str(stella_json_get(value, "sha512")));
    return c;
}

static stella_status add_library(deps *p, const stella_json_member *library, stella_error *err) {
    const stella_json *said = entry_of(p, library->key);
    const stella_sv name = stella_sv_first(library->key, stella_sv_find(library->key, '/'));
    const int is_there = has_assets(said);
    if (!is_package(&library->value) || (p->framework && !is_there)) /* what the framework's own build needed */
        return STELLA_OK;
    stella_component *c = add_component(p, library, is_there);
    if (!c)
        return STELLA_OK;
    state_platforms(c, said);
    stella_status status = dotnet_name(p->d, p->scope, dotnet_without_prefix(name), c, err);
    if (status == STELLA_OK)
        status = dotnet_needs_all(p->d, c, p->scope, stella_json_get(said, "dependencies"), &p->needs_room, err);
    if (status == STELLA_OK && !p->from->record)
        status = own_assets(p, c, said, err);
    if (p->framework && is_there)
        stella_relate(p->d->g.job, p->framework, c, STELLA_RELATION_DEPENDS_ON, 0);
    if (status != STELLA_OK || !is_type(&library->value, "project") || !stella_sv_ieq(name, p->application))
        return status;
    return add_application(p, c, err);
}

/* ---- the whole */

static stella_status add_framework(deps *p, stella_error *err) {
    framework f;
    if (p->from->record || !framework_of(p->from->file->path, &f) || !stella_sv_ieq(f.name, p->application))
        return STELLA_OK;
    const stella_status status = framework_add(p->d, &f, p->from->file, "metadata", &p->framework, err);
    if (status != STELLA_OK || !p->framework)
        return status;
    return dotnet_owns(p->d, p->framework, p->from->file->path, err);
}

stella_status deps_add(dotnet *d, const deps_source *source, stella_sv text, stella_arena *scratch, stella_error *err) {
    const stella_file whole = {.bytes = text};
    deps p = {.d = d, .from = source, .scratch = scratch, .needs_room = DOTNET_NEEDS_MAX};
    stella_status status = walk_json(&whole, scratch, &p.document, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *libraries = stella_json_get(p.document, "libraries");
    if (!stella_json_is(libraries, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the description has no libraries");
    if (libraries->count > DOTNET_PACKAGES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d libraries", DOTNET_PACKAGES_MAX);
    p.application = stella_sv_first(source->name, source->name.len - (sizeof SUFFIX - 1));
    p.target = find_target(p.document);
    p.scope = stella_arena_printf(scratch, "%u", d->g.component_count);
    if (!p.scope.ptr || index_target(&p, err) != STELLA_OK)
        return too_large(err);
    p.is_self_contained = has_runtime(&p, libraries);
    status = add_framework(&p, err);
    for (uint32_t i = 0; i < libraries->count && status == STELLA_OK; i++)
        status = add_library(&p, &libraries->members[i], err);
    return status;
}

stella_status deps_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    stella_sv folder = file->path;
    const stella_sv name = entry_pop(&folder);
    const deps_source source = {.file = file, .name = name, .folder = folder};
    return deps_add(dotnet_at(g), &source, file->bytes, scratch, err);
}
