#include "lock.h"
#include "names.h"

#include "common/yaml/yaml.h"

typedef struct pnpm_lock {
    lock *out;
    lookup by_key;   /* keys of snapshots, and of packages that have none: entries */
    lookup packages; /* keys of packages: their position */
    const stella_json *package_list;
    const stella_json **needs; /* by entry: where its dependencies stand */
    lock_root *roots;
    uint32_t root_count, root_room;
    int32_t has_snapshots;
    uint32_t reserved;
    stella_error *err;
} pnpm_lock;

static stella_status no_memory(const pnpm_lock *p) {
    return stella_error_set(p->err, STELLA_E_NOMEM, NULL, "no memory for the lock file");
}

static stella_sv text_at(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static int is_true(const stella_json *object, const char *key) {
    return stella_sv_eq(text_at(object, key), STELLA_SV("true"));
}

/* ---- keys -----------------------------------------------------------------------------------------------------------
 */

/* "1.0.0(a@1)(b@2)" of version 6 and later, "1.0.0_a@1+b@2" before: without what stands for peers. */
static stella_sv without_peers(stella_sv text) {
    return stella_sv_first(text, stella_sv_find(text, '('));
}

/* "/@scope/a/1.0.0_peers": the version is behind the last slash that is before any '_'. */
static int split_by_slash(stella_sv key, stella_sv *name, stella_sv *version) {
    const size_t first = key.len && key.ptr[0] == '@' ? stella_sv_find(key, '/') + 1 : 0;
    const stella_sv base = stella_sv_skip(key, first);
    const size_t slash = stella_sv_find(base, '/');
    if (slash >= base.len)
        return 0;
    *name = stella_sv_first(key, first + slash);
    const stella_sv rest = stella_sv_skip(base, slash + 1);
    *version = stella_sv_first(rest, stella_sv_find(rest, '_'));
    return 1;
}

/* "/a@1.0.0", "a@1.0.0", "/a/1.0.0"; also "/a/1.0.0_b@1", whose '@' is that of a peer. Anything else is a source. */
static void split_key(stella_sv key, lock_entry *e) {
    stella_sv bare = without_peers(key);
    const int has_slash = bare.len && bare.ptr[0] == '/';
    bare = stella_sv_skip(bare, has_slash ? 1 : 0);
    const int has_name = name_split(bare, &e->name, &e->version);
    if (has_slash && (!has_name || !name_is_good(e->name)))
        (void)split_by_slash(bare, &e->name, &e->version);
    if (is_address(e->version)) {
        e->resolved = e->version;
        e->version = git_commit(e->version);
    }
}

/* ---- entries --------------------------------------------------------------------------------------------------------
 */

static void take_package(lock_entry *e, const stella_json *package) {
    const stella_json *resolution = stella_json_get(package, "resolution");
    const stella_sv name = text_at(package, "name"), version = text_at(package, "version");
    const stella_sv tarball = text_at(resolution, "tarball"), commit = text_at(resolution, "commit");
    e->integrity = text_at(resolution, "integrity");
    if (name.len)
        e->name = name;
    if (tarball.len || commit.len)
        e->resolved = tarball.len ? tarball : text_at(resolution, "repo");
    if (version.len)
        e->version = version;
    else if (e->version.len == 0)
        e->version = commit;
    e->flags |= is_true(package, "dev") ? LOCK_DEV : 0;
    e->flags |= is_true(package, "optional") ? LOCK_OPTIONAL : 0;
    e->flags |= is_true(package, "requiresBuild") ? LOCK_SCRIPTS : 0;
}

static stella_status add_entry(pnpm_lock *p, const stella_json_member *m, const stella_json *package) {
    lock_entry *e = NULL;
    const stella_status status = lock_add(p->out, &e, p->err);
    if (status != STELLA_OK)
        return status;
    if (!lookup_add(&p->by_key, m->key, p->out->count - 1))
        return no_memory(p);
    split_key(m->key, e);
    e->line = package ? package->line : m->value.line;
    take_package(e, package);
    if (package != &m->value && is_true(&m->value, "optional"))
        e->flags |= LOCK_OPTIONAL;
    p->needs[p->out->count - 1] = &m->value;
    return STELLA_OK;
}

static stella_status read_snapshots(pnpm_lock *p, const stella_json *snapshots) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < snapshots->count; i++) {
        const stella_json_member *m = &snapshots->members[i];
        const uint32_t at = lookup_find(&p->packages, without_peers(m->key));
        status = add_entry(p, m, at == LOOKUP_NONE ? NULL : &p->package_list->members[at].value);
    }
    return status;
}

/* All packages of a lock file without snapshots; else those that no snapshot stands for. */
static stella_status read_packages(pnpm_lock *p, const lookup *done) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < p->package_list->count; i++) {
        const stella_json_member *m = &p->package_list->members[i];
        if (stella_json_is(&m->value, STELLA_JSON_OBJECT) && lookup_find(done, m->key) == LOOKUP_NONE)
            status = add_entry(p, m, &m->value);
    }
    return status;
}

static stella_status index_packages(pnpm_lock *p, const stella_json *snapshots, lookup *done) {
    for (uint32_t i = 0; i < p->package_list->count; i++)
        if (!lookup_add(&p->packages, p->package_list->members[i].key, i))
            return no_memory(p);
    for (uint32_t i = 0; i < snapshots->count; i++)
        if (!lookup_add(done, without_peers(snapshots->members[i].key), i))
            return no_memory(p);
    lookup_sort(&p->packages);
    lookup_sort(done);
    return STELLA_OK;
}

/* ---- what needs what ------------------------------------------------------------------------------------------------
 */

/* A reference is a version ("1.0.0(peer)"), or a key of its own for aliases and sources. */
static uint32_t find_reference(const pnpm_lock *p, stella_sv name, stella_sv ref) {
    const stella_sv at = STELLA_SV("@"), slash = STELLA_SV("/");
    const stella_sv forms[][4] = {{name, at, ref}, {slash, name, at, ref}, {slash, name, slash, ref}, {ref}};
    static const uint32_t counts[] = {3, 4, 4, 1};
    for (uint32_t i = 0; i < 4; i++) {
        const uint32_t found = lookup_find_joined(&p->by_key, forms[i], counts[i]);
        if (found != LOOKUP_NONE)
            return found;
    }
    return LOOKUP_NONE;
}

static stella_status need_all(pnpm_lock *p, uint32_t from, const char *key, uint32_t flags) {
    const stella_json *needs = stella_json_get(p->needs[from], key);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; stella_json_is(needs, STELLA_JSON_OBJECT) && status == STELLA_OK && i < needs->count; i++) {
        const uint32_t to = find_reference(p, needs->members[i].key, stella_json_str(&needs->members[i].value));
        if (to != LOOKUP_NONE)
            status = lock_need(p->out, from, to, flags, p->err);
    }
    return status;
}

static stella_status add_root(pnpm_lock *p, uint32_t entry, uint32_t kind) {
    if (p->root_count == p->root_room) {
        const uint32_t room = p->root_room ? p->root_room * 2 : 64;
        lock_root *grown = stella_arena_alloc(p->out->arena, room, sizeof *grown);
        if (!grown)
            return no_memory(p);
        if (p->root_count)
            memcpy(grown, p->roots, p->root_count * sizeof *grown);
        p->roots = grown;
        p->root_room = room;
    }
    p->roots[p->root_count++] = (lock_root){.entry = entry, .kind = kind};
    return STELLA_OK;
}

/* "a: 1.0.0" or "a: {specifier: ^1, version: 1.0.0}". */
static stella_status read_importer(pnpm_lock *p, const stella_json *importer) {
    static const struct {
        const char *key;
        uint32_t kind;
    } lists[] = {{"dependencies", LOCK_ROOT_PROD},
                 {"optionalDependencies", LOCK_ROOT_OPTIONAL},
                 {"devDependencies", LOCK_ROOT_DEV},
                 {"configDependencies", LOCK_ROOT_DEV},
                 {"packageManagerDependencies", LOCK_ROOT_DEV}};
    stella_status status = STELLA_OK;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const stella_json *list = stella_json_get(importer, lists[i].key);
        for (uint32_t j = 0; stella_json_is(list, STELLA_JSON_OBJECT) && status == STELLA_OK && j < list->count; j++) {
            const stella_json *value = &list->members[j].value;
            const stella_sv ref = value->kind == STELLA_JSON_STRING ? value->text : text_at(value, "version");
            const uint32_t to = find_reference(p, list->members[j].key, ref);
            if (to != LOOKUP_NONE)
                status = add_root(p, to, lists[i].kind);
        }
    }
    return status;
}

static stella_status read_importers(pnpm_lock *p, const stella_json *document) {
    const stella_json *importers = stella_json_get(document, "importers");
    stella_status status = STELLA_OK;
    if (!stella_json_is(importers, STELLA_JSON_OBJECT))
        return read_importer(p, document);
    for (uint32_t i = 0; status == STELLA_OK && i < importers->count; i++)
        status = read_importer(p, &importers->members[i].value);
    return status;
}

static stella_status read_document(pnpm_lock *p, const stella_json *document) {
    static const stella_json nothing = {.kind = STELLA_JSON_OBJECT};
    const stella_json *packages = stella_json_get(document, "packages");
    const stella_json *snapshots = stella_json_get(document, "snapshots");
    lookup done = lookup_in(p->out->arena);
    const uint32_t first = p->out->count;
    p->package_list = stella_json_is(packages, STELLA_JSON_OBJECT) ? packages : &nothing;
    p->packages = lookup_in(p->out->arena);
    p->by_key = lookup_in(p->out->arena);
    p->has_snapshots |= stella_json_is(snapshots, STELLA_JSON_OBJECT);
    snapshots = stella_json_is(snapshots, STELLA_JSON_OBJECT) ? snapshots : &nothing;
    stella_status status = index_packages(p, snapshots, &done);
    if (status == STELLA_OK)
        status = read_snapshots(p, snapshots);
    if (status == STELLA_OK)
        status = read_packages(p, &done);
    lookup_sort(&p->by_key);
    for (uint32_t i = first; status == STELLA_OK && i < p->out->count; i++) {
        status = need_all(p, i, "dependencies", 0);
        if (status == STELLA_OK)
            status = need_all(p, i, "optionalDependencies", STELLA_RELATION_OPTIONAL);
    }
    return status == STELLA_OK ? read_importers(p, document) : status;
}

/* Room for the dependencies of every entry that the documents may have. */
static int make_room(pnpm_lock *p, const stella_json *documents) {
    uint64_t most = 0;
    for (uint32_t i = 0; i < documents->count; i++) {
        const stella_json *packages = stella_json_get(&documents->items[i], "packages");
        const stella_json *snapshots = stella_json_get(&documents->items[i], "snapshots");
        most += (packages ? packages->count : 0) + (uint64_t)(snapshots ? snapshots->count : 0);
    }
    p->needs = stella_arena_alloc(p->out->arena, most, sizeof(const stella_json *));
    return p->needs != NULL;
}

stella_status pnpm_lock_read(stella_sv text, lock *out, stella_error *err) {
    const stella_json *documents = NULL;
    pnpm_lock p = {.out = out, .err = err};
    stella_status status = yaml_parse(text, out->arena, &documents, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_get(stella_json_at(documents, 0), "lockfileVersion"))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no lock file of pnpm");
    if (!make_room(&p, documents))
        return no_memory(&p);
    for (uint32_t i = 0; status == STELLA_OK && i < documents->count; i++)
        status = read_document(&p, &documents->items[i]);
    if (status != STELLA_OK)
        return status;
    out->is_marked = 1;
    return p.has_snapshots ? lock_mark(out, p.roots, p.root_count, err) : STELLA_OK;
}
