/* cache_kit.h - a cache in a directory of its own. */
#ifndef TESTS_SCANNER_CACHE_KIT_H
#define TESTS_SCANNER_CACHE_KIT_H

#include "cache.h"
#include "check.h"

#include <stella/auto.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LAYER   "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER   "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define CONTEXT "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define KEY     "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"

typedef struct kit {
    char top[64], root[80];
    cache_options options;
    cache *cache;
} kit;

static inline void kit_open(kit *k) {
    stella_error err = {0};
    cache_closep(&k->cache);
    if (cache_open(&k->options, &k->cache, &err) != STELLA_OK)
        fail_msg("cache_open: %s: %s", err.path, err.message);
}

static inline int kit_set_up(void **state) {
    kit *k = calloc(1, sizeof *k);
    assert_non_null(k);
    *k = (kit){.top = "/tmp/stella-cache-test-XXXXXX", .options = CACHE_OPTIONS_DEFAULT};
    assert_non_null(mkdtemp(k->top));
    snprintf(k->root, sizeof k->root, "%s/a/cache", k->top);
    k->options.root = k->root;
    kit_open(k);
    *state = k;
    return 0;
}

static inline int kit_tear_down(void **state) {
    kit *k = *state;
    char command[256];
    cache_closep(&k->cache);
    snprintf(command, sizeof command, "chmod -R u+w %s; rm -rf %s", k->top, k->top);
    const int failed = system(command);
    free(k);
    return failed;
}

static inline int kit_bytes(const char *text) {
    const int fd = memfd_create("bytes", MFD_CLOEXEC);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    return fd;
}

static inline void assert_fd_holds(int fd, const char *text) {
    char got[4096] = {0};
    assert_int_equal(pread(fd, got, sizeof got - 1, 0), strlen(text));
    assert_string_equal(got, text);
}

static inline stella_status kit_put(kit *k, const char *digest, const char *plugin, const char *bytes) {
    cache_segment segment = {.digest = OTHER};
    snprintf(segment.plugin, sizeof segment.plugin, "%s", plugin);
    STELLA_AUTO(stella_fd_closep) int fd = kit_bytes(bytes);
    const cache_pack pack = {
        .fd = fd, .entries = 3, .bytes = 77, .diff_id = LAYER, .segment_count = 1, .segments = &segment};
    return cache_pack_put(k->cache, digest, CONTEXT, &pack, NULL);
}

static inline int kit_has(kit *k, const char *digest) {
    STELLA_AUTO(cache_pack_fini) cache_pack pack = CACHE_PACK_NONE;
    return cache_pack_get(k->cache, digest, CONTEXT, &pack);
}

static inline int kit_has_file(kit *k, const char *key) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    return cache_file_get(k->cache, key, "result", &fd);
}

/* A path in the cache. */
static inline const char *kit_path(const kit *k, const char *below) {
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", k->root, below);
    return path;
}

static inline void kit_age(const kit *k, const char *below, int64_t days) {
    const struct timespec times[] = {{.tv_sec = time(NULL) - days * 86400}, {.tv_sec = time(NULL) - days * 86400}};
    assert_int_equal(utimensat(AT_FDCWD, kit_path(k, below), times, 0), 0);
}

#define LAYER_META "layers/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/meta.json"
#define OTHER_META "layers/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/meta.json"
#define KEY_META   "cas/dd/" KEY "/meta.json"

#endif
