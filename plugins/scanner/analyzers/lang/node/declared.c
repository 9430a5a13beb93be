#include "declared.h"

#include "lock.h"
#include "names.h"
#include "probe.h"

#include "common/entry.h"

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what lock files say");
}

stella_status declared_source(stella_analysis *job, stella_component *c, stella_sv integrity, stella_sv resolved,
                              stella_error *err) {
    /* yarn's checksum is that of its own zip, so nobody else can check it */
    const int is_sri =
        stella_sv_starts(integrity, STELLA_SV("sha1-")) || stella_sv_starts(integrity, STELLA_SV("sha256-")) ||
        stella_sv_starts(integrity, STELLA_SV("sha384-")) || stella_sv_starts(integrity, STELLA_SV("sha512-"));
    if (integrity.len)
        stella_component_property(c, is_sri ? STELLA_SV("npm:integrity") : STELLA_SV("npm:yarn-checksum"), integrity);
    if (resolved.len == 0)
        return STELLA_OK;
    const stella_sv clean = url_without_secrets(resolved, job->arena);
    if (!clean.ptr)
        return no_memory(err);
    stella_component_property(c, STELLA_SV("npm:resolved"), clean);
    return STELLA_OK;
}

static uint32_t flags_of(const lock_entry *e) {
    return STELLA_COMPONENT_DECLARED | (e->flags & LOCK_DEV ? STELLA_COMPONENT_DEV : 0) |
           (e->flags & LOCK_OPTIONAL ? STELLA_COMPONENT_OPTIONAL : 0);
}

static stella_status add_component(stella_analysis *job, const stella_record *record, const lock_entry *e,
                                   stella_component **out, stella_error *err) {
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
    stella_sv scope, base;
    name_scope(e->name, &scope, &base);
    stella_component *c = stella_component_add(job, STELLA_SV("npm"), base, e->version, flags_of(e));
    stella_component_set(c, STELLA_FIELD_NAMESPACE, scope);
    stella_component_evidence(c, &file, e->line, STELLA_SV("lockfile"));
    stella_component_from_record(c, record);
    if (e->flags & LOCK_SCRIPTS)
        stella_component_property(c, STELLA_SV("npm:install-script"), STELLA_SV("true"));
    *out = c;
    const stella_status status = entry_license(c, e->license, err);
    return status == STELLA_OK ? declared_source(job, c, e->integrity, e->resolved, err) : status;
}

/* ---- yarn: what the project's package.json files ask for ------------------------------------------------------------
 */

static stella_status index_keys(const lock *l, lookup *by_key, stella_error *err) {
    for (uint32_t i = 0; i < l->count; i++) {
        stella_sv keys = l->entries[i].keys, key;
        while (keys.len && stella_sv_split(&keys, '\n', &key))
            if (!lookup_add(by_key, key, i))
                return no_memory(err);
    }
    lookup_sort(by_key);
    return STELLA_OK;
}

static uint32_t find_key(const lookup *by_key, const package_need *need) {
    const stella_sv as_is[] = {need->name, STELLA_SV("@"), need->range};
    const stella_sv with[] = {need->name, STELLA_SV("@npm:"), need->range};
    const uint32_t found = lookup_find_joined(by_key, as_is, 3);
    return found != LOOKUP_NONE ? found : lookup_find_joined(by_key, with, 3);
}

static int is_project_of(const module *m, stella_sv folder) {
    return m->place == PLACE_PROJECT &&
           (folder.len == 0 ||
            (stella_sv_starts(m->folder, folder) && (m->folder.len == folder.len || m->folder.ptr[folder.len] == '/')));
}

static stella_status mark_by_projects(const tree *t, stella_sv folder, lock *l, stella_error *err) {
    lookup by_key = lookup_in(l->arena);
    uint64_t most = 0;
    uint32_t count = 0;
    const stella_status status = index_keys(l, &by_key, err);
    if (status != STELLA_OK || by_key.count == 0)
        return status;
    for (uint32_t i = 0; i < t->count; i++)
        most += is_project_of(&t->modules[i], folder) ? t->modules[i].package.need_count : 0;
    lock_root *roots = stella_arena_alloc(l->arena, most, sizeof *roots);
    if (!roots)
        return no_memory(err);
    for (uint32_t i = 0; i < t->count; i++) {
        stella_sv needs = is_project_of(&t->modules[i], folder) ? t->modules[i].package.needs : STELLA_SV("");
        package_need need;
        while (count < most && package_need_next(&needs, &need)) {
            const uint32_t at = find_key(&by_key, &need);
            const uint32_t kind = need.kind == NEED_DEV        ? LOCK_ROOT_DEV
                                  : need.kind == NEED_OPTIONAL ? LOCK_ROOT_OPTIONAL
                                                               : LOCK_ROOT_PROD;
            if (at != LOOKUP_NONE)
                roots[count++] = (lock_root){.entry = at, .kind = kind};
        }
    }
    return count ? lock_mark(l, roots, count, err) : STELLA_OK;
}

/* ---- lock files -----------------------------------------------------------------------------------------------------
 */

static stella_status add_lock(stella_analysis *job, const stella_record *record, const lock *l, stella_error *err) {
    stella_component **made = stella_arena_alloc(job->arena, l->count, sizeof(stella_component *));
    stella_status status = made ? STELLA_OK : no_memory(err);
    for (uint32_t i = 0; status == STELLA_OK && i < l->count; i++)
        if (!(l->entries[i].flags & LOCK_SILENT))
            status = add_component(job, record, &l->entries[i], &made[i], err);
    for (uint32_t i = 0; status == STELLA_OK && i < l->count; i++)
        for (uint32_t j = 0; made[i] && j < l->entries[i].edge_count; j++) {
            const lock_edge *edge = &l->edges[l->entries[i].first_edge + j];
            if (made[edge->to])
                stella_relate(job, made[i], made[edge->to], STELLA_RELATION_DEPENDS_ON, edge->flags);
        }
    return status;
}

static stella_status index_installed(const tree *t, lookup *out, stella_error *err) {
    for (uint32_t i = 0; i < t->count; i++) {
        const module *m = &t->modules[i];
        if (m->component && !lookup_add(out, m->record.key, i))
            return no_memory(err);
    }
    lookup_sort(out);
    return STELLA_OK;
}

/* An installer's own list says where the packages came from that are there; of others it is no evidence. */
static stella_status add_sources(stella_analysis *job, const tree *t, const lookup *installed, const lock *l,
                                 stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < l->count; i++) {
        const lock_entry *e = &l->entries[i];
        const stella_sv parts[] = {e->name, STELLA_SV("@"), e->version};
        const uint32_t at = lookup_find_joined(installed, parts, 3);
        if (at == LOOKUP_NONE)
            continue;
        if (e->flags & LOCK_DEV)
            stella_component_property(t->modules[at].component, STELLA_SV("npm:development"), STELLA_SV("true"));
        status = declared_source(job, t->modules[at].component, e->integrity, e->resolved, err);
    }
    return status;
}

stella_status declared_add(stella_analysis *job, const tree *t, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    lookup installed = lookup_in(job->arena);
    stella_status status = index_installed(t, &installed, err);
    for (stella_records it = stella_records_of(STELLA_SV(NODE_LOCK));
         status == STELLA_OK && stella_records_next(job, &it, &record);) {
        lock l;
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "cancelled");
        status = lock_decode(record.bytes, job->arena, &l, err);
        if (status == STELLA_OK && !l.is_marked)
            status = mark_by_projects(t, place_folder(record.path), &l, err);
        if (status == STELLA_OK)
            status = place_is_hidden_lock(record.path) ? add_sources(job, t, &installed, &l, err)
                                                       : add_lock(job, &record, &l, err);
    }
    return status;
}
