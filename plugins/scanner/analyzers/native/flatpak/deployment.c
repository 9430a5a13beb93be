#include "deployment.h"

/* Takes the next segment; empty ones are none. */
static int segment(stella_sv *rest, stella_sv *out) {
    return stella_sv_split(rest, '/', out) && out->len;
}

static int parse(stella_sv rest, deployment *out) {
    deployment d = {0};
    if (!segment(&rest, &d.kind) || !segment(&rest, &d.id) || !segment(&rest, &d.architecture) ||
        !segment(&rest, &d.branch) || !segment(&rest, &d.commit) || rest.len == 0)
        return 0;
    if (!stella_sv_eq(d.kind, STELLA_SV("app")) && !stella_sv_eq(d.kind, STELLA_SV("runtime")))
        return 0;
    d.rest = rest;
    *out = d;
    return 1;
}

int deployment_of(stella_sv path, deployment *out) {
    stella_sv rest = path, name;
    while (stella_sv_split(&rest, '/', &name))
        if (stella_sv_eq(name, STELLA_SV("flatpak")) && parse(rest, out)) {
            out->folder = stella_sv_first(path, (size_t)(out->commit.ptr - path.ptr) + out->commit.len);
            return 1;
        }
    return 0;
}

int deployment_parse_ref(stella_sv ref, stella_sv *id, stella_sv *architecture, stella_sv *branch) {
    stella_sv parts[3];
    for (int i = 0; i < 3; i++)
        if (!segment(&ref, &parts[i]))
            return 0;
    if (ref.len)
        return 0;
    *id = parts[0];
    *architecture = parts[1];
    *branch = parts[2];
    return 1;
}

static int has_language(const xml_node *node) { /* xml:lang */
    for (uint32_t i = 0; i < node->attribute_count; i++)
        if (stella_sv_eq(node->attributes[i].name, STELLA_SV("lang")))
            return 1;
    return 0;
}

/* The text of the first one that is no translation. */
static stella_sv untranslated(const xml_node *node) {
    while (node && has_language(node))
        node = xml_again(node);
    return xml_text(node);
}

static stella_sv homepage_of(const xml_node *component) {
    for (const xml_node *url = xml_child(component, "url"); url; url = xml_again(url))
        if (stella_sv_eq(xml_value(url, "type"), STELLA_SV("homepage")))
            return xml_text(url);
    return (stella_sv){0};
}

static stella_sv developer_of(const xml_node *component) {
    const xml_node *developer = xml_child(component, "developer");
    return untranslated(xml_child(developer ? developer : component, developer ? "name" : "developer_name"));
}

int appstream_read(const xml_node *root, appstream *out) {
    const stella_sv suffix = STELLA_SV(".desktop");
    if (!root ||
        (!stella_sv_eq(root->name, STELLA_SV("component")) && !stella_sv_eq(root->name, STELLA_SV("application"))))
        return 0;
    const xml_node *release = xml_child(xml_child(root, "releases"), "release"); /* the newest is the first */
    const stella_sv id = xml_child_text(root, "id");
    *out = (appstream){.id = stella_sv_ends(id, suffix) ? stella_sv_first(id, id.len - suffix.len) : id,
                       .version = stella_sv_trim(xml_value(release, "version")),
                       .license = xml_child_text(root, "project_license"),
                       .summary = untranslated(xml_child(root, "summary")),
                       .homepage = homepage_of(root),
                       .developer = developer_of(root),
                       .line = release ? release->line : 0};
    return 1;
}
