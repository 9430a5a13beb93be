/* select.c - what is to go by name, and what is damaged. */
#include "meta.h"
#include "walk.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define ARENA_BYTES (8u << 20)

typedef struct selection {
    cache *c;
    const char *hex, *plugin; /* NULL: any */
    uint64_t layers;
} selection;

static int holds_plugin(const cache *c, const char *hex, const char *plugin) {
    STELLA_AUTO(stella_fd_closep) int dir = layer_open(c, hex, 0);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    const stella_json *root = NULL;
    if (dir < 0 || !arena || stella_json_parse(safe_read(dir, CACHE_META, arena), arena, &root, NULL) != STELLA_OK)
        return 1; /* nobody knows what it holds */
    const stella_json *segments = stella_json_get(root, "segments");
    for (uint32_t i = 0; segments && i < segments->count; i++) {
        const stella_json *one = stella_json_at(segments, i);
        if (stella_sv_eq(stella_json_str(stella_json_get(one, "plugin")), stella_sv_cstr(plugin)))
            return 1;
    }
    return 0;
}

static int remove_selected(void *self, const walk_entry *entry) {
    selection *s = self;
    if (entry->kind == CACHE_LAYER) {
        if ((s->hex && strcmp(s->hex, entry->hex) != 0) || (s->plugin && !holds_plugin(s->c, entry->hex, s->plugin)))
            return 1;
        s->layers++;
    }
    walk_remove(s->c, entry);
    cache_note(s->c, CACHE_EVICTED, entry->kind, entry->bytes);
    return 1;
}

stella_status cache_invalidate(cache *c, const char *digest, const char *plugin, uint64_t *layers, stella_error *err) {
    char hex[CACHE_HEX_SIZE];
    selection s = {.c = c, .plugin = plugin};
    if (c->usage_fd < 0)
        return stella_error_set(err, STELLA_E_DENIED, c->root, "this cache can only be read");
    if (digest && !hex_of_digest(digest, hex))
        return stella_error_set(err, STELLA_E_INVALID, digest, "not a digest: sha256 and 64 hex digits are wanted");
    s.hex = digest ? hex : NULL;
    walk(c, 1, NULL, remove_selected, &s);
    *layers = s.layers;
    return STELLA_OK;
}

typedef struct check {
    cache *c;
    cache_visit visit;
    void *self;
    uint64_t checked, dropped;
} check;

static int is_pack_name(const char *name) {
    return strncmp(name, CACHE_PACK, strlen(CACHE_PACK)) == 0 || strncmp(name, CACHE_MORE, strlen(CACHE_MORE)) == 0;
}

/* All packs of the layer, as their reader has it; that there is one. */
static int check_layer(check *k, const walk_entry *entry) {
    char digest[STELLA_DIGEST_TEXT_SIZE];
    snprintf(digest, sizeof digest, "sha256:%s", entry->hex);
    const int folder = layer_open(k->c, entry->hex, 0);
    STELLA_AUTO(stella_dir_closep) DIR *dir = folder < 0 ? NULL : fdopendir(folder);
    int packs = 0;
    for (const struct dirent *e; dir && (e = readdir(dir));) {
        if (!is_pack_name(e->d_name))
            continue;
        STELLA_AUTO(stella_fd_closep) int fd = safe_file(folder, e->d_name, NULL);
        if (fd < 0 || !k->visit(k->self, digest, fd))
            return 0;
        packs += strncmp(e->d_name, CACHE_PACK, strlen(CACHE_PACK)) == 0;
    }
    return packs == 1 && entry->is_whole;
}

/* As get does it, of whatever kind it is. */
static int check_file(const check *k, const walk_entry *entry) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    STELLA_AUTO(stella_fd_closep) int dir = file_open(k->c, entry->hex);
    STELLA_AUTO(stella_fd_closep) int fd = dir < 0 ? -1 : safe_file(dir, CACHE_DATA, NULL);
    char digest[STELLA_DIGEST_TEXT_SIZE];
    meta_file meta;
    return fd >= 0 && arena && stella_digest_of_fd(fd, digest, NULL) == STELLA_OK &&
           meta_file_parse(safe_read(dir, CACHE_META, arena), entry->hex, arena, &meta) &&
           stella_sv_eq(meta.digest, stella_sv_cstr(digest));
}

static int check_entry(void *self, const walk_entry *entry) {
    check *k = self;
    const int is_good = entry->kind == CACHE_LAYER ? check_layer(k, entry) : check_file(k, entry);
    k->checked++;
    if (is_good)
        return 1;
    k->dropped++;
    walk_remove(k->c, entry);
    cache_note(k->c, CACHE_DAMAGED, entry->kind, entry->bytes);
    return 1;
}

stella_status cache_verify(cache *c, cache_visit visit, void *self, uint64_t *checked, uint64_t *dropped,
                           stella_error *err) {
    check k = {.c = c, .visit = visit, .self = self};
    if (c->usage_fd < 0)
        return stella_error_set(err, STELLA_E_DENIED, c->root, "this cache can only be read");
    walk(c, 1, NULL, check_entry, &k);
    *checked = k.checked;
    *dropped = k.dropped;
    return STELLA_OK;
}
