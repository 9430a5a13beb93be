#include "maven_tree.h"

#include "interests.h"
#include "maven.h"

#include "common/inside.h"

#include <stdio.h>

#define PATH_BYTES_MAX   4096
#define LOOKUP_BYTES_MAX 1024

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for Maven projects");
}

static int is_own_project(stella_sv path) {
    return !inside_package(path) && !inside_folder(path, STELLA_SV("META-INF")) &&
           !inside_folder(path, STELLA_SV("archetype-resources"));
}

static stella_status read_one(maven_tree *tree, const stella_file *file, stella_error *err) {
    stella_error why = {0};
    pom *p = &tree->poms[tree->count];
    const stella_status status = pom_parse(file->bytes, tree->job->arena, p, &why);
    if (status == STELLA_E_NOMEM)
        return no_memory(err);
    if (status != STELLA_OK) {
        char text[512];
        const int len = snprintf(text, sizeof text, "%s%s%s", why.path, why.path[0] ? ": " : "", why.message);
        stella_note(tree->job, STELLA_NOTE_ERROR, file->path, 0, stella_sv_of(text, (size_t)len));
        return STELLA_OK;
    }
    p->path = file->path;
    tree->files[tree->count] = *file;
    const stella_sv group = pom_group(p);
    const stella_sv key =
        stella_arena_printf(tree->job->arena, "%.*s:%.*s", STELLA_SV_FMT(group), STELLA_SV_FMT(p->name));
    const provider name = {.name = key, .version = pom_version(p), .package = tree->count++};
    return key.ptr ? providers_add(&tree->names, name, err) : no_memory(err);
}

static uint32_t count_files(stella_analysis *job) {
    stella_file file = STELLA_FILE_INIT;
    uint32_t count = 0;
    for (stella_files it = stella_files_of(INTEREST_POM); stella_files_next(job, &it, &file);)
        count++;
    return count;
}

stella_status maven_tree_load(stella_analysis *job, maven_tree *out, stella_error *err) {
    const uint32_t met = count_files(job), room = met < MAVEN_PROJECTS_MAX ? met : MAVEN_PROJECTS_MAX;
    maven_tree tree = {.job = job,
                       .poms = stella_arena_alloc(job->arena, room, sizeof *tree.poms),
                       .files = stella_arena_alloc(job->arena, room, sizeof *tree.files),
                       .names = {.arena = job->arena}};
    if (!tree.poms || !tree.files)
        return no_memory(err);
    stella_file file = STELLA_FILE_INIT;
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(INTEREST_POM);
         status == STELLA_OK && tree.count < room && stella_files_next(job, &it, &file);)
        if (file.bytes.ptr && is_own_project(file.path))
            status = read_one(&tree, &file, err);
    if (met > room)
        stella_note(job, STELLA_NOTE_ERROR, file.path, 0,
                    STELLA_SV("more than 10000 pom.xml files: the rest was left out"));
    providers_sort(&tree.names);
    if (status == STELLA_OK)
        *out = tree;
    return status;
}

/* ---- parents ------------------------------------------------------------------------------------------------------- */

static const pom *find_path(const maven_tree *tree, stella_sv path) {
    uint32_t low = 0, high = tree->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = stella_sv_cmp(tree->poms[middle].path, path);
        if (order == 0)
            return &tree->poms[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Joins a folder and a relative path without "." and "..". Returns 0 when it leaves the tree or is too long. */
static int join(stella_sv folder, stella_sv relative, char path[PATH_BYTES_MAX], size_t *len) {
    stella_sv part;
    if (folder.len + relative.len + 16 > PATH_BYTES_MAX)
        return 0;
    if (folder.len)
        memcpy(path, folder.ptr, folder.len);
    *len = folder.len;
    while (stella_sv_split(&relative, '/', &part)) {
        if (part.len == 0 || stella_sv_eq(part, STELLA_SV(".")))
            continue;
        if (stella_sv_eq(part, STELLA_SV(".."))) {
            if (*len == 0)
                return 0;
            const size_t slash = stella_sv_rfind(stella_sv_of(path, *len), '/');
            *len = slash < *len ? slash : 0;
            continue;
        }
        if (*len)
            path[(*len)++] = '/';
        memcpy(path + *len, part.ptr, part.len);
        *len += part.len;
    }
    return 1;
}

/* What relativePath leads to: a file, or the pom.xml in a folder. */
static const pom *find_relative(const maven_tree *tree, const pom *of) {
    char path[PATH_BYTES_MAX];
    size_t len;
    const size_t slash = stella_sv_rfind(of->path, '/');
    const stella_sv folder = stella_sv_first(of->path, slash < of->path.len ? slash : 0);
    if (of->parent_path.len == 0 || !join(folder, of->parent_path, path, &len))
        return NULL;
    const pom *found = find_path(tree, stella_sv_of(path, len));
    if (found || !join(stella_sv_of(path, len), STELLA_SV("pom.xml"), path, &len))
        return found;
    return find_path(tree, stella_sv_of(path, len));
}

const pom *maven_tree_find(const maven_tree *tree, stella_sv group, stella_sv name, stella_sv version) {
    char text[LOOKUP_BYTES_MAX];
    uint32_t count;
    const int len = snprintf(text, sizeof text, "%.*s:%.*s", STELLA_SV_FMT(group), STELLA_SV_FMT(name));
    if (len < 0 || len >= (int)sizeof text)
        return NULL;
    const provider *list = providers_find(&tree->names, stella_sv_of(text, (size_t)len), &count);
    for (uint32_t i = 0; i < count && i < MAVEN_PROJECTS_MAX; i++)
        if (stella_sv_eq(list[i].version, version))
            return &tree->poms[list[i].package];
    return NULL;
}

static const pom *find_parent(const maven_tree *tree, const pom *of) {
    if (of->parent_name.len == 0)
        return NULL;
    const pom *found = find_relative(tree, of);
    if (found && stella_sv_eq(found->name, of->parent_name) && stella_sv_eq(pom_group(found), of->parent_group))
        return found;
    return maven_tree_find(tree, of->parent_group, of->parent_name, of->parent_version);
}

pom_chain maven_tree_chain(const maven_tree *tree, const pom *of) {
    pom_chain chain = {.items = {of}, .count = 1};
    for (const pom *parent = find_parent(tree, of); parent && chain.count < POM_PARENTS_MAX;
         parent = find_parent(tree, parent)) {
        for (uint32_t i = 0; i < chain.count; i++)
            if (chain.items[i] == parent) /* a circle */
                return chain;
        chain.items[chain.count++] = parent;
    }
    return chain;
}
