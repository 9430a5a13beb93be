#include "plugin/package.h"

#include "plugin/files.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static stella_status failed(const char *path, const char *what, stella_error *err) {
    return stella_error_set(err, STELLA_E_IO, path, "%s: %s", what, strerror(errno));
}

/* ---- reading a folder ---- */

static stella_status read_file(const char *dir, const char *name, uint64_t bytes_max, stella_arena *arena,
                               stella_sv *out, stella_error *err) {
    const char *path = files_join(dir, name, arena, err);
    return path ? files_read_path(path, bytes_max, arena, out, err) : STELLA_E_NOMEM;
}

stella_status package_read_folder(const char *dir, stella_arena *arena, package *out, stella_error *err) {
    package p = {.signature = {0}};
    stella_sv json;
    stella_error why = {0};
    stella_status status = read_file(dir, FOLDER_MANIFEST, PLUGIN_MANIFEST_BYTES_MAX, arena, &json, err);
    if (status != STELLA_OK)
        return status;
    status = plugin_manifest_parse(json, arena, &p.manifest, &why);
    if (status != STELLA_OK)
        return stella_error_set(err, status, dir, FOLDER_MANIFEST ": %s: %s", why.path, why.message);
    status = read_file(dir, FOLDER_SIGNATURE, FOLDER_SIGNATURE_BYTES_MAX, arena, &p.signature, err);
    if (status == STELLA_OK)
        status = read_file(dir, p.manifest.file, PLUGIN_FILE_BYTES_MAX, arena, &p.binary, err);
    if (status == STELLA_OK)
        *out = p;
    return status;
}

/* ---- a plugin directory ---- */

/* Removes a folder that holds files only, no folders: what a plugin is. */
static stella_status remove_flat(const char *dir, stella_arena *arena, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return failed(dir, "cannot be opened", err);
    files_names list;
    const stella_status status = files_list(fd, dir, arena, &list, err);
    for (uint32_t i = 0; status == STELLA_OK && i < list.count; i++)
        if (unlinkat(fd, list.names[i], 0) != 0)
            return failed(dir, "cannot be emptied", err);
    if (status == STELLA_OK && rmdir(dir) != 0)
        return failed(dir, "cannot be removed", err);
    return status;
}

static stella_status write_file(const char *dir, const char *name, stella_sv bytes, unsigned mode, stella_arena *arena,
                                stella_error *err) {
    const char *path = files_join(dir, name, arena, err);
    return path ? files_write(path, bytes, mode, err) : STELLA_E_NOMEM;
}

static stella_status fill(const package *p, const char *dir, stella_arena *arena, stella_error *err) {
    if (chmod(dir, 0755) != 0)
        return failed(dir, "cannot be made readable", err);
    stella_status status = write_file(dir, p->manifest.file, p->binary, 0755, arena, err);
    if (status == STELLA_OK)
        status = write_file(dir, FOLDER_MANIFEST, p->manifest.json, 0644, arena, err);
    return status == STELLA_OK ? write_file(dir, FOLDER_SIGNATURE, p->signature, 0644, arena, err) : status;
}

/* Puts the staged folder into place; the one it replaces, if any, is where the staged one was. */
static stella_status swap_in(const char *staged, const char *place, int *replaced, stella_error *err) {
    *replaced = access(place, F_OK) == 0;
    const unsigned flags = *replaced ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    return renameat2(AT_FDCWD, staged, AT_FDCWD, place, flags) == 0 ? STELLA_OK
                                                                    : failed(place, "cannot be put into place", err);
}

static stella_status verify_and_swap(const package *p, const char *staged, const char *place, const trust *t,
                                     int64_t now_ms, stella_arena *arena, stella_error *err) {
    STELLA_AUTO(folder_fini) folder f = FOLDER_NONE;
    stella_status status = fill(p, staged, arena, err);
    if (status == STELLA_OK)
        status = folder_verify(staged, NULL, t, now_ms, arena, &f, err);
    int replaced = 0;
    if (status == STELLA_OK)
        status = swap_in(staged, place, &replaced, err);
    if (status != STELLA_OK || replaced)
        remove_flat(staged, arena, NULL);
    return status;
}

stella_status package_install(const package *p, const char *plugin_dir, const trust *t, int64_t now_ms,
                              stella_arena *arena, stella_error *err) {
    char staged[PATH_MAX];
    const int len = snprintf(staged, sizeof staged, "%s/.%s.XXXXXX", plugin_dir, p->manifest.id);
    const char *place = files_join(plugin_dir, p->manifest.id, arena, err);
    if (!place || len < 0 || (size_t)len >= sizeof staged)
        return stella_error_set(err, STELLA_E_LIMIT, plugin_dir, "the path is too long");
    const stella_status status = files_make_dirs(plugin_dir, 0, err);
    if (status != STELLA_OK)
        return status;
    if (!mkdtemp(staged))
        return failed(plugin_dir, "no folder can be made in it", err);
    return verify_and_swap(p, staged, place, t, now_ms, arena, err);
}

/* A folder with a manifest and nothing but files: never something else that --plugin-dir happened to lead to. */
stella_status package_remove(const char *plugin_dir, const char *id, stella_arena *arena, stella_error *err) {
    const char *place = files_join(plugin_dir, id, arena, err);
    const char *manifest = place ? files_join(place, FOLDER_MANIFEST, arena, err) : NULL;
    if (!manifest)
        return STELLA_E_NOMEM;
    if (!plugin_id_is_valid(stella_sv_cstr(id)) || access(manifest, F_OK) != 0)
        return stella_error_set(err, STELLA_E_NOTFOUND, plugin_dir, "holds no plugin %.100s", id);
    char doomed[PATH_MAX];
    const int len = snprintf(doomed, sizeof doomed, "%s/.%s.removed", plugin_dir, id);
    if (len < 0 || (size_t)len >= sizeof doomed)
        return stella_error_set(err, STELLA_E_LIMIT, plugin_dir, "the path is too long");
    if (rename(place, doomed) != 0) /* at once: a loader sees all of it or nothing */
        return failed(place, "cannot be removed", err);
    return remove_flat(doomed, arena, err);
}
