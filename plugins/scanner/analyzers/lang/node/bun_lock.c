#include "jsonc.h"
#include "lock.h"
#include "names.h"

typedef struct bun_lock {
    lock *out;
    lookup by_key;
    const stella_json *packages;
    const stella_json **infos; /* by entry: the object with its dependencies */
    lock_root *roots;
    uint32_t root_count;
    uint32_t reserved;
    stella_error *err;
} bun_lock;

static stella_status no_memory(const bun_lock *b) {
    return stella_error_set(b->err, STELLA_E_NOMEM, NULL, "no memory for the lock file");
}

/* ["name@version", "registry", {...}, "sha512-..."]: what comes behind the first differs by source and version of bun,
 * so it is known by what it looks like. */
static stella_status add_entry(bun_lock *b, const stella_json_member *m) {
    lock_entry *e = NULL;
    stella_sv version = STELLA_SV("");
    const stella_status status = lock_add(b->out, &e, b->err);
    if (status != STELLA_OK)
        return status;
    if (!lookup_add(&b->by_key, m->key, b->out->count - 1))
        return no_memory(b);
    (void)name_split(stella_json_str(stella_json_at(&m->value, 0)), &e->name, &version);
    e->line = m->value.line;
    e->version = version;
    if (is_address(version) || stella_sv_find(version, ':') < version.len) {
        e->version = git_commit(version);
        e->resolved = version;
    }
    for (uint32_t i = 1; i < m->value.count; i++) {
        const stella_json *part = &m->value.items[i];
        if (part->kind == STELLA_JSON_OBJECT && !b->infos[b->out->count - 1])
            b->infos[b->out->count - 1] = part;
        if (stella_sv_starts(stella_json_str(part), STELLA_SV("sha")))
            e->integrity = part->text;
        else if (stella_sv_starts(stella_json_str(part), STELLA_SV("http")))
            e->resolved = part->text;
    }
    return STELLA_OK;
}

/* The key is the way to the package, "a/@scope/b/c": without its last name; empty above the first. */
static stella_sv above(stella_sv key) {
    const size_t slash = stella_sv_rfind(key, '/');
    if (slash >= key.len)
        return STELLA_SV("");
    const stella_sv rest = stella_sv_first(key, slash);
    const size_t before = stella_sv_rfind(rest, '/');
    const size_t last = before < rest.len ? before + 1 : 0;
    if (rest.len <= last || rest.ptr[last] != '@')
        return rest;
    return stella_sv_first(rest, last ? last - 1 : 0);
}

static uint32_t find_from(const bun_lock *b, stella_sv key, stella_sv name) {
    for (stella_sv at = key; at.len; at = above(at)) {
        const stella_sv parts[] = {at, STELLA_SV("/"), name};
        const uint32_t found = lookup_find_joined(&b->by_key, parts, 3);
        if (found != LOOKUP_NONE)
            return found;
    }
    return lookup_find(&b->by_key, name);
}

static stella_status need_all(bun_lock *b, uint32_t from, stella_sv key, const char *list, uint32_t flags) {
    const stella_json *needs = stella_json_get(b->infos[from], list);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; stella_json_is(needs, STELLA_JSON_OBJECT) && status == STELLA_OK && i < needs->count; i++) {
        const uint32_t to = find_from(b, key, needs->members[i].key);
        if (to != LOOKUP_NONE)
            status = lock_need(b->out, from, to, flags, b->err);
    }
    return status;
}

static stella_status need_of(bun_lock *b, uint32_t from, stella_sv key) {
    stella_status status = need_all(b, from, key, "dependencies", 0);
    if (status == STELLA_OK)
        status = need_all(b, from, key, "optionalDependencies", STELLA_RELATION_OPTIONAL);
    if (status == STELLA_OK)
        status = need_all(b, from, key, "peerDependencies", STELLA_RELATION_OPTIONAL);
    return status;
}

/* ---- workspaces -----------------------------------------------------------------------------------------------------
 */

static const struct {
    const char *key;
    uint32_t kind;
} lists[] = {{"dependencies", LOCK_ROOT_PROD},
             {"peerDependencies", LOCK_ROOT_PROD},
             {"optionalDependencies", LOCK_ROOT_OPTIONAL},
             {"devDependencies", LOCK_ROOT_DEV}};

static uint64_t count_needs(const stella_json *workspaces) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < workspaces->count; i++)
        for (size_t j = 0; j < sizeof lists / sizeof lists[0]; j++) {
            const stella_json *list = stella_json_get(&workspaces->members[i].value, lists[j].key);
            count += stella_json_is(list, STELLA_JSON_OBJECT) ? list->count : 0;
        }
    return count;
}

static void add_roots(bun_lock *b, const stella_json *workspace) {
    const stella_sv name = stella_json_str(stella_json_get(workspace, "name"));
    for (size_t j = 0; j < sizeof lists / sizeof lists[0]; j++) {
        const stella_json *list = stella_json_get(workspace, lists[j].key);
        for (uint32_t k = 0; stella_json_is(list, STELLA_JSON_OBJECT) && k < list->count; k++) {
            const uint32_t to = find_from(b, name, list->members[k].key);
            if (to != LOOKUP_NONE)
                b->roots[b->root_count++] = (lock_root){.entry = to, .kind = lists[j].kind};
        }
    }
}

static stella_status mark(bun_lock *b, const stella_json *workspaces) {
    if (!stella_json_is(workspaces, STELLA_JSON_OBJECT))
        return STELLA_OK;
    b->roots = stella_arena_alloc(b->out->arena, count_needs(workspaces), sizeof *b->roots);
    if (!b->roots)
        return no_memory(b);
    for (uint32_t i = 0; i < workspaces->count; i++)
        add_roots(b, &workspaces->members[i].value);
    return lock_mark(b->out, b->roots, b->root_count, b->err);
}

static stella_status read_packages(bun_lock *b) {
    stella_status status = STELLA_OK;
    const stella_json *const packages = b->packages;
    const stella_json_member **of = stella_arena_alloc(b->out->arena, packages->count, sizeof(stella_json_member *));
    b->infos = stella_arena_alloc(b->out->arena, packages->count, sizeof(const stella_json *));
    if (!of || !b->infos)
        return no_memory(b);
    for (uint32_t i = 0; status == STELLA_OK && i < packages->count; i++) {
        of[b->out->count] = &packages->members[i];
        if (stella_json_is(&packages->members[i].value, STELLA_JSON_ARRAY))
            status = add_entry(b, &packages->members[i]);
    }
    lookup_sort(&b->by_key);
    for (uint32_t i = 0; status == STELLA_OK && i < b->out->count; i++)
        status = need_of(b, i, of[i]->key);
    return status;
}

stella_status bun_lock_read(stella_sv text, lock *out, stella_error *err) {
    const stella_json *root = NULL;
    bun_lock b = {.out = out, .by_key = lookup_in(out->arena), .err = err};
    const stella_sv plain = jsonc_plain(text, out->arena);
    if (!plain.ptr)
        return no_memory(&b);
    stella_status status = stella_json_parse(plain, out->arena, &root, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_get(root, "lockfileVersion"))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no lock file of bun");
    b.packages = stella_json_get(root, "packages");
    if (!stella_json_is(b.packages, STELLA_JSON_OBJECT))
        return STELLA_OK;
    status = read_packages(&b);
    return status == STELLA_OK ? mark(&b, stella_json_get(root, "workspaces")) : status;
}
