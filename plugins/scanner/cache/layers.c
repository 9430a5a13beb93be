/* layers.c - the pack of a layer, and what goes with it. */
#include "meta.h"

#include <stella/auto.h>
#include <stella/json.h>
#include <stella/sink.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ARENA_BYTES (8u << 20)

int is_hex(const char *text) {
    return strspn(text, "0123456789abcdef") == CACHE_HEX_SIZE - 1 && text[CACHE_HEX_SIZE - 1] == 0;
}

int hex_of_digest(const char *digest, char out[CACHE_HEX_SIZE]) {
    if (!stella_digest_is_valid(stella_sv_cstr(digest)))
        return 0;
    memcpy(out, digest + strlen("sha256:"), CACHE_HEX_SIZE);
    return 1;
}

int layer_open(const cache *c, const char *hex, int is_made) {
    return safe_dir(c->layers_fd, hex, is_made && c->usage_fd >= 0);
}

void cache_pack_fini(cache_pack *p) {
    stella_fd_closep(&p->fd);
    free(p->segments);
    *p = (cache_pack)CACHE_PACK_NONE;
}

typedef enum found { FOUND, NOT_FOUND, IS_DAMAGED } found;

static found find_pack(int dir, const char *digest, const char *context, cache_pack *out, uint64_t *size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    uint64_t stored = 0;
    meta_layer meta;
    const stella_sv text = arena ? safe_read(dir, CACHE_META, arena) : (stella_sv){0};
    if (!text.len)
        return faccessat(dir, CACHE_META, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ? IS_DAMAGED : NOT_FOUND;
    if (!meta_layer_parse(text, digest, arena, &meta))
        return IS_DAMAGED;
    *out = meta.pack;
    *size = meta.size;
    if (!stella_sv_eq(meta.context, stella_sv_cstr(context)))
        return NOT_FOUND;
    out->fd = safe_file(dir, meta.name, &stored);
    if (out->fd < 0) /* replaced this very moment, or gone */
        return NOT_FOUND;
    return stored == meta.size ? FOUND : IS_DAMAGED;
}

int cache_pack_has(cache *c, const char *digest) {
    char hex[CACHE_HEX_SIZE];
    STELLA_AUTO(stella_fd_closep) int dir = hex_of_digest(digest, hex) ? layer_open(c, hex, 0) : -1;
    return dir >= 0 && faccessat(dir, CACHE_META, R_OK, AT_EACCESS) == 0;
}

int cache_pack_get(cache *c, const char *digest, const char *context, cache_pack *out) {
    STELLA_AUTO(cache_pack_fini) cache_pack pack = CACHE_PACK_NONE;
    char hex[CACHE_HEX_SIZE];
    uint64_t size = 0;
    STELLA_AUTO(stella_fd_closep) int dir = hex_of_digest(digest, hex) ? layer_open(c, hex, 0) : -1;
    const found how = dir < 0 ? NOT_FOUND : find_pack(dir, digest, context, &pack, &size);
    if (how == IS_DAMAGED)
        cache_pack_drop(c, digest);
    if (how != FOUND) {
        cache_note(c, CACHE_MISS, CACHE_LAYER, 0);
        return 0;
    }
    safe_touch(dir, CACHE_META);
    cache_note(c, CACHE_HIT, CACHE_LAYER, size);
    *out = pack;
    pack = (cache_pack)CACHE_PACK_NONE;
    return 1;
}

static void write_segments(stella_json_writer *w, const cache_pack *pack) {
    stella_json_member_array(w, "segments");
    for (uint32_t i = 0; i < pack->segment_count; i++) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "plugin", stella_sv_cstr(pack->segments[i].plugin));
        stella_json_member_str(w, "digest", stella_sv_cstr(pack->segments[i].digest));
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

/* Two who store the same write the same bytes under the same name. */
static void name_pack(const char *context, const cache_pack *pack, char name[CACHE_NAME_MAX]) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(CACHE_META_MAX);
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_buf_str(&text, stella_sv_cstr(context));
    stella_buf_str(&text, stella_sv_cstr(pack->diff_id));
    for (uint32_t i = 0; i < pack->segment_count; i++) {
        stella_buf_str(&text, stella_sv_cstr(pack->segments[i].plugin));
        stella_buf_str(&text, stella_sv_cstr(pack->segments[i].digest));
    }
    stella_digest_of(stella_buf_sv(&text), digest);
    snprintf(name, CACHE_NAME_MAX, CACHE_PACK "%s", digest + strlen("sha256:"));
}

static stella_status write_meta(int dir, const char *digest, const char *context, const cache_pack *pack,
                                const char *name, uint64_t size, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(CACHE_META_MAX);
    const stella_sink sink = stella_buf_sink(&text);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 1);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "schema", STELLA_SV(META_LAYER_SCHEMA));
    stella_json_member_str(&w, "digest", stella_sv_cstr(digest));
    stella_json_member_str(&w, "context", stella_sv_cstr(context));
    stella_json_member_str(&w, "diffId", stella_sv_cstr(pack->diff_id));
    stella_json_member_u64(&w, "entries", pack->entries);
    stella_json_member_u64(&w, "bytes", pack->bytes);
    stella_json_member_str(&w, "pack", stella_sv_cstr(name));
    stella_json_member_u64(&w, "size", size);
    write_segments(&w, pack);
    stella_json_end_object(&w);
    const stella_status status = stella_json_finish(&w, err);
    return status == STELLA_OK ? safe_write(dir, CACHE_META, stella_buf_sv(&text), err) : status;
}

/* Packs of an earlier context or set of plugins are nobody's any more. Who has one open keeps it. */
static void drop_others(int dir_fd, const char *kept) {
    const int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    STELLA_AUTO(stella_dir_closep) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        if (strncmp(entry->d_name, CACHE_PACK, strlen(CACHE_PACK)) == 0 && strcmp(entry->d_name, kept) != 0)
            unlinkat(dir_fd, entry->d_name, 0);
}

stella_status cache_pack_put(cache *c, const char *digest, const char *context, const cache_pack *pack,
                             stella_error *err) {
    char hex[CACHE_HEX_SIZE], name[CACHE_NAME_MAX];
    struct stat st;
    if (c->usage_fd < 0)
        return STELLA_OK;
    if (!hex_of_digest(digest, hex) || fstat(pack->fd, &st) != 0)
        return stella_error_set(err, STELLA_E_INVALID, digest, "no pack of a layer");
    stella_status status = usage_admit(c, (uint64_t)st.st_size, err);
    STELLA_AUTO(stella_fd_closep) int dir = status == STELLA_OK ? layer_open(c, hex, 1) : -1;
    if (status == STELLA_OK && dir < 0)
        return stella_error_set(err, STELLA_E_IO, c->root, "the cache cannot be written: %s", strerror(errno));
    name_pack(context, pack, name);
    if (status == STELLA_OK)
        status = safe_copy(dir, name, pack->fd, err);
    if (status == STELLA_OK)
        status = write_meta(dir, digest, context, pack, name, (uint64_t)st.st_size, err);
    if (status != STELLA_OK)
        return status;
    drop_others(dir, name);
    usage_add(c, (uint64_t)st.st_size);
    cache_note(c, CACHE_STORED, CACHE_LAYER, (uint64_t)st.st_size);
    return STELLA_OK;
}

int cache_pack_drop(cache *c, const char *digest) {
    char hex[CACHE_HEX_SIZE];
    if (!hex_of_digest(digest, hex) || c->usage_fd < 0)
        return 0;
    cache_note(c, CACHE_DAMAGED, CACHE_LAYER, safe_remove_folder(c->layers_fd, hex));
    return 1;
}

static void name_supplement(const char *key, char name[CACHE_NAME_MAX]) {
    snprintf(name, CACHE_NAME_MAX, CACHE_MORE "%s", key);
}

int cache_supplement_get(cache *c, const char *digest, const char key[CACHE_HEX_SIZE], int *fd) {
    char hex[CACHE_HEX_SIZE], name[CACHE_NAME_MAX];
    uint64_t size = 0;
    STELLA_AUTO(stella_fd_closep) int dir = hex_of_digest(digest, hex) ? layer_open(c, hex, 0) : -1;
    name_supplement(key, name);
    const int opened = dir < 0 ? -1 : safe_file(dir, name, &size);
    cache_note(c, opened >= 0 ? CACHE_HIT : CACHE_MISS, CACHE_LAYER, size);
    if (opened >= 0)
        *fd = opened;
    return opened >= 0;
}

stella_status cache_supplement_put(cache *c, const char *digest, const char key[CACHE_HEX_SIZE], int fd,
                                   stella_error *err) {
    char hex[CACHE_HEX_SIZE], name[CACHE_NAME_MAX];
    struct stat st;
    if (c->usage_fd < 0)
        return STELLA_OK;
    if (!hex_of_digest(digest, hex) || fstat(fd, &st) != 0)
        return stella_error_set(err, STELLA_E_INVALID, digest, "no supplement of a layer");
    stella_status status = usage_admit(c, (uint64_t)st.st_size, err);
    STELLA_AUTO(stella_fd_closep) int dir = status == STELLA_OK ? layer_open(c, hex, 0) : -1;
    if (dir < 0) /* without a pack nobody asks for a supplement */
        return status;
    name_supplement(key, name);
    status = safe_copy(dir, name, fd, err);
    if (status == STELLA_OK) {
        usage_add(c, (uint64_t)st.st_size);
        cache_note(c, CACHE_STORED, CACHE_LAYER, (uint64_t)st.st_size);
    }
    return status;
}
