/* files.c - files under a key. An entry is a folder that appears whole, by rename, and never changes. */
#include "meta.h"

#include <stella/auto.h>
#include <stella/json.h>
#include <stella/sink.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#define ARENA_BYTES (1u << 20)

static int open_prefix(const cache *c, const char *hex, int is_made) {
    const char prefix[] = {hex[0], hex[1], 0};
    return safe_dir(c->files_fd, prefix, is_made);
}

int file_open(const cache *c, const char *hex) {
    STELLA_AUTO(stella_fd_closep) int prefix = open_prefix(c, hex, 0);
    return prefix < 0 ? -1 : safe_dir(prefix, hex, 0);
}

/* Opens what meta.json says there is, and checks it. 0: not there. -1: damaged. */
static int find_file(int dir, const char *key, const char *kind, int *fd, uint64_t *size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    char digest[STELLA_DIGEST_TEXT_SIZE];
    uint64_t stored = 0;
    meta_file meta;
    const stella_sv text = arena ? safe_read(dir, CACHE_META, arena) : (stella_sv){0};
    if (!text.len || !meta_file_parse(text, key, arena, &meta))
        return -1;
    if (!stella_sv_eq(meta.kind, stella_sv_cstr(kind)))
        return 0;
    STELLA_AUTO(stella_fd_closep) int data = safe_file(dir, CACHE_DATA, &stored);
    if (data < 0 || stored != meta.size || stella_digest_of_fd(data, digest, NULL) != STELLA_OK ||
        !stella_sv_eq(meta.digest, stella_sv_cstr(digest)))
        return -1;
    *size = meta.size;
    *fd = stella_take_fd(&data);
    return 1;
}

int cache_file_get(cache *c, const char key[CACHE_HEX_SIZE], const char *kind, int *fd) {
    uint64_t size = 0;
    if (!c->options.has_files || !is_hex(key))
        return 0;
    STELLA_AUTO(stella_fd_closep) int dir = file_open(c, key);
    const int found = dir < 0 ? 0 : find_file(dir, key, kind, fd, &size);
    if (found < 0) {
        cache_file_remove(c, key);
        cache_note(c, CACHE_DAMAGED, CACHE_FILE, 0);
    }
    if (found == 1)
        safe_touch(dir, CACHE_META);
    cache_note(c, found == 1 ? CACHE_HIT : CACHE_MISS, CACHE_FILE, found == 1 ? size : 0);
    return found == 1;
}

static stella_status write_meta(int dir, const char *key, const char *kind, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(4096);
    char digest[STELLA_DIGEST_TEXT_SIZE];
    uint64_t size = 0;
    STELLA_AUTO(stella_fd_closep) int data = safe_file(dir, CACHE_DATA, &size);
    if (data < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "the cache cannot be read: %s", strerror(errno));
    stella_status status = stella_digest_of_fd(data, digest, err);
    if (status != STELLA_OK)
        return status;
    const stella_sink sink = stella_buf_sink(&text);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 1);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "schema", STELLA_SV(META_FILE_SCHEMA));
    stella_json_member_str(&w, "key", stella_sv_cstr(key));
    stella_json_member_str(&w, "kind", stella_sv_cstr(kind));
    stella_json_member_str(&w, "digest", stella_sv_cstr(digest));
    stella_json_member_u64(&w, "size", size);
    stella_json_end_object(&w);
    status = stella_json_finish(&w, err);
    return status == STELLA_OK ? safe_write(dir, CACHE_META, stella_buf_sv(&text), err) : status;
}

static stella_status fill(int prefix, const char *temp, const char *key, const char *kind, int fd, stella_sv bytes,
                          stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int dir = safe_dir(prefix, temp, 1);
    if (dir < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "the cache cannot be written: %s", strerror(errno));
    stella_status status = fd >= 0 ? safe_copy(dir, CACHE_DATA, fd, err) : safe_write(dir, CACHE_DATA, bytes, err);
    if (status == STELLA_OK)
        status = write_meta(dir, key, kind, err);
    if (status == STELLA_OK && renameat(prefix, temp, prefix, key) != 0 && errno != EEXIST && errno != ENOTEMPTY)
        status = stella_error_set(err, STELLA_E_IO, NULL, "the cache cannot be written: %s", strerror(errno));
    return status;
}

static stella_status put(cache *c, const char *key, const char *kind, int fd, stella_sv bytes, uint64_t size,
                         stella_error *err) {
    char temp[CACHE_NAME_MAX];
    uint64_t number;
    if (c->usage_fd < 0 || !c->options.has_files)
        return STELLA_OK;
    if (!is_hex(key))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no key");
    stella_status status = usage_admit(c, size, err);
    if (status != STELLA_OK)
        return status;
    STELLA_AUTO(stella_fd_closep) int prefix = open_prefix(c, key, 1);
    if (prefix < 0 || getrandom(&number, sizeof number, 0) != sizeof number)
        return stella_error_set(err, STELLA_E_IO, c->root, "the cache cannot be written: %s", strerror(errno));
    snprintf(temp, sizeof temp, CACHE_TEMP "%016llx", (unsigned long long)number);
    status = fill(prefix, temp, key, kind, fd, bytes, err);
    safe_remove_folder(prefix, temp); /* still there when it failed, or when another was first */
    if (status == STELLA_OK) {
        usage_add(c, size);
        cache_note(c, CACHE_STORED, CACHE_FILE, size);
    }
    return status;
}

stella_status cache_file_put(cache *c, const char key[CACHE_HEX_SIZE], const char *kind, int fd, stella_error *err) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "what is to be cached cannot be read: %s", strerror(errno));
    return put(c, key, kind, fd, (stella_sv){0}, (uint64_t)st.st_size, err);
}

stella_status cache_file_put_bytes(cache *c, const char key[CACHE_HEX_SIZE], const char *kind, stella_sv bytes,
                                   stella_error *err) {
    return put(c, key, kind, -1, bytes, bytes.len, err);
}

int cache_file_remove(cache *c, const char key[CACHE_HEX_SIZE]) {
    if (!is_hex(key) || c->usage_fd < 0)
        return 0;
    STELLA_AUTO(stella_fd_closep) int prefix = open_prefix(c, key, 0);
    if (prefix < 0 || faccessat(prefix, key, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return 0;
    safe_remove_folder(prefix, key);
    return 1;
}
