/* pack_kit.h - packs for tests, said entry by entry.
 *
 *     kit *layer = kit_create();
 *     kit_file(layer, "etc/passwd");
 *     kit_whiteout(layer, "etc/shadow");
 *     pack *p = kit_pack(layer);          the layer is used up; the caller closes the pack */
#ifndef TESTS_SCANNER_ENGINE_PACK_KIT_H
#define TESTS_SCANNER_ENGINE_PACK_KIT_H

#include "plugins/scanner/engine/evidence.h"
#include "plugins/scanner/engine/protocol.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define KIT_PLUGINS_MAX 8
#define KIT_DIGEST      "sha256:0"

typedef struct kit {
    index_builder *index;
    scratch spill;
    evidence *evidence[KIT_PLUGINS_MAX];
    const char *plugins[KIT_PLUGINS_MAX];
    const char *digest; /* of every plugin's binary */
} kit;

static inline kit *kit_create(void) {
    kit *k = calloc(1, sizeof *k);
    assert(k);
    *k = (kit){.index = index_create(1000000), .spill = {.fd = memfd_create("spill", 0)}, .digest = KIT_DIGEST};
    assert(k->index && k->spill.fd >= 0);
    return k;
}

static inline uint32_t kit_entry(kit *k, const index_entry *entry) {
    uint32_t id = 0;
    const stella_status status = index_add(k->index, entry, &id, NULL);
    assert(status == STELLA_OK);
    (void)status;
    return id;
}

static inline uint32_t kit_sized(kit *k, const char *path, uint64_t size) {
    return kit_entry(
        k, &(index_entry){.path = stella_sv_cstr(path), .kind = STELLA_FILE_REGULAR, .mode = 0644, .size = size});
}

static inline uint32_t kit_file(kit *k, const char *path) {
    return kit_sized(k, path, 1);
}

static inline uint32_t kit_executable(kit *k, const char *path, uint32_t type) {
    return kit_entry(
        k, &(index_entry){
               .path = stella_sv_cstr(path), .kind = STELLA_FILE_REGULAR, .type = type, .mode = 0755, .size = 1});
}

static inline uint32_t kit_dir(kit *k, const char *path) {
    return kit_entry(k, &(index_entry){.path = stella_sv_cstr(path), .kind = STELLA_FILE_DIRECTORY, .mode = 0755});
}

static inline uint32_t kit_link(kit *k, const char *path, const char *target) {
    return kit_entry(k, &(index_entry){.path = stella_sv_cstr(path),
                                       .kind = STELLA_FILE_SYMLINK,
                                       .mode = 0777,
                                       .target = stella_sv_cstr(target)});
}

static inline uint32_t kit_hardlink(kit *k, const char *path, const char *first) {
    return kit_entry(k, &(index_entry){.path = stella_sv_cstr(path),
                                       .kind = STELLA_FILE_REGULAR,
                                       .flags = PACK_HARDLINK,
                                       .target = stella_sv_cstr(first)});
}

static inline void kit_whiteout(kit *k, const char *path) {
    kit_entry(k, &(index_entry){.path = stella_sv_cstr(path), .flags = PACK_WHITEOUT});
}

static inline void kit_opaque(kit *k, const char *path) {
    kit_entry(k, &(index_entry){.path = stella_sv_cstr(path), .flags = PACK_OPAQUE});
}

static inline evidence *kit_evidence(kit *k, const char *plugin) {
    unsigned i = 0;
    while (i < KIT_PLUGINS_MAX && k->plugins[i] && strcmp(k->plugins[i], plugin) != 0)
        i++;
    assert(i < KIT_PLUGINS_MAX);
    if (!k->plugins[i]) {
        k->plugins[i] = plugin;
        k->evidence[i] = evidence_create(&k->spill);
    }
    return k->evidence[i];
}

static inline void kit_keep(kit *k, const char *plugin, uint32_t file, const char *bytes) {
    const stella_status status =
        evidence_content(kit_evidence(k, plugin), file, stella_sv_of("\0", 1), stella_sv_cstr(bytes), NULL);
    assert(status == STELLA_OK);
    (void)status;
}

static inline void kit_record(kit *k, const char *plugin, uint32_t file, const char *kind, const char *key,
                              const char *bytes) {
    const stella_record record = {.struct_size = sizeof record,
                                  .kind = stella_sv_cstr(kind),
                                  .key = stella_sv_cstr(key),
                                  .bytes = stella_sv_cstr(bytes)};
    const stella_status status = evidence_record(kit_evidence(k, plugin), file, stella_sv_of("\0", 1), &record, NULL);
    assert(status == STELLA_OK);
    (void)status;
}

static inline void kit_ignore_note(void *self, stella_sv path, const char *message) {
    (void)self, (void)path, (void)message;
}

/* A descriptor with the pack; the layer is used up. */
static inline int kit_fd(kit *k) {
    const int fd = memfd_create("pack", 0);
    pack_writer *w = NULL;
    pack_segment segment;
    stella_status status = pack_writer_create(fd, &w, NULL);
    if (status == STELLA_OK)
        status = index_sort(k->index, kit_ignore_note, NULL, NULL);
    if (status == STELLA_OK)
        status = index_write(k->index, w, &segment, NULL);
    for (unsigned i = 0; i < KIT_PLUGINS_MAX && k->plugins[i]; i++) {
        if (status == STELLA_OK)
            status =
                evidence_write(k->evidence[i], k->index, w, stella_sv_cstr(k->plugins[i]),
                               stella_sv_cstr(strcmp(k->plugins[i], ENGINE_ID) == 0 ? "" : k->digest), &segment, NULL);
        evidence_destroy(k->evidence[i]);
    }
    if (status == STELLA_OK)
        status = pack_writer_finish(w, NULL);
    assert(status == STELLA_OK);
    pack_writer_destroy(w);
    index_destroy(k->index);
    close(k->spill.fd);
    free(k);
    return fd;
}

static inline pack *kit_pack(kit *k) {
    const int fd = kit_fd(k);
    pack *p = NULL;
    const stella_status status = pack_open(fd, &p, NULL);
    assert(status == STELLA_OK);
    (void)status;
    close(fd);
    return p;
}

#endif
