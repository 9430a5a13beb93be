#include "analyze.h"

#include "inventory.h"

#include "common/deb_version.h"
#include "common/dependency.h"
#include "common/origin.h"
#include "common/vendor.h"
#include "common/words.h"

#include <stella/cursor.h>

static void set_fields(const package *p) {
    static const struct {
        uint32_t field;
        stanza_field from;
    } fields[] = {
        {STELLA_FIELD_ARCHITECTURE, STANZA_ARCHITECTURE},
        {STELLA_FIELD_MAINTAINER, STANZA_MAINTAINER},
        {STELLA_FIELD_DESCRIPTION, STANZA_DESCRIPTION},
        {STELLA_FIELD_HOMEPAGE, STANZA_HOMEPAGE},
        {STELLA_FIELD_CPE, STANZA_CPE},
    };
    const stella_sv *values = p->stanza.values;
    uint64_t size;
    for (uint32_t i = 0; i < STELLA_COUNT(fields); i++)
        stella_component_set(p->component, fields[i].field, values[fields[i].from]);
    if (stella_sv_u64(values[STANZA_INSTALLED_SIZE], UINT64_MAX, &size)) /* bytes, other than dpkg's */
        stella_component_set(p->component, STELLA_FIELD_INSTALLED_SIZE, values[STANZA_INSTALLED_SIZE]);
    if (values[STANZA_SECTION].len)
        stella_component_property(p->component, STELLA_SV("opkg:section"), values[STANZA_SECTION]);
    if (values[STANZA_SOURCE].len)
        stella_component_property(p->component, STELLA_SV("opkg:source"), values[STANZA_SOURCE]);
    if (stella_sv_eq(values[STANZA_AUTO_INSTALLED], STELLA_SV("yes")))
        stella_component_property(p->component, STELLA_SV("opkg:auto-installed"), STELLA_SV("true"));
}

static stella_status add_component(stella_analysis *job, package *p, const origin *from, stella_error *err) {
    const stella_sv *values = p->stanza.values;
    const uint32_t flags = vendor_of_opkg(from->id);
    p->component = stella_component_add(job, STELLA_SV("opkg"), values[STANZA_PACKAGE], values[STANZA_VERSION], flags);
    stella_component_qualifier(p->component, STELLA_SV("arch"), values[STANZA_ARCHITECTURE]);
    stella_component_qualifier(p->component, STELLA_SV("distro"), from->distro);
    set_fields(p);
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = p->record.layer, .path = p->path};
    stella_component_evidence(p->component, &file, p->stanza.line, STELLA_SV("package-database"));
    stella_component_from_record(p->component, &p->record);
    return words_add_license(p->component, values[STANZA_LICENSE], err);
}

/* ---- files ---------------------------------------------------------------------------------------------------------
 */

static stella_sv relative(stella_sv path) {
    while (path.len && path.ptr[0] == '/')
        path = stella_sv_skip(path, 1);
    return path;
}

/* The Conffiles field names the path, with a digest behind it that opkg alone knows how it was made. */
static int is_conffile(const package *p, stella_sv path) {
    stella_sv list = p->stanza.values[STANZA_CONFFILES], word;
    while (word_next(&list, &word))
        if (word.ptr[0] == '/' && stella_sv_eq(relative(word), path))
            return 1;
    return 0;
}

static void add_file(stella_analysis *job, const package *p, stella_sv path) {
    stella_file in_tree = STELLA_FILE_INIT;
    path = relative(path);
    if (path.len == 0 ||
        (stella_view_stat(job, path, &in_tree, NULL) == STELLA_OK && in_tree.kind == STELLA_FILE_DIRECTORY))
        return;
    const stella_owned owned = {
        .struct_size = sizeof owned, .flags = is_conffile(p, path) ? STELLA_OWNED_CONFIG : 0, .path = path};
    stella_component_owns(p->component, &owned);
}

/* Lines "/path", behind which a tab, a mode and a link's target may follow. */
static stella_status add_files(stella_analysis *job, const package *p, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    const stella_sv path = stella_arena_printf(job->arena, "%.*s/info/%.*s.list", STELLA_SV_FMT(p->dir),
                                               STELLA_SV_FMT(p->stanza.values[STANZA_PACKAGE]));
    if (!path.ptr)
        return stella_error_at(err, STELLA_E_NOMEM, p->path, "no memory for the files of a package");
    if (stella_view_stat(job, path, &file, NULL) != STELLA_OK || !file.bytes.ptr || !stella_sv_eq(file.path, path))
        return STELLA_OK;
    stella_cursor c = stella_cursor_of(file.bytes.ptr, file.bytes.len);
    stella_sv line;
    while (stella_cursor_line(&c, &line))
        add_file(job, p, stella_sv_first(line, stella_sv_find(line, '\t')));
    return STELLA_OK;
}

/* ---- relations -----------------------------------------------------------------------------------------------------
 */

static int will_do(const provider *to, const dependency *d) {
    return d->relation.len == 0 || (to->version.len && deb_version_satisfies(to->version, d->relation, d->version));
}

static uint32_t link_to(stella_analysis *job, const inventory *inv, const package *from, const dependency *d,
                        int strictly) {
    uint32_t count, linked = 0;
    const provider *to = providers_find(&inv->names, d->name, &count);
    for (uint32_t i = 0; i < count && i < OPKG_CANDIDATES_MAX; i++) {
        if (strictly && !will_do(&to[i], d))
            continue;
        const package *target = &inv->packages[to[i].package];
        linked++;
        if (target != from)
            stella_relate(job, from->component, target->component, STELLA_RELATION_DEPENDS_ON, 0);
    }
    return linked;
}

static void link_field(stella_analysis *job, const inventory *inv, const package *from, stella_sv field) {
    dependency d;
    for (dependency_reader r = dependency_open(field); dependency_next(&r, &d);) {
        if (d.group > OPKG_DEPENDENCIES_MAX) {
            stella_note(job, STELLA_NOTE_ERROR, from->path, from->stanza.line,
                        STELLA_SV("more than 65536 dependencies: the rest was left out"));
            return;
        }
        if (link_to(job, inv, from, &d, 1) == 0)
            (void)link_to(job, inv, from, &d, 0);
    }
}

stella_status opkg_analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    inventory inv;
    origin from;
    stella_status status = inventory_load(job, &inv, err);
    if (status == STELLA_OK)
        status = origin_find(job, STELLA_SV("opkg"), &from, err);
    for (uint32_t i = 0; status == STELLA_OK && i < inv.count; i++) {
        if (inv.packages[i].is_repeated)
            continue;
        status = add_component(job, &inv.packages[i], &from, err);
        if (status == STELLA_OK)
            status = add_files(job, &inv.packages[i], err);
    }
    for (uint32_t i = 0; status == STELLA_OK && i < inv.count && !stella_cancelled(job); i++) {
        const package *p = &inv.packages[i];
        if (p->is_repeated)
            continue;
        link_field(job, &inv, p, p->stanza.values[STANZA_DEPENDS]);
        link_field(job, &inv, p, p->stanza.values[STANZA_PRE_DEPENDS]);
    }
    return status;
}
