#include "lock.h"
#include "names.h"

#include <stella/arena.h>

#define NESTED_MAX 64 /* "dependencies" in each other, of version 1 */

static const stella_sv modules = STELLA_SV_INIT("node_modules/");

/* An entry by the folder it is installed in. */
typedef struct place {
    stella_sv path;
    const stella_json *value;
    uint32_t leads_to; /* of a link: the entry of the folder behind it, else its own */
    uint32_t reserved;
} place;

typedef struct npm_lock {
    lock *out;
    place *places; /* by entry */
    uint32_t count, room;
    lookup by_path;
    int32_t is_v1;
    uint32_t reserved;
    stella_error *err;
} npm_lock;

static stella_status no_memory(const npm_lock *n) {
    return stella_error_set(n->err, STELLA_E_NOMEM, NULL, "no memory for the lock file");
}

static int is_true(const stella_json *object, const char *key) {
    return stella_json_is(stella_json_get(object, key), STELLA_JSON_TRUE);
}

/* What stands in "version": a version, an alias ("npm:b@1.0.0") or where it comes from. */
static void take_version(lock_entry *e, stella_sv version) {
    stella_sv name, rest;
    if (stella_sv_starts(version, STELLA_SV("npm:")) && name_split(stella_sv_skip(version, 4), &name, &rest)) {
        e->name = name;
        e->version = rest;
    } else if (is_address(version) || stella_sv_find(version, '/') < version.len) {
        e->version = git_commit(version);
        e->resolved = version;
    } else {
        e->version = version_clean(version);
    }
}

/* devOptional: development needs it and so does something optional, which production may have. */
static uint32_t flags_of(const stella_json *value) {
    uint32_t flags = 0;
    if (is_true(value, "dev"))
        flags |= LOCK_DEV;
    if (is_true(value, "optional") || is_true(value, "devOptional"))
        flags |= LOCK_OPTIONAL;
    if (is_true(value, "hasInstallScript"))
        flags |= LOCK_SCRIPTS;
    if (is_true(value, "inBundle") || is_true(value, "bundled"))
        flags |= LOCK_BUNDLED;
    return flags;
}

static void fill_entry(lock_entry *e, stella_sv name, const stella_json *value) {
    const stella_sv own_name = stella_json_str(stella_json_get(value, "name"));
    *e = (lock_entry){.line = value->line, .flags = flags_of(value)};
    e->resolved = stella_json_str(stella_json_get(value, "resolved"));
    e->integrity = stella_json_str(stella_json_get(value, "integrity"));
    e->license = stella_json_str(stella_json_get(value, "license"));
    e->name = own_name.len ? own_name : name;
    take_version(e, stella_json_str(stella_json_get(value, "version")));
}

static int places_grow(npm_lock *n) {
    const uint32_t room = n->room ? n->room * 2 : 256;
    place *grown = stella_arena_alloc(n->out->arena, room, sizeof *grown);
    if (!grown)
        return 0;
    if (n->count)
        memcpy(grown, n->places, n->count * sizeof *grown);
    n->places = grown;
    n->room = room;
    return 1;
}

static stella_status add_place(npm_lock *n, stella_sv path, stella_sv name, const stella_json *value) {
    lock_entry *e = NULL;
    const stella_status status = lock_add(n->out, &e, n->err);
    if (status != STELLA_OK)
        return status;
    if ((n->count == n->room && !places_grow(n)) || !lookup_add(&n->by_path, path, n->count))
        return no_memory(n);
    n->places[n->count] = (place){.path = path, .value = value, .leads_to = n->count};
    n->count++;
    fill_entry(e, name, value);
    const int is_own = name.len == 0 || is_true(value, "link");
    if (is_own)
        e->flags |= LOCK_SILENT;
    return STELLA_OK;
}

/* ---- version 1: dependencies in dependencies ------------------------------------------------------------------------
 */

typedef struct nested {
    const stella_json *dependencies;
    uint32_t next;
    uint32_t reserved;
    stella_sv prefix; /* "" or "node_modules/a/" */
} nested;

static stella_status read_nested(npm_lock *n, nested *stack, uint32_t *depth) {
    nested *top = &stack[*depth - 1];
    const stella_json_member *m = &top->dependencies->members[top->next++];
    if (!stella_json_is(&m->value, STELLA_JSON_OBJECT))
        return STELLA_OK;
    const stella_sv path =
        stella_arena_printf(n->out->arena, "%.*snode_modules/%.*s", STELLA_SV_FMT(top->prefix), STELLA_SV_FMT(m->key));
    const stella_json *below = stella_json_get(&m->value, "dependencies");
    if (!path.ptr)
        return no_memory(n);
    if (stella_json_is(below, STELLA_JSON_OBJECT)) {
        if (*depth == NESTED_MAX)
            return stella_error_set(n->err, STELLA_E_LIMIT, NULL, "line %u: nested too deeply", m->value.line);
        const stella_sv prefix = stella_arena_printf(n->out->arena, "%.*s/", STELLA_SV_FMT(path));
        if (!prefix.ptr)
            return no_memory(n);
        stack[(*depth)++] = (nested){.dependencies = below, .prefix = prefix};
    }
    return add_place(n, path, m->key, &m->value);
}

static stella_status read_v1(npm_lock *n, const stella_json *root) {
    nested stack[NESTED_MAX] = {{.dependencies = stella_json_get(root, "dependencies")}};
    uint32_t depth = stella_json_is(stack[0].dependencies, STELLA_JSON_OBJECT) ? 1 : 0;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && depth) {
        if (stack[depth - 1].next == stack[depth - 1].dependencies->count)
            depth--;
        else
            status = read_nested(n, stack, &depth);
    }
    return status;
}

/* ---- versions 2 and 3: folders --------------------------------------------------------------------------------------
 */

/* What is behind the last "node_modules/"; empty for the project and its workspaces. */
static stella_sv name_of(stella_sv path) {
    for (size_t at = path.len; at-- > 0;)
        if ((at == 0 || path.ptr[at - 1] == '/') && stella_sv_starts(stella_sv_skip(path, at), modules))
            return stella_sv_skip(path, at + modules.len);
    return STELLA_SV("");
}

static stella_status read_packages(npm_lock *n, const stella_json *packages) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < packages->count; i++) {
        const stella_json_member *m = &packages->members[i];
        if (stella_json_is(&m->value, STELLA_JSON_OBJECT))
            status = add_place(n, m->key, name_of(m->key), &m->value);
    }
    return status;
}

static void follow_links(npm_lock *n) {
    for (uint32_t i = 0; i < n->count; i++) {
        if (!is_true(n->places[i].value, "link"))
            continue;
        const uint32_t to = lookup_find(&n->by_path, stella_json_str(stella_json_get(n->places[i].value, "resolved")));
        if (to != LOOKUP_NONE)
            n->places[i].leads_to = to;
    }
}

/* ---- what needs what ------------------------------------------------------------------------------------------------
 */

/* The folder above, "" above the first; ptr NULL when there is none. */
static stella_sv above(stella_sv path) {
    if (path.len == 0)
        return (stella_sv){0};
    const size_t slash = stella_sv_rfind(path, '/');
    return stella_sv_first(path, slash < path.len ? slash : 0);
}

/* As node looks for it: in node_modules of the folder, of the one above, ... */
static uint32_t resolve(const npm_lock *n, stella_sv from, stella_sv name) {
    for (stella_sv dir = from; dir.ptr; dir = above(dir)) {
        if (stella_sv_ends(dir, STELLA_SV("node_modules")))
            continue;
        const stella_sv parts[] = {dir, dir.len ? STELLA_SV("/") : STELLA_SV(""), modules, name};
        const uint32_t found = lookup_find_joined(&n->by_path, parts, 4);
        if (found != LOOKUP_NONE)
            return n->places[found].leads_to;
    }
    return LOOKUP_NONE;
}

static stella_status need_all(npm_lock *n, uint32_t from, const char *key, uint32_t flags) {
    const stella_json *needs = stella_json_get(n->places[from].value, key);
    stella_status status = STELLA_OK;
    if (!stella_json_is(needs, STELLA_JSON_OBJECT)) /* in version 1 "requires" of the whole file is true */
        return STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < needs->count; i++) {
        const uint32_t to = resolve(n, n->places[from].path, needs->members[i].key);
        if (to != LOOKUP_NONE)
            status = lock_need(n->out, from, to, flags, n->err);
    }
    return status;
}

static stella_status need_of(npm_lock *n, uint32_t from) {
    if (n->is_v1)
        return need_all(n, from, "requires", 0);
    stella_status status = need_all(n, from, "dependencies", 0);
    if (status == STELLA_OK)
        status = need_all(n, from, "optionalDependencies", STELLA_RELATION_OPTIONAL);
    if (status == STELLA_OK)
        status = need_all(n, from, "peerDependencies", STELLA_RELATION_OPTIONAL);
    return status;
}

stella_status npm_lock_read(stella_sv text, lock *out, stella_error *err) {
    const stella_json *root = NULL;
    npm_lock n = {.out = out, .by_path = lookup_in(out->arena), .err = err};
    stella_status status = stella_json_parse(text, out->arena, &root, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *packages = stella_json_get(root, "packages");
    n.is_v1 = !stella_json_is(packages, STELLA_JSON_OBJECT);
    if (!stella_json_is(root, STELLA_JSON_OBJECT) ||
        (n.is_v1 && !stella_json_get(root, "dependencies") && !stella_json_get(root, "lockfileVersion")))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no lock file of npm");
    status = n.is_v1 ? read_v1(&n, root) : read_packages(&n, packages);
    lookup_sort(&n.by_path);
    follow_links(&n);
    for (uint32_t i = 0; status == STELLA_OK && i < n.count; i++)
        status = need_of(&n, i);
    out->is_marked = 1;
    return status;
}
