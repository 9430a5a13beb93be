#include "plugin/folder.h"

#include "plugin/elf_check.h"
#include "plugin/files.h"
#include "plugin/path_safety.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

typedef struct place {
    const char *dir;
    int fd;
    stella_arena *arena;
} place;

/* Puts the file into an error that was made without knowing it; what was its path becomes part of the message. */
static stella_status in_file(stella_error *err, const stella_error *why, const char *path) {
    return stella_error_set(err, why->code, path, "%s%s%s", why->path, why->path[0] ? ": " : "", why->message);
}

/* missing  what it means that the file is not there, and what to do */
static stella_status open_file(const place *p, const char *name, const char *missing, const char **path, int *out_fd,
                               stella_error *err) {
    *path = files_join(p->dir, name, p->arena, err);
    if (!*path)
        return STELLA_E_NOMEM;
    const stella_status status = path_safety_open(p->fd, name, *path, out_fd, err);
    return status == STELLA_E_NOTFOUND ? stella_error_set(err, STELLA_E_NOTFOUND, *path, "%s", missing) : status;
}

static stella_status read_manifest(const place *p, plugin_manifest *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    const char *path;
    stella_sv json;
    stella_status status =
        open_file(p, FOLDER_MANIFEST, "there is no manifest; is this a plugin folder?", &path, &fd, err);
    if (status == STELLA_OK)
        status = files_read(fd, path, PLUGIN_MANIFEST_BYTES_MAX, p->arena, &json, err);
    if (status != STELLA_OK)
        return status;
    stella_error why = {0};
    status = plugin_manifest_parse(json, p->arena, out, &why);
    return status == STELLA_OK ? STELLA_OK : in_file(err, &why, path);
}

static stella_status check_signature(const place *p, const plugin_manifest *m, const trust *t, int64_t now_ms,
                                     const trust_anchor **anchor, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    const char *path;
    stella_sv envelope;
    stella_status status =
        open_file(p, FOLDER_SIGNATURE, "the plugin is not signed; run: stella plugin sign", &path, &fd, err);
    if (status == STELLA_OK)
        status = files_read(fd, path, FOLDER_SIGNATURE_BYTES_MAX, p->arena, &envelope, err);
    if (status != STELLA_OK)
        return status;
    stella_error why = {0};
    status = trust_check(t, m, envelope, now_ms, anchor, &why);
    return status == STELLA_OK ? STELLA_OK : in_file(err, &why, path);
}

static stella_status check_bytes(const plugin_manifest *m, const sealed *binary, const trust *t, uint32_t *init_count,
                                 stella_error *err) {
    if (binary->bytes.len != m->file_size || strcmp(binary->digest, m->file_digest) != 0)
        return stella_error_set(
            err, STELLA_E_DENIED, NULL,
            "is not the binary that was signed (%zu bytes, %.18s...); install it again or sign again",
            binary->bytes.len, binary->digest);
    if (trust_is_revoked(t, binary->digest))
        return stella_error_set(err, STELLA_E_DENIED, NULL, "this binary was revoked; install a newer version");
    elf_report report;
    const stella_status status = elf_check(binary->bytes, &report, err);
    if (status == STELLA_OK)
        *init_count = report.init_count;
    return status;
}

static stella_status check_binary(const place *p, const trust *t, folder *f, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    const char *path;
    stella_status status =
        open_file(p, f->manifest.file, "the binary named in plugin.json is missing", &path, &fd, err);
    if (status != STELLA_OK)
        return status;
    char name[160];
    snprintf(name, sizeof name, "stella:%s", f->manifest.id);
    status = sealed_copy(fd, name, PLUGIN_FILE_BYTES_MAX, path, &f->binary, err);
    if (status != STELLA_OK)
        return status;
    stella_error why = {0};
    status = check_bytes(&f->manifest, &f->binary, t, &f->init_count, &why);
    return status == STELLA_OK ? STELLA_OK : in_file(err, &why, path);
}

/* What is not read may have been revoked all the same. */
static stella_status take_digest(const place *p, const trust *t, folder *f, stella_error *err) {
    if (trust_is_revoked(t, f->manifest.file_digest)) {
        const char *path = files_join(p->dir, f->manifest.file, p->arena, err);
        return path ? stella_error_set(err, STELLA_E_DENIED, path, "this binary was revoked; install a newer version")
                    : STELLA_E_NOMEM;
    }
    snprintf(f->binary.digest, sizeof f->binary.digest, "%s", f->manifest.file_digest);
    return STELLA_OK;
}

stella_status folder_verify(const char *dir, const folder_rules *rules, const trust *t, int64_t now_ms,
                            stella_arena *arena, folder *out, stella_error *err) {
    static const folder_rules none = {.is_parent_safe = 0};
    rules = rules ? rules : &none;
    STELLA_AUTO(stella_fd_closep) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return stella_error_set(err, errno == ENOENT ? STELLA_E_NOTFOUND : STELLA_E_IO, dir, "cannot be opened: %s",
                                strerror(errno));
    const place p = {.dir = dir, .fd = fd, .arena = arena};
    STELLA_AUTO(folder_fini) folder f = FOLDER_NONE;
    stella_status status = rules->is_parent_safe ? path_safety_check_last(dir, err) : path_safety_check(dir, err);
    if (status == STELLA_OK)
        status = read_manifest(&p, &f.manifest, err);
    if (status == STELLA_OK)
        status = check_signature(&p, &f.manifest, t, now_ms, &f.anchor, err);
    const int is_needed = !rules->is_needed || (status == STELLA_OK && rules->is_needed(rules->self, &f.manifest));
    if (status == STELLA_OK)
        status = is_needed ? check_binary(&p, t, &f, err) : take_digest(&p, t, &f, err);
    if (status != STELLA_OK)
        return status;
    *out = f;
    f = (folder)FOLDER_NONE;
    return STELLA_OK;
}

void folder_fini(folder *f) {
    sealed_fini(&f->binary);
}
