/* workshop.h - a private folder with keys, anchors and plugins, made to order for the loader's tests. Signs anything,
 * also what `stella plugin sign` would refuse. */
#ifndef TESTS_UNIT_PLUGIN_WORKSHOP_H
#define TESTS_UNIT_PLUGIN_WORKSHOP_H

#include "check.h"

#include "plugin/catalogue.h"
#include "plugin/files.h"
#include "plugin/folder.h"
#include "plugin/key_file.h"

#include <stella/auto.h>
#include <stella/encoding.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW_MS INT64_C(1800000000000) /* 2027-01-15 */

typedef struct workshop {
    char root[64], plugins[96], trust[96], user_trust[96];
    stella_arena *arena;
    key_secret key;
    char key_id[STELLA_DIGEST_TEXT_SIZE];
} workshop;

static inline const char *in(const workshop *w, const char *dir, const char *name) {
    return files_join(dir, name, w->arena, NULL);
}

static inline stella_sv bytes_of(const workshop *w, const char *path) {
    stella_sv bytes;
    stella_error err = {0};
    if (files_read_path(path, PLUGIN_FILE_BYTES_MAX, w->arena, &bytes, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return bytes;
}

static inline void put(const char *path, stella_sv bytes) {
    stella_error err = {0};
    if (files_write(path, bytes, 0644, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
}

static inline stella_sv fixture_binary(const workshop *w, const char *name) {
    return bytes_of(w, stella_arena_printf(w->arena, STELLA_BUILD_DIR "/plugin-objects/tests/fixture-%s.so", name).ptr);
}

/* An anchor for the workshop's key; scope is the rest of its members. */
static inline void trust_key(const workshop *w, const char *dir, const char *scope) {
    const stella_sv key = stella_base64(stella_sv_of((const char *)w->key.public_key, 32), w->arena);
    put(in(w, dir, "test.json"), stella_arena_printf(w->arena,
                                                     "{\"schema\": \"" TRUST_ANCHOR_SCHEMA
                                                     "\", \"name\": \"test\", \"publicKey\": \"%.*s\", %s}",
                                                     STELLA_SV_FMT(key), scope));
}

#define EVERYTHING "\"interfaces\": [\"*\"], \"idPrefixes\": [\"*\"]"

/* What is NULL is as in a good plugin. */
typedef struct order {
    const char *folder, *id, *role, *provides, *requires, *binary;
} order;

#define ORDER(...) ((order){__VA_ARGS__})

static inline const char *or_else(const char *text, const char *fallback) {
    return text ? text : fallback;
}

/* Makes and signs a plugin; returns its folder. */
static inline const char *make(const workshop *w, order o) {
    const char *dir = in(w, w->plugins, or_else(o.folder, "a"));
    const stella_sv binary = fixture_binary(w, or_else(o.binary, "good"));
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(binary, digest);
    const stella_sv manifest = stella_arena_printf(
        w->arena,
        "{\"schema\": \"" PLUGIN_MANIFEST_SCHEMA "\", \"id\": \"%s\", \"version\": \"1.0.0\", \"title\": \"Fixture\", "
        "\"license\": \"Apache-2.0\", \"abi\": {\"major\": %d, \"minor\": %d}, \"file\": \"fixture.so\", "
        "\"fileSize\": %zu, \"fileDigest\": \"%s\", \"role\": \"%s\", \"provides\": [%s], \"requires\": [%s]}",
        or_else(o.id, "org.example.fixture"), STELLA_ABI_MAJOR, STELLA_ABI_MINOR, binary.len, digest,
        or_else(o.role, "scan"), or_else(o.provides, "\"org.example.answer/0\""), or_else(o.requires, ""));
    STELLA_AUTO(stella_buf_fini) stella_buf envelope = stella_buf_of(1 << 20);
    const stella_sink sink = stella_buf_sink(&envelope);
    mkdir(dir, 0755);
    assert_int_equal(
        stella_dsse_sign(STELLA_SV(PLUGIN_MANIFEST_PAYLOAD_TYPE), manifest, w->key.secret_key, &sink, w->arena, NULL),
        STELLA_OK);
    put(in(w, dir, "fixture.so"), binary);
    put(in(w, dir, FOLDER_MANIFEST), manifest);
    put(in(w, dir, FOLDER_SIGNATURE), stella_buf_sv(&envelope));
    return dir;
}

static inline catalogue *load(const workshop *w) {
    const char *plugins[] = {w->plugins}, *trusted[] = {w->trust};
    const catalogue_options options = {.plugin_dirs = plugins,
                                       .plugin_dir_count = 1,
                                       .trust_dirs = trusted,
                                       .trust_dir_count = 1,
                                       .user_trust_dir = w->user_trust,
                                       .now_ms = NOW_MS};
    catalogue *c = NULL;
    stella_error err = {0};
    if (catalogue_load(&options, &c, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return c;
}

/* Nothing is loaded, and the one refusal names this file and this rule. */
static inline void expect_refusal(const workshop *w, const char *file, const char *rule) {
    STELLA_AUTO(catalogue_destroyp) catalogue *c = load(w);
    assert_int_equal(catalogue_count(c), 0);
    assert_int_equal(catalogue_refusal_count(c), 1);
    const stella_error *why = &catalogue_refusal_at(c, 0)->error;
    if (!stella_sv_ends(stella_sv_cstr(why->path), stella_sv_cstr(file)) || !strstr(why->message, rule))
        fail_msg("expected %s: ...%s..., got %s: %s", file, rule, why->path, why->message);
}

static inline int open_workshop(void **state) {
    workshop *w = calloc(1, sizeof *w);
    strcpy(w->root, "/tmp/stella-loader-XXXXXX");
    assert_non_null(mkdtemp(w->root));
    snprintf(w->plugins, sizeof w->plugins, "%s/plugins", w->root);
    snprintf(w->trust, sizeof w->trust, "%s/trust.d", w->root);
    snprintf(w->user_trust, sizeof w->user_trust, "%s/user", w->root);
    assert_int_equal(mkdir(w->plugins, 0755) | mkdir(w->trust, 0755) | mkdir(w->user_trust, 0755), 0);
    w->arena = stella_arena_create(256u << 20);
    stella_ed25519_generate(w->key.public_key, w->key.secret_key);
    stella_ed25519_keyid(w->key.public_key, w->key_id);
    *state = w;
    return 0;
}

static inline int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at) {
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline int close_workshop(void **state) {
    workshop *w = *state;
    nftw(w->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    stella_arena_destroy(w->arena);
    free(w);
    return 0;
}

#endif
