/* fake_target.h - a stella_target in memory: a directory of named files, or one file (a tar that is made here). */
#ifndef TESTS_SCANNER_FAKE_TARGET_H
#define TESTS_SCANNER_FAKE_TARGET_H

#include <stella/digest.h>
#include <stella/source.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAKE_FILES  128
#define FAKE_LAYERS 8
#define FAKE_TAR    (1u << 20)

typedef struct fake_target {
    stella_target base;
    uint32_t file_count, layer_count, image_count;
    struct {
        char name[160];
        stella_sv bytes;
    } files[FAKE_FILES];
    stella_image image;
    stella_layer layers[FAKE_LAYERS];
    char *tar; /* what a file target consists of */
    size_t tar_len;
} fake_target;

static inline stella_sv *fake_find(fake_target *t, stella_sv path) {
    for (uint32_t i = 0; i < t->file_count; i++)
        if (stella_sv_eq(path, stella_sv_cstr(t->files[i].name)))
            return &t->files[i].bytes;
    return NULL;
}

static inline stella_status fake_size(stella_target *base, stella_sv path, uint64_t *size, stella_error *err) {
    fake_target *t = (fake_target *)base;
    const stella_sv *file = fake_find(t, path);
    if (base->kind == STELLA_TARGET_DIRECTORY && !file)
        return stella_error_at(err, STELLA_E_NOTFOUND, path, "no such file");
    *size = base->kind == STELLA_TARGET_FILE ? t->tar_len : file->len;
    return STELLA_OK;
}

static inline stella_status fake_read(stella_target *base, stella_sv path, uint64_t offset, void *buf, uint64_t size,
                                      uint64_t *got, stella_error *err) {
    fake_target *t = (fake_target *)base;
    uint64_t whole = 0;
    const stella_status status = fake_size(base, path, &whole, err);
    if (status != STELLA_OK)
        return status;
    const char *bytes = base->kind == STELLA_TARGET_FILE ? t->tar : fake_find(t, path)->ptr;
    const uint64_t left = offset < whole ? whole - offset : 0;
    *got = size < left ? size : left;
    if (*got)
        memcpy(buf, bytes + offset, *got);
    return STELLA_OK;
}

static inline stella_status fake_image(stella_target *base, const stella_image *image, stella_error *err) {
    (void)err;
    ((fake_target *)base)->image = *image;
    ((fake_target *)base)->image_count++;
    return STELLA_OK;
}

static inline stella_status fake_layer(stella_target *base, const stella_layer *layer, stella_error *err) {
    fake_target *t = (fake_target *)base;
    if (t->layer_count == FAKE_LAYERS)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "too many layers for the test");
    t->layers[t->layer_count++] = *layer;
    return STELLA_OK;
}

static inline fake_target *fake_create(uint32_t kind) {
    static const stella_target_ops ops = {.head = STELLA_HEAD(stella_target_ops),
                                          .read_at = fake_read,
                                          .size_of = fake_size,
                                          .image = fake_image,
                                          .layer = fake_layer};
    fake_target *t = calloc(1, sizeof *t);
    t->base = (stella_target){.head = STELLA_HEAD(stella_target),
                              .ops = &ops,
                              .arena = stella_arena_create(64u << 20),
                              .kind = kind,
                              .name = STELLA_SV("target"),
                              .platform = STELLA_SV("linux/amd64")};
    t->tar = calloc(1, FAKE_TAR);
    return t;
}

static inline void fake_destroy(fake_target *t) {
    stella_arena_destroy(t->base.arena);
    free(t->tar);
    free(t);
}

/* Adds a file to the directory; the bytes are copied. */
static inline void fake_add(fake_target *t, const char *name, stella_sv bytes) {
    snprintf(t->files[t->file_count].name, sizeof t->files[0].name, "%s", name);
    t->files[t->file_count++].bytes = stella_arena_dup(t->base.arena, bytes);
}

/* Adds blobs/sha256/<digest>. digest: the text, set here. */
static inline void fake_add_blob(fake_target *t, const char *bytes, char digest[STELLA_DIGEST_TEXT_SIZE]) {
    char name[160];
    stella_digest_of(stella_sv_cstr(bytes), digest);
    snprintf(name, sizeof name, "blobs/sha256/%s", digest + 7);
    fake_add(t, name, stella_sv_cstr(bytes));
}

/* Adds an entry to the archive: type '0' file, '2' symbolic link, '1' hard link. */
static inline void fake_tar_add(fake_target *t, const char *name, char type, const char *link, stella_sv bytes) {
    unsigned char *header = (unsigned char *)t->tar + t->tar_len;
    unsigned sum = 0;
    snprintf((char *)header, 100, "%s", name);
    snprintf((char *)header + 100, 8, "%07o", 0644);
    snprintf((char *)header + 108, 8, "%07o", 0);
    snprintf((char *)header + 116, 8, "%07o", 0);
    snprintf((char *)header + 124, 12, "%011zo", bytes.len);
    snprintf((char *)header + 136, 12, "%011o", 0);
    header[156] = (unsigned char)type;
    snprintf((char *)header + 157, 100, "%s", link);
    memcpy(header + 257, "ustar\00000", 8);
    memset(header + 148, ' ', 8);
    for (int i = 0; i < 512; i++)
        sum += header[i];
    snprintf((char *)header + 148, 8, "%06o", sum);
    if (bytes.len)
        memcpy(header + 512, bytes.ptr, bytes.len);
    t->tar_len += 512 + (bytes.len + 511) / 512 * 512;
}

static inline void fake_tar_end(fake_target *t) {
    t->tar_len += 1024;
}

#endif
