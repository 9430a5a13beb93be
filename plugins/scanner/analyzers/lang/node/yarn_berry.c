#include "lock.h"
#include "names.h"

#include "common/yaml/yaml.h"

#define KEYS_MAX 1000

typedef struct berry {
    lock *out;
    lookup by_key;
    const stella_json **values; /* by entry */
    stella_error *err;
} berry;

static stella_status no_memory(const berry *b) {
    return stella_error_set(b->err, STELLA_E_NOMEM, NULL, "no memory for the lock file");
}

/* "a@npm:1.0.0", "a@patch:a@npm%3A1.0.0#...", "a@https://host/a.git#commit=1234", "a@workspace:packages/a". */
static void take_resolution(lock_entry *e, stella_sv resolution) {
    stella_sv source = STELLA_SV("");
    if (!name_split(resolution, &e->name, &source))
        return;
    if (stella_sv_starts(source, STELLA_SV("workspace:")) || stella_sv_starts(source, STELLA_SV("link:")) ||
        stella_sv_starts(source, STELLA_SV("portal:")))
        e->flags |= LOCK_SILENT;
    if (!stella_sv_starts(source, STELLA_SV("npm:")))
        e->resolved = source;
}

/* "a@npm:^1, a@npm:^1.2" */
static stella_status take_keys(berry *b, stella_sv keys, lock_entry *e, uint32_t position) {
    stella_sv key;
    for (uint32_t i = 0; stella_sv_split(&keys, ',', &key); i++) {
        key = stella_sv_trim(key);
        if (i == KEYS_MAX)
            return stella_error_set(b->err, STELLA_E_LIMIT, NULL, "line %u: too many keys", e->line);
        e->keys =
            i ? stella_arena_printf(b->out->arena, "%.*s\n%.*s", STELLA_SV_FMT(e->keys), STELLA_SV_FMT(key)) : key;
        if (!e->keys.ptr || !lookup_add(&b->by_key, key, position))
            return no_memory(b);
    }
    return STELLA_OK;
}

static stella_status add_entry(berry *b, const stella_json_member *m) {
    lock_entry *e = NULL;
    const stella_status status = lock_add(b->out, &e, b->err);
    if (status != STELLA_OK)
        return status;
    b->values[b->out->count - 1] = &m->value;
    e->line = m->value.line;
    e->version = stella_json_str(stella_json_get(&m->value, "version"));
    e->integrity = stella_json_str(stella_json_get(&m->value, "checksum"));
    take_resolution(e, stella_json_str(stella_json_get(&m->value, "resolution")));
    return take_keys(b, m->key, e, b->out->count - 1);
}

/* Ranges stand with "npm:" since yarn 4, without before. */
static uint32_t find_wanted(const berry *b, stella_sv name, stella_sv range) {
    const stella_sv with[] = {name, STELLA_SV("@npm:"), range};
    const stella_sv as_is[] = {name, STELLA_SV("@"), range};
    const uint32_t found = lookup_find_joined(&b->by_key, as_is, 3);
    return found != LOOKUP_NONE ? found : lookup_find_joined(&b->by_key, with, 3);
}

static int is_optional(const stella_json *value, stella_sv name) {
    const stella_json *meta = stella_json_get(value, "dependenciesMeta");
    for (uint32_t i = 0; stella_json_is(meta, STELLA_JSON_OBJECT) && i < meta->count; i++)
        if (stella_sv_eq(meta->members[i].key, name))
            return stella_sv_eq(stella_json_str(stella_json_get(&meta->members[i].value, "optional")),
                                STELLA_SV("true"));
    return 0;
}

static stella_status need_of(berry *b, uint32_t from) {
    const stella_json *needs = stella_json_get(b->values[from], "dependencies");
    stella_status status = STELLA_OK;
    if (!stella_json_is(needs, STELLA_JSON_OBJECT))
        return STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < needs->count; i++) {
        const stella_json_member *m = &needs->members[i];
        const uint32_t to = find_wanted(b, m->key, stella_json_str(&m->value));
        const uint32_t flags = is_optional(b->values[from], m->key) ? STELLA_RELATION_OPTIONAL : 0;
        if (to != LOOKUP_NONE)
            status = lock_need(b->out, from, to, flags, b->err);
    }
    return status;
}

static stella_status read_entries(berry *b, const stella_json *root) {
    stella_status status = STELLA_OK;
    b->values = stella_arena_alloc(b->out->arena, root->count, sizeof(const stella_json *));
    if (!b->values)
        return no_memory(b);
    for (uint32_t i = 0; status == STELLA_OK && i < root->count; i++)
        if (stella_json_is(&root->members[i].value, STELLA_JSON_OBJECT) &&
            !stella_sv_eq(root->members[i].key, STELLA_SV("__metadata")))
            status = add_entry(b, &root->members[i]);
    lookup_sort(&b->by_key);
    for (uint32_t i = 0; status == STELLA_OK && i < b->out->count; i++)
        status = need_of(b, i);
    return status;
}

stella_status yarn_berry_read(stella_sv text, lock *out, stella_error *err) {
    const stella_json *documents = NULL;
    berry b = {.out = out, .by_key = lookup_in(out->arena), .err = err};
    const stella_status status = yaml_parse(text, out->arena, &documents, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *root = stella_json_at(documents, 0);
    if (!stella_json_is(stella_json_get(root, "__metadata"), STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no lock file of yarn");
    return read_entries(&b, root);
}
