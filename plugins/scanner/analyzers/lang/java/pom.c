#include "pom.h"

#include <stella/auto.h>
#include <stella/sink.h>

static pom facts_of(const xml_node *root) {
    const xml_node *parent = xml_child(root, "parent"), *path = xml_child(parent, "relativePath"),
                   *name = xml_child(root, "artifactId");
    return (pom){.root = root,
                 .group = xml_child_text(root, "groupId"),
                 .name = xml_text(name),
                 .version = xml_child_text(root, "version"),
                 .packaging = xml_child_text(root, "packaging"),
                 .parent_group = xml_child_text(parent, "groupId"),
                 .parent_name = xml_child_text(parent, "artifactId"),
                 .parent_version = xml_child_text(parent, "version"),
                 .parent_path = path ? xml_text(path) : STELLA_SV("../pom.xml"),
                 .line = name ? name->line : root->line};
}

stella_status pom_parse(stella_sv text, stella_arena *arena, pom *out, stella_error *err) {
    const xml_node *root;
    const stella_status status = xml_parse_lenient(text, arena, &root, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_sv_eq(root->name, STELLA_SV("project")))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the document's element is not project");
    *out = facts_of(root);
    return STELLA_OK;
}

stella_sv pom_group(const pom *p) {
    return p->group.len ? p->group : p->parent_group;
}

stella_sv pom_version(const pom *p) {
    return p->version.len ? p->version : p->parent_version;
}

const xml_node *pom_dependencies(const xml_node *of) {
    return xml_child(xml_child(of, "dependencies"), "dependency");
}

/* project.groupId, pom.groupId and groupId are one. */
static int is_own(stella_sv key, const char *name) {
    const stella_sv project = STELLA_SV("project."), old = STELLA_SV("pom.");
    if (stella_sv_starts(key, project))
        key = stella_sv_skip(key, project.len);
    else if (stella_sv_starts(key, old))
        key = stella_sv_skip(key, old.len);
    return stella_sv_eq(key, stella_sv_cstr(name));
}

/* What <properties> of the nearest say; ptr NULL when none does. */
static stella_sv property_of(pom_chain *chain, stella_sv key) {
    for (uint32_t i = 0; i < chain->count; i++) {
        const xml_node *properties = xml_child(chain->items[i]->root, "properties");
        for (const xml_node *n = properties ? properties->children : NULL; n; n = n->next)
            if (chain->steps++ > POM_STEPS_MAX)
                return (stella_sv){0};
            else if (stella_sv_eq(n->name, key))
                return n->text.ptr ? xml_text(n) : STELLA_SV("");
    }
    return (stella_sv){0};
}

/* The value of a property; ptr NULL when nothing sets it. */
static stella_sv value_of(pom_chain *chain, stella_sv key) {
    const pom *p = chain->items[0];
    const struct {
        const char *name;
        stella_sv value;
    } own[] = {{"groupId", pom_group(p)},
               {"version", pom_version(p)},
               {"artifactId", p->name},
               {"parent.groupId", p->parent_group},
               {"parent.version", p->parent_version},
               {"parent.artifactId", p->parent_name}};
    const stella_sv value = property_of(chain, key);
    for (size_t i = 0; !value.ptr && i < sizeof own / sizeof own[0]; i++)
        if (is_own(key, own[i].name))
            return own[i].value;
    return value;
}

/* One round: each "${key}" by its value, which may hold others. Returns 0 when one has no value or the room ends. */
static int expand_once(pom_chain *chain, stella_sv text, stella_buf *out) {
    while (text.len) {
        const size_t at = stella_sv_find(text, '$');
        stella_sv rest = stella_sv_skip(text, at);
        (void)stella_buf_add(out, stella_sv_first(text, at));
        if (stella_sv_starts(rest, STELLA_SV("${"))) {
            rest = stella_sv_skip(rest, 2);
            const size_t end = stella_sv_find(rest, '}');
            const stella_sv value = value_of(chain, stella_sv_first(rest, end));
            if (end == rest.len || !value.ptr)
                return 0;
            (void)stella_buf_add(out, value);
            rest = stella_sv_skip(rest, end + 1);
        } else if (rest.len) {
            (void)stella_buf_add(out, stella_sv_first(rest, 1));
            rest = stella_sv_skip(rest, 1);
        }
        text = rest;
    }
    return !out->failed;
}

static int is_open(stella_sv text) {
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.ptr[i] == '$' && text.ptr[i + 1] == '{')
            return 1;
    return 0;
}

stella_status pom_expand(pom_chain *chain, stella_sv text, stella_arena *arena, stella_sv *out) {
    for (uint32_t round = 0; is_open(text); round++) {
        STELLA_AUTO(stella_buf_fini) stella_buf next = stella_buf_of(POM_EXPAND_MAX);
        if (round == POM_ROUNDS_MAX || !expand_once(chain, text, &next)) {
            *out = (stella_sv){0};
            return STELLA_OK;
        }
        text = stella_arena_dup(arena, stella_buf_sv(&next));
        if (!text.ptr)
            return STELLA_E_NOMEM;
    }
    *out = text;
    return STELLA_OK;
}
