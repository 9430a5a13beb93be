#include "plugin/archive_library.h"
#include "plugin/files.h"
#include "plugin/package.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <stdio.h>

#define BLOCK_BYTES   10240
#define ARCHIVE_BYTES ((uint64_t)PLUGIN_FILE_BYTES_MAX + (2u << 20))

/* An archive that is read or written, and the library that does it. */
typedef struct tape {
    const archive_library *lib;
    struct archive *a; /* NULL: out of memory */
} tape;

static void free_reader(tape *t) {
    if (t->a)
        t->lib->read_free(t->a);
}

static void free_writer(tape *t) {
    if (t->a)
        t->lib->write_free(t->a);
}

/* ---- writing ---- */

static la_ssize_t add_block(struct archive *a, void *self, const void *bytes, size_t size) {
    (void)a;
    return stella_buf_add(self, stella_sv_of(bytes, size)) == STELLA_OK ? (la_ssize_t)size : -1;
}

static int add_file(const tape *t, const char *id, const char *name, stella_sv bytes, unsigned mode) {
    struct archive_entry *entry = t->lib->entry_new();
    char path[512];
    snprintf(path, sizeof path, "%s/%s", id, name);
    if (!entry)
        return 0;
    t->lib->entry_set_pathname(entry, path);
    t->lib->entry_set_filetype(entry, AE_IFREG);
    t->lib->entry_set_perm(entry, (__LA_MODE_T)mode);
    t->lib->entry_set_size(entry, (la_int64_t)bytes.len);
    t->lib->entry_set_mtime(entry, 0, 0);
    const int is_added = t->lib->write_header(t->a, entry) == ARCHIVE_OK &&
                         t->lib->write_data(t->a, bytes.ptr, bytes.len) == (la_ssize_t)bytes.len;
    t->lib->entry_free(entry);
    return is_added;
}

stella_status package_write_archive(const package *p, const char *path, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(ARCHIVE_BYTES);
    STELLA_AUTO(free_writer) tape t = {NULL, NULL};
    const stella_status status = archive_library_open(&t.lib, err);
    if (status != STELLA_OK)
        return status;
    t.a = t.lib->write_new();
    const plugin_manifest *m = &p->manifest;
    const int is_written = t.a && t.lib->write_set_format_ustar(t.a) == ARCHIVE_OK &&
                           t.lib->write_set_bytes_per_block(t.a, BLOCK_BYTES) == ARCHIVE_OK &&
                           t.lib->write_open(t.a, &tar, NULL, add_block, NULL) == ARCHIVE_OK &&
                           add_file(&t, m->id, FOLDER_MANIFEST, m->json, 0644) &&
                           add_file(&t, m->id, FOLDER_SIGNATURE, p->signature, 0644) &&
                           add_file(&t, m->id, m->file, p->binary, 0755) && t.lib->write_close(t.a) == ARCHIVE_OK;
    if (!is_written)
        return stella_error_set(err, STELLA_E_IO, path, "cannot be packed: %s",
                                t.a ? t.lib->error_string(t.a) : "no memory");
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

static stella_status read_bytes(const tape *t, struct archive_entry *entry, const char *path, stella_arena *arena,
                                stella_sv *out, stella_error *err) {
    const char *name = t->lib->entry_pathname(entry);
    const la_int64_t size = t->lib->entry_size(entry);
    if (size < 0 || (uint64_t)size > PLUGIN_FILE_BYTES_MAX)
        return refuse_entry(err, path, name, "is larger than 256 MiB");
    char *bytes = stella_arena_alloc(arena, 1, (uint64_t)size + 1);
    if (!bytes)
        return stella_error_set(err, STELLA_E_NOMEM, path, "no memory for it");
    if (t->lib->read_data(t->a, bytes, (size_t)size) != size)
        return refuse_entry(err, path, name, "is cut short");
    *out = stella_sv_of(bytes, (size_t)size);
    return STELLA_OK;
}

/* Exactly ID/NAME, a plain file, once. */
static stella_status take_entry(const tape *t, struct archive_entry *entry, const char *path, stella_arena *arena,
                                contents *c, stella_error *err) {
    const char *raw = t->lib->entry_pathname(entry);
    const stella_sv whole = stella_arena_dup(arena, stella_sv_cstr(raw));
    const size_t slash = stella_sv_find(whole, '/');
    const stella_sv id = stella_sv_first(whole, slash), name = stella_sv_skip(whole, slash + 1);
    if (!raw || slash == whole.len || !plugin_id_is_valid(id) || stella_sv_find(name, '/') != name.len)
        return refuse_entry(err, path, raw, "is not ID/FILE; this is no plugin archive");
    if (t->lib->entry_filetype(entry) != AE_IFREG || t->lib->entry_hardlink(entry) || t->lib->entry_symlink(entry))
        return refuse_entry(err, path, raw, "is not a plain file");
    if (c->id.len && !stella_sv_eq(c->id, id))
        return refuse_entry(err, path, raw, "belongs to another plugin");
    stella_sv *slot = slot_of(c, name);
    if (!slot)
        return refuse_entry(err, path, raw, "has no place in a plugin");
    if (slot->ptr)
        return refuse_entry(err, path, raw, "is there twice");
    c->id = id;
    return read_bytes(t, entry, path, arena, slot, err);
}

static stella_status read_contents(const char *path, stella_arena *arena, contents *c, stella_error *err) {
    STELLA_AUTO(free_reader) tape t = {NULL, NULL};
    stella_status status = archive_library_open(&t.lib, err);
    if (status != STELLA_OK)
        return status;
    t.a = t.lib->read_new();
    if (!t.a || t.lib->read_support_format_tar(t.a) != ARCHIVE_OK ||
        t.lib->read_open_filename(t.a, path, BLOCK_BYTES) != ARCHIVE_OK)
        return stella_error_set(err, STELLA_E_FORMAT, path, "is no plugin archive: %s",
                                t.a ? t.lib->error_string(t.a) : "no memory");
    while (status == STELLA_OK) {
        struct archive_entry *entry;
        const int got = t.lib->read_next_header(t.a, &entry);
        if (got == ARCHIVE_EOF)
            return STELLA_OK;
        status = got == ARCHIVE_OK ? take_entry(&t, entry, path, arena, c, err)
                                   : stella_error_set(err, STELLA_E_FORMAT, path, "is no plugin archive: %s",
                                                      t.lib->error_string(t.a));
    }
    return status;
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
