#include "analyze.h"

#include "declared.h"
#include "names.h"
#include "probe.h"
#include "tree.h"

#include <stdio.h>

#define CANCEL_EVERY 64 /* packages between two questions whether the result is still wanted */

/* ---- which packages are installed -----------------------------------------------------------------------------------
 */

static int is_installed(const module *m) {
    if (m->package.name.len == 0)
        return 0;
    return m->place != PLACE_PROJECT || m->is_linked ||
           place_is_release(m->folder, m->package.name, m->package.version);
}

/* Projects lead to workspaces by their name, or by what they need. */
static void find_linked(tree *t, const module *from) {
    stella_sv needs = from->package.needs;
    package_need need;
    tree_enter(t, from->folder);
    module *self = from->package.name.len ? tree_resolve(t, from->package.name) : NULL;
    if (self && self->place == PLACE_PROJECT)
        self->is_linked = 1;
    while (package_need_next(&needs, &need)) {
        module *to = tree_resolve(t, need.name);
        if (to && to->place == PLACE_PROJECT)
            to->is_linked = 1;
    }
}

/* ---- components -----------------------------------------------------------------------------------------------------
 */

static void add_scripts(const module *m, stella_component *c, uint64_t *count) {
    int builds = m->package.is_gyp;
    for (int i = 0; i < PACKAGE_SCRIPTS; i++) {
        char name[32];
        if (m->package.scripts[i].len == 0)
            continue;
        snprintf(name, sizeof name, "npm:script:%s", package_script_names[i]);
        stella_component_property(c, stella_sv_cstr(name), m->package.scripts[i]);
        ++*count;
        builds &= i > 1; /* with a preinstall or install of its own npm does not build */
    }
    if (builds) {
        stella_component_property(c, STELLA_SV("npm:script:install"), STELLA_SV("node-gyp rebuild"));
        ++*count;
    }
}

/* Takes "./" off a path inside of the package. Returns 0 for one that leads elsewhere. */
static int is_inside(stella_sv *path) {
    stella_sv rest, part;
    while (stella_sv_starts(*path, STELLA_SV("./")))
        *path = stella_sv_skip(*path, 2);
    rest = *path;
    while (stella_sv_split(&rest, '/', &part))
        if (part.len == 0 || stella_sv_eq(part, STELLA_SV("..")))
            return 0;
    return 1;
}

/* Its manifest, and the programs that are there. */
static stella_status add_files(stella_analysis *job, const module *m, stella_error *err) {
    stella_owned owned = {.struct_size = sizeof owned, .path = m->record.path};
    stella_sv bins = m->package.bins, bin;
    stella_component_owns(m->component, &owned);
    while (package_bin_next(&bins, &bin)) {
        stella_file file = STELLA_FILE_INIT;
        if (!is_inside(&bin))
            continue;
        owned.path = stella_arena_printf(job->arena, "%.*s%s%.*s", STELLA_SV_FMT(m->folder), m->folder.len ? "/" : "",
                                         STELLA_SV_FMT(bin));
        if (!owned.path.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the files of a package");
        if (stella_view_stat(job, owned.path, &file, NULL) == STELLA_OK && file.kind == STELLA_FILE_REGULAR)
            stella_component_owns(m->component, &owned);
    }
    return STELLA_OK;
}

/* t  NULL for what lies in an archive: no files are seen beside it */
static void add_licenses(const tree *t, const module *m) {
    stella_sv licenses = m->package.licenses;
    package_license license;
    uint32_t flags = LICENSE_TEXTS_LICENSE;
    for (; package_license_next(&licenses, &license); flags = 0)
        stella_component_license(m->component, license.how, license.text);
    if (t)
        license_texts_state(&t->licenses, m->folder, flags, m->component);
}

static stella_status add_component(stella_analysis *job, const tree *t, module *m, uint64_t *scripts,
                                   stella_error *err) {
    const package_view *p = &m->package;
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = m->record.layer, .path = m->record.path};
    stella_sv scope, base;
    name_scope(p->name, &scope, &base);
    stella_component *c = stella_component_add(job, STELLA_SV("npm"), base, p->version, 0);
    m->component = c;
    stella_component_set(c, STELLA_FIELD_NAMESPACE, scope);
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, p->description);
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, p->homepage);
    stella_component_set(c, STELLA_FIELD_MAINTAINER, p->author);
    stella_component_evidence(c, &file, p->line, STELLA_SV("metadata"));
    stella_component_from_record(c, &m->record);
    add_licenses(t, m);
    if (m->is_linked)
        stella_component_property(c, STELLA_SV("npm:workspace"), m->folder);
    add_scripts(m, c, scripts);
    const stella_status status = add_files(job, m, err);
    return status == STELLA_OK ? declared_source(job, c, p->integrity, p->resolved, err) : status;
}

static void relate(stella_analysis *job, tree *t, const module *m) {
    stella_sv needs = m->package.needs;
    package_need need;
    tree_enter(t, m->folder);
    while (package_need_next(&needs, &need)) {
        const module *to = need.kind == NEED_DEV ? NULL : tree_resolve(t, need.name);
        if (to && to->component && to != m)
            stella_relate(job, m->component, to->component, STELLA_RELATION_DEPENDS_ON,
                          need.kind == NEED_PROD ? 0 : STELLA_RELATION_OPTIONAL);
    }
}

/* Packages that yarn loads from the zip they came in: what they need its lock file says. */
static stella_status add_zipped(stella_analysis *job, uint64_t *scripts, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(NODE_ZIPPED));
         status == STELLA_OK && stella_records_next(job, &it, &record);) {
        module m = {.record = record, .place = PLACE_MODULE};
        status = package_decode(record.bytes, &m.package, err);
        m.package.bins = STELLA_SV("");
        if (status == STELLA_OK && m.package.name.len)
            status = add_component(job, NULL, &m, scripts, err);
    }
    return status;
}

static stella_status add_installed(stella_analysis *job, tree *t, stella_error *err) {
    uint64_t scripts = 0;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < t->count; i++)
        if (t->modules[i].place == PLACE_PROJECT)
            find_linked(t, &t->modules[i]);
    for (uint32_t i = 0; status == STELLA_OK && i < t->count; i++)
        if (is_installed(&t->modules[i]))
            status = add_component(job, t, &t->modules[i], &scripts, err);
    for (uint32_t i = 0; status == STELLA_OK && i < t->count; i++) {
        if (i % CANCEL_EVERY == 0 && stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "cancelled");
        if (t->modules[i].component)
            relate(job, t, &t->modules[i]);
    }
    if (status == STELLA_OK)
        status = add_zipped(job, &scripts, err);
    if (status == STELLA_OK && scripts)
        stella_count(job, STELLA_SV("node_scripts"), scripts);
    return status;
}

stella_status node_analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    tree *t = stella_arena_alloc(job->arena, 1, sizeof *t);
    if (!t)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the packages of the tree");
    stella_status status = tree_load(job, t, err);
    if (status == STELLA_OK)
        status = add_installed(job, t, err);
    return status == STELLA_OK ? declared_add(job, t, err) : status;
}
