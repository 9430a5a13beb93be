#include "plugin/catalogue.h"

#include "plugin/files.h"
#include "plugin/folder.h"
#include "plugin/path_safety.h"
#include "plugin/resolve.h"
#include "plugin/verify.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_BYTES  ((uint64_t)1 << 30)
#define PLUGINS_MAX  1024
#define REFUSALS_MAX 4096

struct catalogue {
    stella_arena *arena;
    verify_arenas arenas; /* of the manifests */
    uint32_t count, refusal_count;
    folder_rules rules;
    unsigned char is_refused[PLUGINS_MAX]; /* what drop_refused takes out */
    catalogue_plugin plugins[PLUGINS_MAX];
    catalogue_refusal refusals[REFUSALS_MAX];
    char digest[STELLA_DIGEST_TEXT_SIZE];
};

void catalogue_destroy(catalogue *c) {
    if (!c)
        return;
    for (uint32_t i = 0; i < c->count; i++)
        stella_fd_closep(&c->plugins[i].fd);
    verify_arenas_fini(&c->arenas);
    stella_arena_destroy(c->arena);
    free(c);
}

void catalogue_destroyp(catalogue **c) {
    catalogue_destroy(*c);
    *c = NULL;
}

uint32_t catalogue_count(const catalogue *c) {
    return c->count;
}

const catalogue_plugin *catalogue_at(const catalogue *c, uint32_t index) {
    return &c->plugins[index];
}

uint32_t catalogue_refusal_count(const catalogue *c) {
    return c->refusal_count;
}

const catalogue_refusal *catalogue_refusal_at(const catalogue *c, uint32_t index) {
    return &c->refusals[index];
}

const char *catalogue_digest(const catalogue *c) {
    return c->digest;
}

/* ---- refusals ---- */

static void refuse(catalogue *c, const char *dir, const stella_error *why) {
    if (c->refusal_count < REFUSALS_MAX) /* beyond that nobody reads on */
        c->refusals[c->refusal_count++] = (catalogue_refusal){.dir = dir, .error = *why};
}

/* An anchor that cannot be used; its directory takes the place of the plugin's. */
static void refuse_anchor(void *self, const stella_error *why) {
    catalogue *c = self;
    const size_t slash = stella_sv_rfind(stella_sv_cstr(why->path), '/');
    const char *dir = stella_arena_cstr(c->arena, stella_sv_first(stella_sv_cstr(why->path), slash));
    refuse(c, dir ? dir : "", why);
}

/* A plugin that is in the list already; drop_refused takes it out. */
static void refuse_listed(void *self, uint32_t index, const stella_error *why) {
    catalogue *c = self;
    catalogue_plugin *p = &c->plugins[index];
    stella_error error;
    const char *path = files_join(p->dir, FOLDER_MANIFEST, c->arena, NULL);
    stella_error_set(&error, why->code, path ? path : p->dir, "%s", why->message);
    refuse(c, p->dir, &error);
    stella_fd_closep(&p->fd);
    c->is_refused[index] = 1;
}

static void drop_refused(catalogue *c) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < c->count; i++)
        if (!c->is_refused[i])
            c->plugins[kept++] = c->plugins[i];
    c->count = kept;
    memset(c->is_refused, 0, sizeof c->is_refused);
}

/* ---- reading ---- */

/* Takes what was verified into the list. */
static stella_status add(catalogue *c, const char *dir, verdict *v, stella_error *err) {
    if (v->status != STELLA_OK) {
        *err = v->error;
        return v->status;
    }
    if (c->count == PLUGINS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, dir, "more than %d plugins", PLUGINS_MAX);
    catalogue_plugin *p = &c->plugins[c->count++];
    *p = (catalogue_plugin){.manifest = v->manifest, .dir = dir, .fd = stella_take_fd(&v->fd)};
    memcpy(p->digest, v->digest, sizeof p->digest);
    memcpy(p->key_id, v->anchor->key_id, sizeof p->key_id);
    return STELLA_OK;
}

static void add_batch(catalogue *c, const char *const *dirs, uint32_t count, const trust *t, int64_t now_ms) {
    verdict verdicts[VERIFY_BATCH_MAX];
    stella_error why = {0};
    verify_folders(dirs, count, &c->rules, t, now_ms, &c->arenas, verdicts);
    for (uint32_t i = 0; i < count; i++)
        if (add(c, dirs[i], &verdicts[i], &why) != STELLA_OK)
            refuse(c, dirs[i], &why);
    verdicts_fini(verdicts, count);
}

static int is_folder(int dir_fd, const char *name) {
    struct stat st;
    return fstatat(dir_fd, name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

static stella_status read_plugin_dir(catalogue *c, const char *dir, const trust *t, int64_t now_ms, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return stella_error_set(err, errno == ENOENT ? STELLA_E_NOTFOUND : STELLA_E_IO, dir,
                                "the plugin directory cannot be opened: %s", strerror(errno));
    stella_error why = {0};
    if (path_safety_check(dir, &why) != STELLA_OK) {
        refuse(c, dir, &why);
        return STELLA_OK;
    }
    const char *batch[VERIFY_BATCH_MAX];
    uint32_t waiting = 0;
    files_names list;
    const stella_status status = files_list(fd, dir, c->arena, &list, err);
    for (uint32_t i = 0; status == STELLA_OK && i < list.count; i++) {
        if (!is_folder(fd, list.names[i]))
            continue;
        if (waiting == VERIFY_BATCH_MAX) {
            add_batch(c, batch, waiting, t, now_ms);
            waiting = 0;
        }
        if (!(batch[waiting++] = files_join(dir, list.names[i], c->arena, err)))
            return STELLA_E_NOMEM;
    }
    add_batch(c, batch, waiting, t, now_ms);
    return status;
}

static stella_status read_trust(catalogue *c, const catalogue_options *o, trust *t, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < o->trust_dir_count && status == STELLA_OK; i++)
        status = trust_add_dir(t, o->trust_dirs[i], 0, refuse_anchor, c, err);
    if (status != STELLA_OK || !o->user_trust_dir)
        return status;
    /* The user's directory adds to the system's, which stands without it. */
    stella_error why = {0};
    if (trust_add_dir(t, o->user_trust_dir, 1, refuse_anchor, c, &why) != STELLA_OK)
        refuse(c, o->user_trust_dir, &why);
    return STELLA_OK;
}

/* ---- together ---- */

static int by_id(const void *a, const void *b) {
    const catalogue_plugin *left = a, *right = b;
    const int order = strcmp(left->manifest->id, right->manifest->id);
    return order ? order : strcmp(left->dir, right->dir);
}

static int same_id(const catalogue *c, uint32_t a, uint32_t b) {
    return strcmp(c->plugins[a].manifest->id, c->plugins[b].manifest->id) == 0;
}

/* Which of two is meant cannot be known, so neither is taken. The list is sorted. */
static void refuse_duplicates(catalogue *c) {
    for (uint32_t i = 0; i < c->count; i++) {
        const int before = i > 0 && same_id(c, i, i - 1);
        const int after = i + 1 < c->count && same_id(c, i, i + 1);
        if (!before && !after)
            continue;
        stella_error why;
        stella_error_set(&why, STELLA_E_CONFLICT, NULL, "the id %.60s is also in %.90s; keep one of the two",
                         c->plugins[i].manifest->id, c->plugins[before ? i - 1 : i + 1].dir);
        refuse_listed(c, i, &why);
    }
    drop_refused(c);
}

static stella_status resolve_all(catalogue *c, stella_error *err) {
    const plugin_manifest *manifests[PLUGINS_MAX];
    for (uint32_t i = 0; i < c->count; i++)
        manifests[i] = c->plugins[i].manifest;
    const stella_status status = resolve(manifests, c->count, refuse_listed, c, err);
    drop_refused(c);
    return status;
}

static stella_status name_generation(catalogue *c, stella_error *err) {
    STELLA_AUTO(stella_sha256_destroyp) stella_sha256 *hash = stella_sha256_create();
    if (!hash)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to hash the catalogue");
    for (uint32_t i = 0; i < c->count; i++) {
        const catalogue_plugin *p = &c->plugins[i];
        const char *const parts[] = {p->manifest->id, p->manifest->version, p->digest};
        for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++)
            stella_sha256_update(hash, parts[part], strlen(parts[part]) + 1); /* the NUL separates */
    }
    unsigned char sha256[STELLA_SHA256_SIZE];
    stella_sha256_final(hash, sha256);
    stella_digest_text(sha256, c->digest);
    return STELLA_OK;
}

static stella_status fill(catalogue *c, const catalogue_options *options, trust *t, stella_error *err) {
    c->rules = (folder_rules){.is_parent_safe = 1, .is_needed = options->is_needed, .self = options->self};
    stella_status status = read_trust(c, options, t, err);
    for (uint32_t i = 0; i < options->plugin_dir_count && status == STELLA_OK; i++)
        status = read_plugin_dir(c, options->plugin_dirs[i], t, options->now_ms, err);
    if (status != STELLA_OK)
        return status;
    qsort(c->plugins, c->count, sizeof c->plugins[0], by_id);
    refuse_duplicates(c);
    status = resolve_all(c, err);
    return status == STELLA_OK ? name_generation(c, err) : status;
}

stella_status catalogue_load(const catalogue_options *options, catalogue **out, stella_error *err) {
    STELLA_AUTO(trust_destroyp) trust *t = trust_create();
    STELLA_AUTO(catalogue_destroyp) catalogue *c = calloc(1, sizeof *c);
    if (!t || !c || !(c->arena = stella_arena_create(ARENA_BYTES)))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the catalogue");
    const stella_status status = fill(c, options, t, err);
    if (status == STELLA_OK)
        *out = STELLA_TAKE(c);
    return status;
}
