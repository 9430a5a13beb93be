#include "plugin/trust.h"

#include "plugin/files.h"
#include "plugin/path_safety.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#define ARENA_BYTES ((uint64_t)64 << 20)

struct trust {
    stella_arena *arena;
    uint32_t anchor_count, revoked_count;
    const trust_anchor *anchors[TRUST_ANCHORS_MAX];
    const char *revoked[TRUST_REVOKED_MAX]; /* "sha256:<hex>": key ids and binaries alike, they cannot be confused */
};

trust *trust_create(void) {
    trust *t = calloc(1, sizeof *t);
    if (t && !(t->arena = stella_arena_create(ARENA_BYTES))) {
        free(t);
        return NULL;
    }
    return t;
}

void trust_destroy(trust *t) {
    if (!t)
        return;
    stella_arena_destroy(t->arena);
    free(t);
}

void trust_destroyp(trust **t) {
    trust_destroy(*t);
    *t = NULL;
}

uint32_t trust_anchor_count(const trust *t) {
    return t->anchor_count;
}

const trust_anchor *trust_anchor_at(const trust *t, uint32_t index) {
    return t->anchors[index];
}

int trust_is_revoked(const trust *t, const char *digest) {
    for (uint32_t i = 0; i < t->revoked_count; i++)
        if (strcmp(t->revoked[i], digest) == 0) /* NOLINT(clang-analyzer-core.NonNullParamChecker): no anchor is NULL */
            return 1;
    return 0;
}

/* ---- a directory ---- */

typedef struct source {
    trust *t;
    const char *dir;
    int fd, is_user;
} source;

static stella_status read_safely(const source *s, const char *name, const char *path, stella_sv *out,
                                 stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    const stella_status status = path_safety_open(s->fd, name, path, &fd, err);
    return status == STELLA_OK ? files_read(fd, path, TRUST_FILE_BYTES_MAX, s->t->arena, out, err) : status;
}

/* An error inside a file names the file, and the JSON pointer in its message. */
static stella_status in_file(stella_error *err, stella_status status, const char *path, const stella_error *why) {
    return stella_error_set(err, status, path, "%s%s%s", why->path, why->path[0] ? ": " : "", why->message);
}

static stella_status revoke(trust *t, const stella_json *list, const char *path, stella_error *err) {
    for (uint32_t i = 0; list && i < list->count; i++) {
        const stella_sv digest = stella_json_str(stella_json_at(list, i));
        if (!stella_digest_is_valid(digest))
            return stella_error_set(err, STELLA_E_FORMAT, path, "entry %u is not sha256:<64 hex digits>", i + 1);
        if (t->revoked_count == TRUST_REVOKED_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, path, "more than %d entries", TRUST_REVOKED_MAX);
        const char *copy = stella_arena_cstr(t->arena, digest);
        if (!copy)
            return stella_error_set(err, STELLA_E_NOMEM, path, "no room for it");
        t->revoked[t->revoked_count++] = copy;
    }
    return STELLA_OK;
}

static stella_status add_revocations(const source *s, stella_error *err) {
    const char *path = files_join(s->dir, TRUST_REVOCATION_FILE, s->t->arena, err);
    if (!path)
        return STELLA_E_NOMEM;
    stella_sv text;
    stella_status status = read_safely(s, TRUST_REVOCATION_FILE, path, &text, err);
    if (status != STELLA_OK)
        return status == STELLA_E_NOTFOUND ? STELLA_OK : status;
    const stella_json *root;
    stella_error why = {0};
    status = stella_json_parse(text, s->t->arena, &root, &why);
    if (status != STELLA_OK)
        return in_file(err, status, path, &why);
    const stella_json *keys = stella_json_get(root, "keys"), *plugins = stella_json_get(root, "plugins");
    if (!stella_sv_eq(stella_json_str(stella_json_get(root, "schema")), STELLA_SV(TRUST_REVOCATION_SCHEMA)) ||
        (keys && !stella_json_is(keys, STELLA_JSON_ARRAY)) || (plugins && !stella_json_is(plugins, STELLA_JSON_ARRAY)))
        return stella_error_set(err, STELLA_E_FORMAT, path,
                                "must be {\"schema\": \"" TRUST_REVOCATION_SCHEMA "\", \"keys\": [], \"plugins\": []}");
    status = revoke(s->t, keys, path, err);
    return status == STELLA_OK ? revoke(s->t, plugins, path, err) : status;
}

static stella_status add_anchor(const source *s, const char *name, stella_error *err) {
    trust *t = s->t;
    const char *path = files_join(s->dir, name, t->arena, err);
    trust_anchor *anchor = stella_arena_alloc(t->arena, 1, sizeof *anchor);
    if (!path || !anchor)
        return stella_error_set(err, STELLA_E_NOMEM, name, "no room for it");
    stella_sv text;
    stella_status status = read_safely(s, name, path, &text, err);
    if (status != STELLA_OK)
        return status;
    stella_error why = {0};
    status = trust_anchor_parse(text, t->arena, anchor, &why);
    if (status != STELLA_OK)
        return in_file(err, status, path, &why);
    if (t->anchor_count == TRUST_ANCHORS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, path, "more than %d anchors", TRUST_ANCHORS_MAX);
    anchor->file = path;
    anchor->is_user = s->is_user;
    t->anchors[t->anchor_count++] = anchor;
    return STELLA_OK;
}

static stella_status add_anchors(const source *s, void (*refused)(void *, const stella_error *), void *self,
                                 stella_error *err) {
    files_names list;
    const stella_status status = files_list(s->fd, s->dir, s->t->arena, &list, err);
    for (uint32_t i = 0; status == STELLA_OK && i < list.count; i++) {
        const stella_sv name = stella_sv_cstr(list.names[i]);
        if (!stella_sv_ends(name, STELLA_SV(".json")) || stella_sv_eq(name, STELLA_SV(TRUST_REVOCATION_FILE)))
            continue;
        stella_error why = {0};
        if (add_anchor(s, list.names[i], &why) != STELLA_OK)
            refused(self, &why);
    }
    return status;
}

stella_status trust_add_dir(trust *t, const char *dir, int is_user,
                            void (*refused)(void *self, const stella_error *why), void *self, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return STELLA_OK;
    if (fd < 0)
        return stella_error_set(err, STELLA_E_IO, dir, "cannot be opened: %s", strerror(errno));
    stella_status status = path_safety_check(dir, err);
    const source s = {.t = t, .dir = dir, .fd = fd, .is_user = is_user};
    if (status == STELLA_OK)
        status = add_revocations(&s, err);
    return status == STELLA_OK ? add_anchors(&s, refused, self, err) : status;
}

/* ---- scope ---- */

static int is_everything(const char *scope) {
    return strcmp(scope, "*") == 0;
}

static int covers_interface(const trust_anchor *a, const char *interface_id) {
    const stella_sv kind = plugin_interface_kind(interface_id);
    for (uint32_t i = 0; i < a->interface_count; i++)
        if (is_everything(a->interfaces[i]) || stella_sv_eq(kind, stella_sv_cstr(a->interfaces[i])))
            return 1;
    return 0;
}

/* Whole labels: org.example covers org.example.a, not org.examples. */
static int covers_id(const trust_anchor *a, const char *id) {
    for (uint32_t i = 0; i < a->prefix_count; i++) {
        const size_t len = strlen(a->prefixes[i]);
        if (is_everything(a->prefixes[i]) || (strncmp(id, a->prefixes[i], len) == 0 && (!id[len] || id[len] == '.')))
            return 1;
    }
    return 0;
}

static stella_status check_scope(const trust_anchor *a, const plugin_manifest *m, stella_error *err) {
    const char *role = plugin_role_name(m->role);
    if (plugin_role_is_inside(m->role) && a->is_user)
        return stella_error_set(err, STELLA_E_DENIED, NULL,
                                "has the role %s, for which anchors of the user (%.70s) do not count; "
                                "the administrator must trust the key",
                                role, a->name);
    if (!(a->roles & 1u << m->role))
        return stella_error_set(err, STELLA_E_DENIED, NULL,
                                "has the role %s, for which the anchor \"%.70s\" may not sign", role, a->name);
    for (uint32_t i = 0; i < m->provides_count; i++)
        if (!covers_interface(a, m->provides[i]))
            return stella_error_set(err, STELLA_E_DENIED, NULL,
                                    "provides %.60s, for which the anchor \"%.60s\" may not sign", m->provides[i],
                                    a->name);
    if (!covers_id(a, m->id))
        return stella_error_set(err, STELLA_E_DENIED, NULL, "the anchor \"%.60s\" may not sign for ids like %.60s",
                                a->name, m->id);
    return STELLA_OK;
}

static stella_status check_anchor(const trust *t, const trust_anchor *a, const plugin_manifest *m, int64_t now_ms,
                                  stella_error *err) {
    if (trust_is_revoked(t, a->key_id))
        return stella_error_set(err, STELLA_E_DENIED, NULL, "signed by the revoked key %s; get a newly signed plugin",
                                a->key_id);
    if (now_ms > a->not_after_ms)
        return stella_error_set(
            err, STELLA_E_DENIED, NULL,
            "signed by the key of the anchor \"%.60s\", which has expired; renew the anchor or sign "
            "again",
            a->name);
    return check_scope(a, m, err);
}

/* ---- signature ---- */

static int names_key(const stella_dsse *envelope, const char *key_id) {
    for (uint32_t i = 0; i < envelope->signature_count; i++)
        if (stella_sv_eq(envelope->signatures[i].keyid, stella_sv_cstr(key_id)) ||
            envelope->signatures[i].keyid.len == 0)
            return 1;
    return 0;
}

static stella_status check_payload(const stella_dsse *envelope, const plugin_manifest *m, stella_error *err) {
    if (!stella_sv_eq(envelope->payload_type, STELLA_SV(PLUGIN_MANIFEST_PAYLOAD_TYPE)))
        return stella_error_set(err, STELLA_E_DENIED, NULL,
                                "is a signature over something else than a plugin manifest");
    if (!stella_sv_eq(envelope->payload, m->json))
        return stella_error_set(
            err, STELLA_E_DENIED, NULL,
            "is not the signature of this plugin.json, which was changed after signing; sign again");
    return STELLA_OK;
}

/* One key may have several anchors, with different scopes: the first that covers the plugin counts; otherwise the
 * reason of the first is told. */
static stella_status check_anchors(const trust *t, const stella_dsse *envelope, const plugin_manifest *m,
                                   int64_t now_ms, stella_arena *arena, const trust_anchor **out, stella_error *err) {
    stella_error first = {0};
    for (uint32_t i = 0; i < t->anchor_count; i++) {
        const trust_anchor *a = t->anchors[i];
        if (!names_key(envelope, a->key_id))
            continue;
        stella_error why = {0};
        stella_status status = stella_dsse_verify(envelope, a->public_key, arena, NULL);
        if (status == STELLA_OK)
            status = check_anchor(t, a, m, now_ms, &why);
        else
            stella_error_set(&why, status, NULL, "its signature is not by the key it names; sign again");
        if (status == STELLA_OK) {
            *out = a;
            return STELLA_OK;
        }
        first = first.code ? first : why;
    }
    if (first.code)
        return stella_error_set(err, first.code, NULL, "%s", first.message);
    return stella_error_set(err, STELLA_E_DENIED, NULL,
                            "signed by the unknown key %.*s; if you trust its owner: stella key trust",
                            STELLA_SV_FMT(stella_sv_first(envelope->signatures[0].keyid, STELLA_DIGEST_TEXT_SIZE)));
}

stella_status trust_check(const trust *t, const plugin_manifest *m, stella_sv envelope, int64_t now_ms,
                          const trust_anchor **out, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp)
    stella_arena *arena = stella_arena_create(16 * (uint64_t)PLUGIN_MANIFEST_BYTES_MAX);
    if (!arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to check the signature");
    stella_dsse parsed;
    stella_error why = {0};
    stella_status status = stella_dsse_parse(envelope, arena, &parsed, &why);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "is not a signature envelope: %s", why.message);
    status = check_payload(&parsed, m, err);
    return status == STELLA_OK ? check_anchors(t, &parsed, m, now_ms, arena, out, err) : status;
}
