#include "lock.h"
#include "names.h"

typedef struct deno_lock {
    lock *out;
    lookup by_key;  /* "a@1.0.0", with "_b@2.0.0" behind it for peers */
    lookup by_name; /* "a", for what is there once */
    const stella_json *packages;
    stella_error *err;
} deno_lock;

static stella_status no_memory(const deno_lock *d) {
    return stella_error_set(d->err, STELLA_E_NOMEM, NULL, "no memory for the lock file");
}

static stella_status add_entry(deno_lock *d, const stella_json_member *m) {
    lock_entry *e = NULL;
    const stella_status status = lock_add(d->out, &e, d->err);
    if (status != STELLA_OK)
        return status;
    if (name_split(m->key, &e->name, &e->version))
        e->version = stella_sv_first(e->version, stella_sv_find(e->version, '_'));
    e->line = m->value.line;
    e->integrity = stella_json_str(stella_json_get(&m->value, "integrity"));
    e->flags = stella_json_is(stella_json_get(&m->value, "scripts"), STELLA_JSON_TRUE) ? LOCK_SCRIPTS : 0;
    if (!lookup_add(&d->by_key, m->key, d->out->count - 1) || !lookup_add(&d->by_name, e->name, d->out->count - 1))
        return no_memory(d);
    return STELLA_OK;
}

static stella_status need(deno_lock *d, uint32_t from, stella_sv text, uint32_t flags) {
    uint32_t to = lookup_find(&d->by_key, text);
    if (to == LOOKUP_NONE)
        to = lookup_find(&d->by_name, text);
    return to == LOOKUP_NONE ? STELLA_OK : lock_need(d->out, from, to, flags, d->err);
}

/* ["a@1.0.0", "b"] since version 4; {"a": "a@1.0.0"} before. */
static stella_status need_all(deno_lock *d, uint32_t from, const char *key, uint32_t flags) {
    const stella_json *list = stella_json_get(&d->packages->members[from].value, key);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; list && status == STELLA_OK && i < list->count; i++) {
        const stella_json *value = list->kind == STELLA_JSON_OBJECT ? &list->members[i].value : stella_json_at(list, i);
        status = need(d, from, stella_json_str(value), flags);
    }
    return status;
}

stella_status deno_lock_read(stella_sv text, lock *out, stella_error *err) {
    const stella_json *root = NULL;
    deno_lock d = {.out = out, .by_key = lookup_in(out->arena), .by_name = lookup_in(out->arena), .err = err};
    stella_status status = stella_json_parse(text, out->arena, &root, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_get(root, "version"))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no lock file of deno");
    const stella_json *in_v3 = stella_json_get(stella_json_get(root, "packages"), "npm");
    d.packages = in_v3 ? in_v3 : stella_json_get(root, "npm");
    if (!stella_json_is(d.packages, STELLA_JSON_OBJECT))
        return STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < d.packages->count; i++)
        status = add_entry(&d, &d.packages->members[i]);
    lookup_sort(&d.by_key);
    lookup_sort(&d.by_name);
    for (uint32_t i = 0; status == STELLA_OK && i < d.packages->count; i++) {
        status = need_all(&d, i, "dependencies", 0);
        if (status == STELLA_OK)
            status = need_all(&d, i, "optionalDependencies", STELLA_RELATION_OPTIONAL);
    }
    return status;
}
