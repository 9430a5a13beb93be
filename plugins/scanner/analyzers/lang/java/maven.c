#include "maven.h"

#include "maven_tree.h"
#include "words.h"

#include <stella/auto.h>

#include <stdio.h>

#define SCRATCH_BYTES_MAX ((uint64_t)128 << 20)
#define BOMS_MAX          64 /* that one project imports, directly or through others */

/* A project at work. */
typedef struct project {
    maven_tree *tree;
    stella_arena *scratch;
    pom_chain chain;
    providers managed; /* "GROUP:NAME" with the version; the nearest comes first */
    uint32_t managed_count, boms;
    uint32_t dependencies, unknown; /* unknown: without a version that can be told */
    stella_component *component;    /* NULL when the project itself has no name */
} project;

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a Maven project");
}

static stella_status expand(project *p, pom_chain *chain, stella_sv text, stella_sv *out) {
    chain->steps = p->tree->steps;
    const stella_status status = pom_expand(chain, text, p->scratch, out);
    p->tree->steps = chain->steps;
    return status;
}

/* Group and name of a dependency as one text; ptr NULL when they are not known. */
static stella_status name_of(project *p, pom_chain *chain, const xml_node *n, stella_sv *group, stella_sv *name) {
    stella_status status = expand(p, chain, xml_child_text(n, "groupId"), group);
    if (status == STELLA_OK)
        status = expand(p, chain, xml_child_text(n, "artifactId"), name);
    if (status == STELLA_OK && (!java_is_word(*group) || !java_is_word(*name)))
        *group = *name = (stella_sv){0};
    return status;
}

static stella_sv joined(project *p, stella_sv group, stella_sv name) {
    return stella_arena_printf(p->scratch, "%.*s:%.*s", STELLA_SV_FMT(group), STELLA_SV_FMT(name));
}

/* ---- managed versions ---------------------------------------------------------------------------------------------- */

static stella_status manage_chain(project *p, pom_chain *chain, stella_error *err);

/* A BOM speaks in the words of its own parents. */
static stella_status import(project *p, stella_sv group, stella_sv name, stella_sv version, stella_error *err) {
    const pom *bom = maven_tree_find(p->tree, group, name, version);
    if (!bom || p->boms++ >= BOMS_MAX)
        return STELLA_OK;
    pom_chain chain = maven_tree_chain(p->tree, bom);
    return manage_chain(p, &chain, err);
}

static stella_status manage(project *p, pom_chain *chain, const xml_node *n, stella_error *err) {
    stella_sv group, name, version;
    stella_status status = name_of(p, chain, n, &group, &name);
    if (status == STELLA_OK)
        status = expand(p, chain, xml_child_text(n, "version"), &version);
    if (status != STELLA_OK)
        return no_memory(err);
    if (!name.len || !java_is_word(version))
        return STELLA_OK;
    if (stella_sv_eq(xml_child_text(n, "scope"), STELLA_SV("import")))
        return import(p, group, name, version, err);
    const provider item = {.name = joined(p, group, name), .version = version, .package = p->managed_count++};
    return item.name.ptr ? providers_add(&p->managed, item, err) : no_memory(err);
}

static stella_status manage_chain(project *p, pom_chain *chain, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < chain->count; i++)
        for (const xml_node *n = pom_dependencies(xml_child(chain->items[i]->root, "dependencyManagement"));
             n && status == STELLA_OK && p->managed_count < MAVEN_MANAGED_MAX; n = xml_again(n))
            status = manage(p, chain, n, err);
    return status;
}

/* ---- dependencies -------------------------------------------------------------------------------------------------- */

static stella_status version_of(project *p, const xml_node *n, stella_sv name, stella_sv *out, stella_error *err) {
    uint32_t count;
    const stella_sv stated = xml_child_text(n, "version");
    if (stated.len)
        return expand(p, &p->chain, stated, out) == STELLA_OK ? STELLA_OK : no_memory(err);
    const provider *list = providers_find(&p->managed, name, &count);
    *out = list ? list[0].version : (stella_sv){0};
    return STELLA_OK;
}

/* "[1.0,2.0)" is no version. */
static int is_version(stella_sv version) {
    return java_is_word(version) && stella_sv_find(version, ',') == version.len &&
           !stella_sv_starts(version, STELLA_SV("[")) && !stella_sv_starts(version, STELLA_SV("("));
}

static uint32_t flags_of(const xml_node *n) {
    const stella_sv scope = xml_child_text(n, "scope");
    const int is_optional =
        stella_sv_eq(xml_child_text(n, "optional"), STELLA_SV("true")) || stella_sv_eq(scope, STELLA_SV("provided"));
    return STELLA_COMPONENT_DECLARED | (stella_sv_eq(scope, STELLA_SV("test")) ? STELLA_COMPONENT_DEV : 0) |
           (is_optional ? STELLA_COMPONENT_OPTIONAL : 0);
}

static void add_dependency(project *p, const pom *stated_by, const xml_node *n, stella_sv group, stella_sv name,
                           stella_sv version) {
    const uint32_t flags = flags_of(n);
    const stella_sv type = xml_child_text(n, "type"), classifier = xml_child_text(n, "classifier");
    stella_component *c = stella_component_add(p->tree->job, STELLA_SV("maven"), name, version, flags);
    stella_component_set(c, STELLA_FIELD_NAMESPACE, group);
    if (java_is_word(type) && !stella_sv_eq(type, STELLA_SV("jar")))
        stella_component_qualifier(c, STELLA_SV("type"), type);
    if (java_is_word(classifier))
        stella_component_qualifier(c, STELLA_SV("classifier"), classifier);
    stella_component_evidence(c, &p->tree->files[stated_by - p->tree->poms], n->line, STELLA_SV("manifest"));
    if (p->component)
        stella_relate(p->tree->job, p->component, c, STELLA_RELATION_DEPENDS_ON,
                      (flags & STELLA_COMPONENT_DEV ? STELLA_RELATION_DEV : 0) |
                          (flags & STELLA_COMPONENT_OPTIONAL ? STELLA_RELATION_OPTIONAL : 0));
}

static stella_status read_dependency(project *p, const pom *stated_by, const xml_node *n, stella_error *err) {
    stella_sv group, name, version;
    if (stella_sv_eq(xml_child_text(n, "scope"), STELLA_SV("system")))
        return STELLA_OK;
    if (name_of(p, &p->chain, n, &group, &name) != STELLA_OK)
        return no_memory(err);
    const stella_sv key = joined(p, group, name);
    const stella_status status = key.ptr ? version_of(p, n, key, &version, err) : no_memory(err);
    if (status != STELLA_OK)
        return status;
    if (name.len && is_version(version))
        add_dependency(p, stated_by, n, group, name, version);
    else
        p->unknown++;
    return STELLA_OK;
}

static stella_status read_dependencies(project *p, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < p->chain.count; i++)
        for (const xml_node *n = pom_dependencies(p->chain.items[i]->root);
             n && status == STELLA_OK && p->dependencies < MAVEN_DEPENDENCIES_MAX; n = xml_again(n)) {
            p->dependencies++;
            status = read_dependency(p, p->chain.items[i], n, err);
        }
    return status;
}

/* ---- the project itself -------------------------------------------------------------------------------------------- */

static stella_status add_project(project *p, stella_error *err) {
    const pom *const own = p->chain.items[0];
    stella_sv group, name, version;
    stella_status status = expand(p, &p->chain, pom_group(own), &group);
    if (status == STELLA_OK)
        status = expand(p, &p->chain, own->name, &name);
    if (status == STELLA_OK)
        status = expand(p, &p->chain, pom_version(own), &version);
    if (status != STELLA_OK)
        return no_memory(err);
    if (!java_is_word(group) || !java_is_word(name) || !java_is_word(version)) {
        stella_note(p->tree->job, STELLA_NOTE_ERROR, own->path, own->line,
                    STELLA_SV("a project without a group, name or version that can be told"));
        return STELLA_OK;
    }
    p->component = stella_component_add(p->tree->job, STELLA_SV("maven"), name, version, STELLA_COMPONENT_DECLARED);
    stella_component_set(p->component, STELLA_FIELD_NAMESPACE, group);
    stella_component_set(p->component, STELLA_FIELD_KIND, STELLA_SV("application"));
    if (own->packaging.len && !stella_sv_eq(own->packaging, STELLA_SV("jar")) && java_is_word(own->packaging))
        stella_component_qualifier(p->component, STELLA_SV("type"), own->packaging);
    stella_component_evidence(p->component, &p->tree->files[own - p->tree->poms], own->line, STELLA_SV("manifest"));
    return STELLA_OK;
}

static void note_unknown(const project *p) {
    char text[128];
    const int len = snprintf(text, sizeof text,
                             "%u dependencies whose version is set outside of this tree were left out", p->unknown);
    if (p->unknown)
        stella_note(p->tree->job, STELLA_NOTE_INFO, p->chain.items[0]->path, 0, stella_sv_of(text, (size_t)len));
    if (p->dependencies == MAVEN_DEPENDENCIES_MAX)
        stella_note(p->tree->job, STELLA_NOTE_ERROR, p->chain.items[0]->path, 0,
                    STELLA_SV("more than 20000 dependencies: the rest was left out"));
}

static stella_status analyze_one(maven_tree *tree, const pom *of, stella_arena *scratch, stella_error *err) {
    project p = {.tree = tree, .scratch = scratch, .chain = maven_tree_chain(tree, of), .managed = {.arena = scratch}};
    stella_arena_reset(scratch);
    stella_status status = manage_chain(&p, &p.chain, err);
    providers_sort(&p.managed);
    if (status == STELLA_OK)
        status = add_project(&p, err);
    if (status == STELLA_OK)
        status = read_dependencies(&p, err);
    note_unknown(&p);
    return status;
}

stella_status maven_analyze(stella_analysis *job, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create(SCRATCH_BYTES_MAX);
    maven_tree tree;
    if (!scratch)
        return no_memory(err);
    stella_status status = maven_tree_load(job, &tree, err);
    for (uint32_t i = 0; status == STELLA_OK && i < tree.count; i++) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "cancelled");
        status = analyze_one(&tree, &tree.poms[i], scratch, err);
    }
    return status;
}
