#include "plugin/files.h"
#include "plugin/package.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>

#define BLOCK_BYTES   10240
#define ARCHIVE_BYTES ((uint64_t)PLUGIN_FILE_BYTES_MAX + (2u << 20))

static void free_reader(struct archive **a) {
    archive_read_free(*a);
}

static void free_writer(struct archive **a) {
    archive_write_free(*a);
}

static void free_entry(struct archive_entry **entry) {
    archive_entry_free(*entry);
}

/* ---- writing ---- */

static la_ssize_t add_block(struct archive *a, void *self, const void *bytes, size_t size) {
    (void)a;
    return stella_buf_add(self, stella_sv_of(bytes, size)) == STELLA_OK ? (la_ssize_t)size : -1;
}

static int add_file(struct archive *a, const char *id, const char *name, stella_sv bytes, unsigned mode) {
    STELLA_AUTO(free_entry) struct archive_entry *entry = archive_entry_new();
    char path[512];
    snprintf(path, sizeof path, "%s/%s", id, name);
    archive_entry_set_pathname(entry, path);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, (__LA_MODE_T)mode);
    archive_entry_set_size(entry, (la_int64_t)bytes.len);
    archive_entry_set_mtime(entry, 0, 0);
    return archive_write_header(a, entry) == ARCHIVE_OK &&
           archive_write_data(a, bytes.ptr, bytes.len) == (la_ssize_t)bytes.len;
}

stella_status package_write_archive(const package *p, const char *path, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(ARCHIVE_BYTES);
    STELLA_AUTO(free_writer) struct archive *a = archive_write_new();
    const plugin_manifest *m = &p->manifest;
    const int is_written = a && archive_write_set_format_ustar(a) == ARCHIVE_OK &&
                           archive_write_set_bytes_per_block(a, BLOCK_BYTES) == ARCHIVE_OK &&
                           archive_write_open(a, &tar, NULL, add_block, NULL) == ARCHIVE_OK &&
                           add_file(a, m->id, FOLDER_MANIFEST, m->json, 0644) &&
                           add_file(a, m->id, FOLDER_SIGNATURE, p->signature, 0644) &&
                           add_file(a, m->id, m->file, p->binary, 0755) && archive_write_close(a) == ARCHIVE_OK;
    if (!is_written)
        return stella_error_set(err, STELLA_E_IO, path, "cannot be packed: %s", a ? archive_error_string(a) : "memory");
    return files_write(path, stella_buf_sv(&tar), 0644, err);
}

/* ---- reading ---- */

typedef struct contents {
    stella_sv id, manifest, signature, binary, binary_name;
} contents;

/* Where an entry belongs, by its name; NULL for what no plugin has. */
static stella_sv *slot_of(contents *c, stella_sv name) {
    if (stella_sv_eq(name, STELLA_SV(FOLDER_MANIFEST)))
        return &c->manifest;
    if (stella_sv_eq(name, STELLA_SV(FOLDER_SIGNATURE)))
        return &c->signature;
    if (!stella_sv_ends(name, STELLA_SV(".so")))
        return NULL;
    c->binary_name = name;
    return &c->binary;
}

static stella_status refuse_entry(stella_error *err, const char *archive_path, const char *name, const char *why) {
    return stella_error_set(err, STELLA_E_FORMAT, archive_path, "the entry \"%.90s\" %s", name ? name : "", why);
}

static stella_status read_bytes(struct archive *a, struct archive_entry *entry, const char *path, stella_arena *arena,
                                stella_sv *out, stella_error *err) {
    const char *name = archive_entry_pathname(entry);
    const la_int64_t size = archive_entry_size(entry);
    if (size < 0 || (uint64_t)size > PLUGIN_FILE_BYTES_MAX)
        return refuse_entry(err, path, name, "is larger than 256 MiB");
    char *bytes = stella_arena_alloc(arena, 1, (uint64_t)size + 1);
    if (!bytes)
        return stella_error_set(err, STELLA_E_NOMEM, path, "no memory for it");
    if (archive_read_data(a, bytes, (size_t)size) != size)
        return refuse_entry(err, path, name, "is cut short");
    *out = stella_sv_of(bytes, (size_t)size);
    return STELLA_OK;
}

/* Exactly ID/NAME, a plain file, once. */
static stella_status take_entry(struct archive *a, struct archive_entry *entry, const char *path, stella_arena *arena,
                                contents *c, stella_error *err) {
    const char *raw = archive_entry_pathname(entry);
    const stella_sv whole = stella_arena_dup(arena, stella_sv_cstr(raw));
    const size_t slash = stella_sv_find(whole, '/');
    const stella_sv id = stella_sv_first(whole, slash), name = stella_sv_skip(whole, slash + 1);
    if (!raw || slash == whole.len || !plugin_id_is_valid(id) || stella_sv_find(name, '/') != name.len)
        return refuse_entry(err, path, raw, "is not ID/FILE; this is no plugin archive");
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) || archive_entry_symlink(entry))
        return refuse_entry(err, path, raw, "is not a plain file");
    if (c->id.len && !stella_sv_eq(c->id, id))
        return refuse_entry(err, path, raw, "belongs to another plugin");
    stella_sv *slot = slot_of(c, name);
    if (!slot)
        return refuse_entry(err, path, raw, "has no place in a plugin");
    if (slot->ptr)
        return refuse_entry(err, path, raw, "is there twice");
    c->id = id;
    return read_bytes(a, entry, path, arena, slot, err);
}

static stella_status read_contents(const char *path, stella_arena *arena, contents *c, stella_error *err) {
    STELLA_AUTO(free_reader) struct archive *a = archive_read_new();
    if (!a || archive_read_support_format_tar(a) != ARCHIVE_OK ||
        archive_read_open_filename(a, path, BLOCK_BYTES) != ARCHIVE_OK)
        return stella_error_set(err, STELLA_E_FORMAT, path, "is no plugin archive: %s",
                                a ? archive_error_string(a) : "no memory");
    for (;;) {
        struct archive_entry *entry;
        const int got = archive_read_next_header(a, &entry);
        if (got == ARCHIVE_EOF)
            return STELLA_OK;
        if (got != ARCHIVE_OK)
            return stella_error_set(err, STELLA_E_FORMAT, path, "is no plugin archive: %s", archive_error_string(a));
        const stella_status status = take_entry(a, entry, path, arena, c, err);
        if (status != STELLA_OK)
            return status;
    }
}

stella_status package_read_archive(const char *path, stella_arena *arena, package *out, stella_error *err) {
    contents c = {{0}, {0}, {0}, {0}, {0}};
    stella_status status = read_contents(path, arena, &c, err);
    if (status != STELLA_OK)
        return status;
    if (!c.manifest.ptr || !c.signature.ptr || !c.binary.ptr)
        return stella_error_set(err, STELLA_E_FORMAT, path,
                                "is not whole: a plugin has " FOLDER_MANIFEST ", " FOLDER_SIGNATURE " and a binary");
    package p = {.signature = c.signature, .binary = c.binary};
    stella_error why = {0};
    status = plugin_manifest_parse(c.manifest, arena, &p.manifest, &why);
    if (status != STELLA_OK)
        return stella_error_set(err, status, path, FOLDER_MANIFEST ": %s: %s", why.path, why.message);
    if (!stella_sv_eq(c.id, stella_sv_cstr(p.manifest.id)) ||
        !stella_sv_eq(c.binary_name, stella_sv_cstr(p.manifest.file)))
        return stella_error_set(err, STELLA_E_FORMAT, path, "its names are not those in " FOLDER_MANIFEST);
    *out = p;
    return STELLA_OK;
}
