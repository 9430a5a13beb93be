#include "nuspec.h"

#include "common/xml/xml.h"

#define SUFFIX ".nuspec"

/* Names of folders are in lower case, whatever the package's own name is. */
static int is_unpacked(stella_sv path, stella_sv *folder) {
    const stella_sv name = entry_pop(&path);
    *folder = path;
    const stella_sv version = entry_pop(&path);
    const stella_sv id = entry_pop(&path);
    return version.len && version.ptr[0] >= '0' && version.ptr[0] <= '9' &&
           stella_sv_ieq(id, stella_sv_first(name, name.len - (sizeof SUFFIX - 1)));
}

/* <license type="expression">, or the address of a text, of which only NuGet's own names the license. */
static stella_status add_license(stella_component *c, const xml_node *metadata, stella_error *err) {
    static const stella_sv host = STELLA_SV_INIT("https://licenses.nuget.org/");
    const xml_node *license = xml_child(metadata, "license");
    const stella_sv url = xml_child_text(metadata, "licenseUrl");
    if (license && stella_sv_eq(xml_value(license, "type"), STELLA_SV("expression")))
        return entry_license(c, xml_text(license), err);
    if (!license && stella_sv_starts(url, host))
        return entry_license(c, stella_sv_skip(url, host.len), err);
    return STELLA_OK;
}

static stella_status add_needs(dotnet *d, stella_component *c, const xml_node *parent, stella_sv scope, uint32_t *room,
                               stella_error *err) {
    stella_status status = STELLA_OK;
    for (const xml_node *need = xml_child(parent, "dependency"); need && status == STELLA_OK; need = xml_again(need)) {
        if ((*room)-- == 0)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d dependencies", DOTNET_NEEDS_MAX);
        status = dotnet_needs(d, c, scope, xml_value(need, "id"), 0, err);
    }
    return status;
}

/* Groups are for frameworks: which one is built for is not known here, so each counts. Packages of one folder see each
 * other. */
static stella_status relate(dotnet *d, stella_component *c, const xml_node *metadata, stella_sv scope,
                            stella_error *err) {
    const xml_node *all = xml_child(metadata, "dependencies");
    uint32_t room = DOTNET_NEEDS_MAX;
    stella_status status = add_needs(d, c, all, scope, &room, err);
    for (const xml_node *group = xml_child(all, "group"); group && status == STELLA_OK; group = xml_again(group))
        status = add_needs(d, c, group, scope, &room, err);
    return status;
}

static void describe(stella_component *c, const xml_node *metadata) {
    stella_component_set(c, STELLA_FIELD_MAINTAINER, xml_child_text(metadata, "authors"));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, xml_child_text(metadata, "description"));
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, xml_child_text(metadata, "projectUrl"));
}

static stella_status add_package(dotnet *d, const stella_file *file, stella_sv folder, const xml_node *metadata,
                                 stella_error *err) {
    const dotnet_package package = {.name = xml_child_text(metadata, "id"),
                                    .version = xml_child_text(metadata, "version"),
                                    .line = metadata->line,
                                    .method = "metadata"};
    stella_component *c = dotnet_add(d, file, &package);
    stella_sv scope = folder;
    if (!c)
        return STELLA_OK;
    (void)entry_pop(&scope); /* the version, then the name */
    (void)entry_pop(&scope);
    describe(c, metadata);
    stella_status status = add_license(c, metadata, err);
    if (status == STELLA_OK)
        status = dotnet_name(d, scope, package.name, c, err);
    if (status == STELLA_OK)
        status = relate(d, c, metadata, scope, err);
    if (status == STELLA_OK)
        status = dotnet_owns(d, c, file->path, err);
    return status == STELLA_OK ? dotnet_owns_folder(d, c, folder, err) : status;
}

stella_status nuspec_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const xml_node *root;
    stella_sv folder;
    if (!is_unpacked(file->path, &folder))
        return STELLA_OK;
    const stella_status status = xml_parse(file->bytes, scratch, &root, err);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the document has too many values to be read");
    if (status != STELLA_OK)
        return status;
    const xml_node *metadata = xml_child(root, "metadata");
    if (!metadata)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the document has no element \"metadata\"");
    return add_package(dotnet_at(g), file, folder, metadata, err);
}
