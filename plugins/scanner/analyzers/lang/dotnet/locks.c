#include "locks.h"

#include "common/xml/xml.h"

/* ---- packages.lock.json: for each framework, and each platform of it, names with what they were resolved to */

typedef struct lock {
    dotnet *d;
    const stella_file *file;
    stella_arena *scratch;
    stella_sv scope;
    providers keys;                /* "name/version" of all packages: frameworks have most of them in common */
    stella_component **components; /* by a key's first place; NULL: not added yet */
    uint32_t packages;             /* of a list without keys */
    uint32_t needs_room;
} lock;

static stella_status too_many(stella_error *err) {
    return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d packages", DOTNET_PACKAGES_MAX);
}

static stella_sv locked_key(stella_arena *scratch, const stella_json_member *member) {
    return stella_arena_printf(scratch, "%.*s/%.*s", STELLA_SV_FMT(member->key),
                               STELLA_SV_FMT(stella_json_str(stella_json_get(&member->value, "resolved"))));
}

static stella_sv asset_key(stella_arena *scratch, const stella_json_member *member) {
    (void)scratch;
    return member->key;
}

/* All packages of all frameworks. */
static stella_status index_packages(lock *l, const stella_json *frameworks,
                                    stella_sv (*key_of)(stella_arena *, const stella_json_member *),
                                    stella_error *err) {
    l->keys.arena = l->scratch;
    for (uint32_t i = 0; i < frameworks->count; i++) {
        const stella_json *packages = &frameworks->members[i].value;
        for (uint32_t k = 0; stella_json_is(packages, STELLA_JSON_OBJECT) && k < packages->count; k++) {
            const stella_sv key = key_of(l->scratch, &packages->members[k]);
            if (!key.ptr || l->keys.count == DOTNET_PACKAGES_MAX ||
                providers_add(&l->keys, (provider){.name = key, .package = l->keys.count}, err) != STELLA_OK)
                return too_many(err);
        }
    }
    providers_sort(&l->keys);
    l->components = stella_arena_alloc(l->scratch, l->keys.count, sizeof(stella_component *));
    return l->components ? STELLA_OK : too_many(err);
}

/* The component of that key, added when it is met first. NULL: refused. */
static stella_component *component_of(lock *l, stella_sv key, const dotnet_package *package, stella_sv digest) {
    uint32_t count;
    const provider *first = providers_find(&l->keys, key, &count);
    if (!first)
        return NULL;
    stella_component **place = &l->components[first->package];
    if (!*place) {
        *place = dotnet_add(l->d, l->file, package);
        if (*place)
            dotnet_digest(*place, digest);
    }
    return *place;
}

static stella_status state(lock *l, stella_component *c, stella_sv name, const stella_json *value, stella_error *err) {
    const stella_status status = dotnet_name(l->d, l->scope, name, c, err);
    return status == STELLA_OK
               ? dotnet_needs_all(l->d, c, l->scope, stella_json_get(value, "dependencies"), &l->needs_room, err)
               : status;
}

static stella_status add_locked(lock *l, const stella_json_member *member, stella_error *err) {
    const stella_json *value = &member->value;
    if (stella_sv_ieq(stella_json_str(stella_json_get(value, "type")), STELLA_SV("Project")))
        return STELLA_OK; /* another folder of the same sources */
    const dotnet_package package = {.name = member->key,
                                    .version = stella_json_str(stella_json_get(value, "resolved")),
                                    .line = value->line,
                                    .flags = STELLA_COMPONENT_DECLARED,
                                    .method = "lockfile"};
    if (package.version.len == 0) {
        stella_note(l->d->g.job, STELLA_NOTE_ERROR, l->file->path, value->line,
                    STELLA_SV("a package without a resolved version is skipped"));
        return STELLA_OK;
    }
    stella_component *c = component_of(l, locked_key(l->scratch, member), &package,
                                       stella_json_str(stella_json_get(value, "contentHash")));
    return c ? state(l, c, member->key, value, err) : STELLA_OK;
}

/* "net8.0/linux-x64" holds only what differs from "net8.0": their names are one scope. */
static stella_sv scope_of(const lock *l, stella_sv framework, stella_arena *scratch) {
    return stella_arena_printf(scratch, "%.*s %.*s", STELLA_SV_FMT(l->file->path),
                               STELLA_SV_FMT(stella_sv_first(framework, stella_sv_find(framework, '/'))));
}

stella_status locks_read_packages_lock(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *document;
    stella_status status = walk_json(file, scratch, &document, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *frameworks = stella_json_get(document, "dependencies");
    if (!stella_json_is(frameworks, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the lock file has no dependencies");
    lock l = {.d = dotnet_at(g), .file = file, .scratch = scratch, .needs_room = DOTNET_NEEDS_MAX};
    status = index_packages(&l, frameworks, locked_key, err);
    for (uint32_t i = 0; i < frameworks->count && status == STELLA_OK; i++) {
        const stella_json *packages = &frameworks->members[i].value;
        l.scope = scope_of(&l, frameworks->members[i].key, scratch);
        if (!l.scope.ptr)
            return too_many(err);
        for (uint32_t k = 0; stella_json_is(packages, STELLA_JSON_OBJECT) && k < packages->count && status == STELLA_OK;
             k++)
            status = add_locked(&l, &packages->members[k], err);
    }
    return status;
}

/* ---- project.assets.json: targets with "name/version", the project's own dependencies by framework */

/* What "PrivateAssets" keeps from those that refer to the project: analyzers, build tools. */
static stella_status find_private(const stella_json *frameworks, stella_arena *scratch, providers *out,
                                  stella_error *err) {
    stella_status status = STELLA_OK;
    out->arena = scratch;
    for (uint32_t i = 0; stella_json_is(frameworks, STELLA_JSON_OBJECT) && i < frameworks->count; i++) {
        const stella_json *needs = stella_json_get(&frameworks->members[i].value, "dependencies");
        for (uint32_t k = 0; stella_json_is(needs, STELLA_JSON_OBJECT) && k < needs->count && status == STELLA_OK; k++)
            if (stella_sv_ieq(stella_json_str(stella_json_get(&needs->members[k].value, "suppressParent")),
                              STELLA_SV("All")))
                status = providers_add(out, (provider){.name = needs->members[k].key}, err);
    }
    providers_sort(out);
    return status;
}

static stella_status add_asset(lock *l, const stella_json_member *member, const providers *private_,
                               stella_error *err) {
    const size_t slash = stella_sv_find(member->key, '/');
    const stella_sv name = stella_sv_first(member->key, slash);
    const stella_json *value = &member->value;
    uint32_t count;
    if (!stella_sv_eq(stella_json_str(stella_json_get(value, "type")), STELLA_SV("package")))
        return STELLA_OK;
    const dotnet_package package = {.name = name,
                                    .version = stella_sv_skip(member->key, slash + 1),
                                    .line = value->line,
                                    .flags = STELLA_COMPONENT_DECLARED |
                                             (providers_find(private_, name, &count) ? STELLA_COMPONENT_DEV : 0),
                                    .method = "lockfile"};
    stella_component *c = component_of(l, member->key, &package, (stella_sv){0});
    return c ? state(l, c, name, value, err) : STELLA_OK;
}

static stella_component *add_declared(lock *l, stella_sv name, stella_sv version, uint32_t line, uint32_t flags,
                                      const char *method) {
    const dotnet_package package = {
        .name = name, .version = version, .line = line, .flags = STELLA_COMPONENT_DECLARED | flags, .method = method};
    return dotnet_add(l->d, l->file, &package);
}

/* The project, which needs what each of its frameworks needs directly. */
static stella_status add_project(lock *l, const stella_json *project, stella_error *err) {
    const stella_sv name = stella_json_str(stella_json_get(stella_json_get(project, "restore"), "projectName"));
    const stella_json *frameworks = stella_json_get(project, "frameworks");
    if (name.len == 0)
        return STELLA_OK;
    stella_component *c =
        add_declared(l, name, stella_json_str(stella_json_get(project, "version")), project->line, 0, "lockfile");
    stella_status status = STELLA_OK;
    if (!c)
        return STELLA_OK;
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    for (uint32_t i = 0; stella_json_is(frameworks, STELLA_JSON_OBJECT) && i < frameworks->count && status == STELLA_OK;
         i++)
        status = dotnet_needs_all(l->d, c, l->scope, stella_json_get(&frameworks->members[i].value, "dependencies"),
                                  &l->needs_room, err);
    return status;
}

stella_status locks_read_assets(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *document;
    providers private_ = {0};
    stella_status status = walk_json(file, scratch, &document, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *targets = stella_json_get(document, "targets");
    const stella_json *project = stella_json_get(document, "project");
    if (!stella_json_is(targets, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the lock file has no targets");
    lock l = {.d = dotnet_at(g), .file = file, .scratch = scratch, .scope = file->path, .needs_room = DOTNET_NEEDS_MAX};
    if (find_private(stella_json_get(project, "frameworks"), scratch, &private_, err) != STELLA_OK)
        return too_many(err);
    status = index_packages(&l, targets, asset_key, err);
    for (uint32_t i = 0; i < targets->count && status == STELLA_OK; i++) {
        const stella_json *target = &targets->members[i].value;
        for (uint32_t k = 0; stella_json_is(target, STELLA_JSON_OBJECT) && k < target->count && status == STELLA_OK;
             k++)
            status = add_asset(&l, &target->members[k], &private_, err);
    }
    return status == STELLA_OK ? add_project(&l, project, err) : status;
}

/* ---- XML */

static stella_status parse_xml(const stella_file *file, const char *root_name, stella_arena *scratch,
                               const xml_node **root, stella_error *err) {
    const stella_status status = xml_parse(file->bytes, scratch, root, err);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the document has too many values to be read");
    if (status != STELLA_OK)
        return status;
    if (!stella_sv_eq((*root)->name, stella_sv_cstr(root_name)))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the document has no element \"%s\"", root_name);
    return STELLA_OK;
}

stella_status locks_read_packages_config(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const xml_node *root;
    lock l = {.d = dotnet_at(g), .file = file};
    const stella_status status = parse_xml(file, "packages", scratch, &root, err);
    if (status != STELLA_OK)
        return status;
    for (const xml_node *node = xml_child(root, "package"); node; node = xml_again(node)) {
        const int is_dev = stella_sv_ieq(xml_value(node, "developmentDependency"), STELLA_SV("true"));
        const stella_sv version = xml_value(node, "version");
        if (l.packages++ == DOTNET_PACKAGES_MAX)
            return too_many(err);
        if (version.len == 0)
            stella_note(g->job, STELLA_NOTE_ERROR, file->path, node->line,
                        STELLA_SV("a package without a version is skipped"));
        else
            (void)add_declared(&l, xml_value(node, "id"), version, node->line, is_dev ? STELLA_COMPONENT_DEV : 0,
                               "manifest");
    }
    return STELLA_OK;
}

/* ---- Directory.Packages.props: versions for all projects below, some by the name of a property of the same file */

/* The value of $(NAME); the text itself when it is none. NULL: the property is not there. */
static stella_sv resolved(const xml_node *root, stella_sv text) {
    if (!stella_sv_starts(text, STELLA_SV("$(")) || stella_sv_find(text, ')') != text.len - 1)
        return text;
    const stella_sv name = stella_sv_first(stella_sv_skip(text, 2), text.len - 3);
    for (const xml_node *group = xml_child(root, "PropertyGroup"); group; group = xml_again(group))
        for (const xml_node *property = group->children; property; property = property->next)
            if (stella_sv_ieq(property->name, name))
                return xml_text(property);
    return (stella_sv){0};
}

/* "[1.0.0]" is exactly that one; other ranges and what another file defines name none. */
static stella_sv exact(stella_sv version) {
    if (stella_sv_starts(version, STELLA_SV("[")) && stella_sv_ends(version, STELLA_SV("]")))
        version = stella_sv_trim(stella_sv_first(stella_sv_skip(version, 1), version.len - 2));
    return version.len && version.ptr[0] >= '0' && version.ptr[0] <= '9' &&
                   stella_sv_find(version, '*') == version.len && stella_sv_find(version, ',') == version.len
               ? version
               : (stella_sv){0};
}

static stella_status add_versions(lock *l, const xml_node *root, const xml_node *group, const char *element,
                                  uint32_t flags, stella_error *err) {
    for (const xml_node *node = xml_child(group, element); node; node = xml_again(node)) {
        const stella_sv written = xml_value(node, "Version");
        const stella_sv version = exact(resolved(root, written.len ? written : xml_child_text(node, "Version")));
        if (l->packages++ == DOTNET_PACKAGES_MAX)
            return too_many(err);
        if (version.len && xml_value(node, "Include").len)
            (void)add_declared(l, xml_value(node, "Include"), version, node->line, flags, "manifest");
    }
    return STELLA_OK;
}

stella_status locks_read_props(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const xml_node *root;
    lock l = {.d = dotnet_at(g), .file = file};
    stella_status status = parse_xml(file, "Project", scratch, &root, err);
    if (status != STELLA_OK)
        return status;
    for (const xml_node *group = xml_child(root, "ItemGroup"); group && status == STELLA_OK; group = xml_again(group)) {
        status = add_versions(&l, root, group, "PackageVersion", 0, err);
        if (status == STELLA_OK) /* of analyzers and build tools */
            status = add_versions(&l, root, group, "GlobalPackageReference", STELLA_COMPONENT_DEV, err);
    }
    return status;
}
